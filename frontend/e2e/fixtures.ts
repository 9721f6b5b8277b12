import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core'
import { expect, inject, test as base } from 'vitest'
import { AppPage } from './appPage'

const ACTION_TIMEOUT_MS = 60_000 // only stops what hangs; not a performance budget
const SCREENSHOT_FOLDER = process.env['PAINTING_SCREENSHOTS'] ?? fileURLToPath(new URL('../../build/screenshots', import.meta.url))

interface Fixtures {
  /** Options of the browser context. */
  options: BrowserContextOptions
  /** The page in a fresh browser context; the test fails if the page or the browser reported a problem. */
  app: AppPage
}

export const test = base.extend<Fixtures>({
  options: { viewport: { width: 1280, height: 900 } },
  app: async ({ options, task }, use) => {
    const browser = await chromium.connect(inject('browser'))
    const context = await browser.newContext(options)
    context.setDefaultTimeout(ACTION_TIMEOUT_MS)
    const app = new AppPage(await context.newPage(), inject('address'))
    await watchProblems(context, app)
    await use(app)
    if (task.result?.state === 'fail') await screenshot(app, `failed ${task.name}`)
    await browser.close()
    expect(app.problems, 'problems of the page or the browser').toEqual([])
  },
})

/** Saves a screenshot of the full page. */
export async function screenshot(app: AppPage, name: string): Promise<void> {
  await mkdir(SCREENSHOT_FOLDER, { recursive: true })
  const file = `${name.replace(/\W+/g, '-').slice(0, 100)}.png`
  await app.page.screenshot({ path: path.join(SCREENSHOT_FOLDER, file), fullPage: true })
}

/** Notes problems: errors, warnings, violations of the content security policy, requests to other origins. */
async function watchProblems(context: BrowserContext, app: AppPage): Promise<void> {
  context.on('weberror', (error) => app.note(String(error.error())))
  context.on('console', (message) => {
    // Failed requests are checked by their responses below.
    if (!message.text().startsWith('Failed to load resource')) app.note(message.text())
  })
  context.on('response', (response) => app.noteStatus(response.status(), response.url()))
  context.on('request', (request) => app.noteRequest(request.url()))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`content security policy: ${violatedDirective} blocked ${blockedURI}`)
    })
  })
}
