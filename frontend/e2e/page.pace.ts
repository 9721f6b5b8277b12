import { writeFile } from 'node:fs/promises'
import { chromium, type Browser, type Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'

const ROUNDS = Number(process.env['PAINTING_ROUNDS'] ?? 15)
const COLOURS = ['white', 'yellow', 'red', 'purple', 'orange', 'pink', 'blue', 'pale', 'dark', 'bright', 'small', 'large', 'open', 'wild', 'old']
const FLOWERS = ['daisy', 'tulip', 'rose', 'bluebell', 'sunflower', 'lily']

declare global {
  interface Window {
    /** Milliseconds since navigation at which the browser had shown pictures that were not there before. */
    shown: number[]
  }
}

test('how long pictures take', { timeout: 540_000 }, async () => {
  const browser = await chromium.connect(inject('browser'))
  const first: number[] = []
  const keys: number[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    const page = await watched(browser)
    await page.goto(inject('address'))
    const seen = await shownAfter(page, 0)
    const typed = await typing(page, `${COLOURS[round % COLOURS.length]} ${FLOWERS[round % FLOWERS.length]}`)
    await page.context().close()
    if (round === 0) continue // the server and the browser warm up
    first.push(seen)
    keys.push(...typed)
  }
  await browser.close()
  expect(first).toHaveLength(ROUNDS)
  await writeFile(process.env['PAINTING_FIGURES'] ?? 'figures.json', JSON.stringify({ first, keys }))
})

/** A page of its own, without anything remembered, that notes when its pictures change. */
async function watched(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  await page.addInitScript(() => {
    window.shown = []
    let before = ''
    const observer = new MutationObserver(() => {
      const images = [...document.querySelectorAll<HTMLImageElement>('[data-testid=wall] img')]
      const now = images.map(({ src }) => src).join()
      if (now === before) return
      before = now
      // The next frame draws them; a task after it runs when it is drawn.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => window.shown.push(performance.now())
        port2.postMessage(null)
      })
    })
    observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['src'] })
  })
  return page
}

/** When the first pictures after a moment were shown. */
async function shownAfter(page: Page, moment: number): Promise<number> {
  const found = await page.waitForFunction((least) => window.shown.find((at) => at > least), moment)
  return (await found.jsonValue()) ?? NaN
}

/** Add words letter by letter, each when the pictures of the one before are there: milliseconds from key to pictures. */
async function typing(page: Page, words: string): Promise<number[]> {
  const prompt = page.getByRole('textbox', { name: 'What shall be painted?' })
  await prompt.focus()
  await prompt.press('End')
  await page.evaluate(() => {
    window.addEventListener('keydown', ({ timeStamp }) => (document.documentElement.dataset['pressed'] = String(timeStamp)), true)
  })
  const took: number[] = []
  for (const letter of words.replaceAll(' ', '')) {
    await page.keyboard.press(letter)
    const pressed = Number(await page.evaluate(() => document.documentElement.dataset['pressed']))
    took.push((await shownAfter(page, pressed)) - pressed)
    await page.waitForTimeout(200) // the fading is over
  }
  return took
}
