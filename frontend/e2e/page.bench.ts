import { writeFile } from 'node:fs/promises'
import { chromium, type Browser, type Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'

const ROUND_COUNT = Number(process.env['PAINTING_ROUNDS'] ?? 15)
const ADJECTIVES = [
  ...['white', 'yellow', 'red', 'purple', 'orange', 'pink', 'blue', 'pale'],
  ...['dark', 'bright', 'small', 'large', 'open', 'wild', 'old'],
]
const FLOWERS = ['daisy', 'tulip', 'rose', 'bluebell', 'sunflower', 'lily']

declare global {
  interface Window {
    /** Milliseconds from navigation to each frame that drew new pictures. */
    paintTimes: number[]
  }
}

test('latency of pictures', { timeout: 540_000 }, async () => {
  const browser = await chromium.connect(inject('browser'))
  const first: number[] = []
  const keys: KeyLatency[] = []
  for (let round = 0; round <= ROUND_COUNT; round += 1) {
    const page = await observedPage(browser)
    await page.goto(inject('address'))
    const firstMs = await paintTimeAfter(page, 0)
    // An engine in the browser goes on loading its text encoder, which is no part of a key's latency.
    await page.waitForFunction(() => !document.querySelector('.status')?.textContent.startsWith('Loading'))
    await page.waitForSelector('[data-testid=pictures][aria-busy=false]')
    const keyMs = await typePrompt(page, `${ADJECTIVES[round % ADJECTIVES.length]} ${FLOWERS[round % FLOWERS.length]}`)
    await page.context().close()
    if (round === 0) continue // warm-up of the server and the browser
    first.push(firstMs)
    keys.push(...keyMs)
  }
  await browser.close()
  expect(first).toHaveLength(ROUND_COUNT)
  const figures = { first, keys: keys.map(({ firstMs }) => firstMs), grids: keys.map(({ gridMs }) => gridMs) }
  await writeFile(process.env['PAINTING_FIGURES'] ?? 'figures.json', JSON.stringify(figures))
})

/** Milliseconds from a key press to the first new picture, and to the last one of the grid. */
interface KeyLatency {
  readonly firstMs: number
  readonly gridMs: number
}

/** A page in a fresh context that records when its pictures change. */
async function observedPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  await page.addInitScript(() => {
    window.paintTimes = []
    let before = ''
    const observer = new MutationObserver(() => {
      const images = [...document.querySelectorAll<HTMLImageElement>('[data-testid=pictures] img')]
      const now = images.map(({ src }) => src).join()
      if (now === before) return
      before = now
      // The next frame draws them; a message task posted in it runs once it is drawn.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => window.paintTimes.push(performance.now())
        port2.postMessage(null)
      })
    })
    observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['src'] })
  })
  return page
}

/** The time of the first new pictures after `startMs`. */
async function paintTimeAfter(page: Page, startMs: number): Promise<number> {
  const found = await page.waitForFunction((start) => window.paintTimes.find((time) => time > start), startMs)
  return (await found.jsonValue()) ?? NaN
}

/** Types letter by letter, waiting for all pictures after each. */
async function typePrompt(page: Page, text: string): Promise<KeyLatency[]> {
  const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true })
  await prompt.focus()
  await prompt.press('End')
  await page.evaluate(() => {
    window.addEventListener('keydown', ({ timeStamp }) => (document.documentElement.dataset['pressed'] = String(timeStamp)), true)
  })
  const latencies: KeyLatency[] = []
  for (const letter of text.replaceAll(' ', '')) {
    await page.keyboard.press(letter)
    const pressed = Number(await page.evaluate(() => document.documentElement.dataset['pressed']))
    const firstMs = (await paintTimeAfter(page, pressed)) - pressed
    await page.waitForSelector('[data-testid=pictures][aria-busy=false]')
    await page.waitForTimeout(200) // until the crossfade has ended
    const gridMs = (await page.evaluate(() => window.paintTimes.at(-1) ?? NaN)) - pressed
    latencies.push({ firstMs, gridMs })
  }
  return latencies
}
