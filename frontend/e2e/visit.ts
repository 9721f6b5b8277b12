import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core'
import { expect, inject, test as base } from 'vitest'
import { Visitor } from './visitor'

const SEEN_WITHIN_MS = 60_000 // a bound for what hangs, never a measure
const FOLDER = process.env['PAINTING_SCREENSHOTS'] ?? fileURLToPath(new URL('../../build/screenshots', import.meta.url))

interface Fixtures {
  /** How the browser is set up. */
  options: BrowserContextOptions
  /** Somebody with a browser that nobody used before; at the end, nothing may have gone wrong unseen. */
  visitor: Visitor
}

export const test = base.extend<Fixtures>({
  options: { viewport: { width: 1280, height: 900 } },
  visitor: async ({ options, task }, use) => {
    const browser = await chromium.connect(inject('browser'))
    const context = await browser.newContext(options)
    context.setDefaultTimeout(SEEN_WITHIN_MS)
    const visitor = new Visitor(await context.newPage(), inject('address'))
    await listen(context, visitor)
    await use(visitor)
    if (task.result?.state === 'fail') await picture(visitor, `failed ${task.name}`)
    await browser.close()
    expect(visitor.complaints, 'what the page or the browser complained about').toEqual([])
  },
})

/** Keep a screenshot of all that the page holds. */
export async function picture(visitor: Visitor, name: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  const file = `${name.replace(/\W+/g, '-').slice(0, 100)}.png`
  await visitor.page.screenshot({ path: path.join(FOLDER, file), fullPage: true })
}

/** Note what should never happen: errors, warnings, what the page's own rules forbid, requests to elsewhere. */
async function listen(context: BrowserContext, visitor: Visitor): Promise<void> {
  context.on('weberror', (error) => visitor.note(String(error.error())))
  context.on('console', (message) => {
    // The browser notes failed requests by itself; whether one may fail is told by its answer below.
    if (!message.text().startsWith('Failed to load resource')) visitor.note(message.text())
  })
  context.on('response', (response) => visitor.noteStatus(response.status(), response.url()))
  context.on('request', (request) => visitor.noteRequest(request.url()))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`the page breaks its rule ${violatedDirective} with ${blockedURI}`)
    })
  })
}
