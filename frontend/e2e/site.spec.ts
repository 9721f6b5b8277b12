import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { screenshot, test } from './fixtures'
import { serve, serveSite, type Server } from './servers'

const PAINTERS = ['flowers', 'digits', 'emoji'] as const
const PICTURES_A_PAINTER = 20
const MAX_MEAN_DIFFERENCE = 1
const MAX_DIFFERENCE = 8 // of all levels but a thousandth
const MAX_LARGE_SHARE = 0.001
const COMPARISON_TIMEOUT_MS = 600_000
const ROSE = 'a red rose'

/** How two pictures differ: the mean difference of their levels, alpha included, and the share of large ones. */
async function differenceOf(page: Page, one: string, other: string): Promise<{ mean: number; largeShare: number }> {
  return page.evaluate(async ([sources, maximum]) => {
    const [levels = [], others = []] = await Promise.all(sources.map(async (source) => {
      const image = new Image()
      image.src = source
      await image.decode()
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
      context?.drawImage(image, 0, 0)
      return [...(context?.getImageData(0, 0, image.width, image.height).data ?? [])]
    }))
    const differences = levels.map((level, place) => Math.abs(level - (others[place] ?? NaN)))
    const sum = differences.reduce((total, difference) => total + difference, 0)
    return { mean: sum / levels.length, largeShare: differences.filter((difference) => difference > maximum).length / levels.length }
  }, [[one, other], MAX_DIFFERENCE] as const)
}

describe('the same pictures as a server’s', () => {
  let server: Server
  let site: Server

  beforeAll(async () => {
    server = await serve(PAINTERS)
    site = await serveSite(PAINTERS)
  })

  afterAll(async () => {
    await server.stop()
    await site.stop()
  })

  test('60 pictures of three painters differ by a level at most', { timeout: COMPARISON_TIMEOUT_MS }, async ({ app }) => {
    app.address = site.address
    await app.openReady()
    const painters = await app.page.evaluate(async () => (await (await fetch('site.json')).json()).painters as { name: string; example_prompts: string[] }[])
    for (const { name, example_prompts: prompts } of painters) {
      for (let number = 0; number < PICTURES_A_PAINTER; number += 5) {
        const prompt = prompts[number % Math.max(prompts.length, 1)]
        const query = new URLSearchParams({ seed: String(1000 + number), painter: name, count: '5', ...(prompt && { prompt }) })
        await app.open(`?${query}`)
        const sources = await ownPictures(app.page)
        const request = new URLSearchParams({ seed: String(1000 + number), model: name, count: '5', ...(prompt && { input: prompt }) })
        const theirs = await fetch(`${server.address}/?${request}`, { headers: { Accept: 'application/json' } })
        const { images } = (await theirs.json()) as { images: string[] }
        for (const [index, source] of sources.entries()) {
          const { largeShare, mean } = await differenceOf(app.page, source, `data:image/png;base64,${images[index]}`)
          expect(mean, `${name}, ${prompt}, ${index}`).toBeLessThanOrEqual(MAX_MEAN_DIFFERENCE)
          expect(largeShare, `${name}, ${prompt}, ${index}`).toBeLessThanOrEqual(MAX_LARGE_SHARE)
        }
      }
    }
  })
})

async function ownPictures(page: Page): Promise<string[]> {
  await page.locator('[data-testid=pictures][aria-busy=false] img').nth(4).waitFor()
  return page.locator('[data-testid=pictures] img').evaluateAll((images) => images.map((image) => (image as HTMLImageElement).src))
}

describe('a static site', () => {
  test('paints its first example from a few files of its own, and says what it loads', async ({ app }) => {
    const sizes = new Map<string, number>()
    app.page.on('response', (response) => void response.body().then((body) => sizes.set(response.url(), body.length)).catch(() => undefined))
    await app.openReady()
    const bytes = [...sizes].filter(([url]) => !url.includes('/encoders/')).reduce((sum, [, size]) => sum + size, 0)
    expect(bytes).toBeLessThan(13e6)
    expect([...sizes.keys()].every((url) => url.startsWith(app.address))).toBe(true)
    await screenshot(app, 'static site')
  })

  test('opens and paints offline after the first visit, also words that were never typed', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    const roses = await app.expectPictures(ROSE)
    await app.page.evaluate(() => navigator.serviceWorker.ready)
    await app.page.reload()
    await app.expectPictures(ROSE)
    await app.page.context().setOffline(true)
    await app.page.reload()
    expect(await app.expectPictures(ROSE)).toEqual(roses)
    await app.typePrompt('a purple tulip')
    await app.expectPictures('a purple tulip')
  })

  test('says what it does not know, as a server does', async ({ app }) => {
    await app.openReady()
    await app.typePrompt('an elephant')
    await app.page.getByText(/far from everything the painter was trained on/).waitFor()
    await app.prompt.fill('???')
    await app.alert.filter({ hasText: 'knows no word of the prompt' }).waitFor()
  })

  test('paints into a page of somebody’s own by a module of ten lines', async ({ app }) => {
    const example = await readFile(fileURLToPath(new URL('../../examples/embed.html', import.meta.url)), 'utf8')
    await app.page.route(`${app.address}/embed.html`, (route) => route.fulfill({ contentType: 'text/html', body: example }))
    await app.page.goto(`${app.address}/embed.html`)
    const image = app.page.locator('img[src^="data:image/png"]')
    await image.waitFor()
    const rose = await image.getAttribute('src')
    await app.page.getByRole('textbox', { name: 'Prompt' }).fill('a yellow tulip')
    await app.page.getByRole('button', { name: 'Paint' }).click()
    await expect.poll(() => image.getAttribute('src')).not.toBe(rose)
  })

  test('asks before it loads the text encoder where data is to be saved', async ({ app }) => {
    const encoders: string[] = []
    app.page.on('request', (request) => request.url().includes('/encoders/') && encoders.push(request.url()))
    await app.page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }))
    await app.openReady()
    await app.typePrompt('a purple iris')
    const load = app.page.getByRole('button', { name: /^Load it, \d+ MB$/ })
    await load.waitFor()
    expect(encoders).toEqual([])
    await load.click()
    await app.expectPictures('a purple iris')
  })

  test('a damaged file is refused in a sentence, and a reload with the right one paints', async ({ app }) => {
    app.allowFailures()
    await app.page.route('**/painters/flowers-*.painter', async (route) => {
      const body = await (await route.fetch()).body()
      body[1000] = (body[1000] ?? 0) ^ 1
      await route.fulfill({ body })
    })
    await app.open()
    await app.alert.filter({ hasText: 'is not the one that this page was made with' }).waitFor()
    await app.page.unroute('**/painters/flowers-*.painter')
    await app.openReady()
  })

  test('a browser without SIMD is told so', async ({ app }) => {
    await app.page.route('**/assets/worker-*.js', async (route) => {
      const body = await (await route.fetch()).text()
      await route.fulfill({ contentType: 'text/javascript', body: `WebAssembly.validate = () => false;${body}` })
    })
    await app.open()
    await app.alert.filter({ hasText: 'its WebAssembly has no SIMD instructions' }).waitFor()
  })
})
