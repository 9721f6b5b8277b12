import type { Locator } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { AppPage } from './appPage'
import { screenshot, test } from './fixtures'

const ROSE = 'a red rose'
const WORDS = 'If one word were another'
const STRENGTHS = 'If the words counted less, or more'
const SEEDS = 'If the seed were another'
const READING = 'What the painter reads'

describe('Learn', () => {
  test('changes one word, the strength or the seed, and goes on from what is chosen', async ({ app }) => {
    await app.open(`?prompt=${ROSE}&seed=7`)
    await app.expectPictures(ROSE)
    await app.openMode('Learn')
    const words = await expectPictures(app, WORDS, 7)
    const strengths = await expectPictures(app, STRENGTHS, 7)
    await expectPictures(app, SEEDS, 7)
    expect(await currents(app)).toEqual(['red', '1', '7'])

    await app.button('a white rose').click()
    await expect.poll(() => app.prompt.inputValue()).toBe('a white rose')
    await expect.poll(() => currents(app)).toEqual(['white', '1', '7'])
    await expect.poll(() => app.learnPictures(app.strip(STRENGTHS))).not.toEqual(strengths)
    expect(await app.learnPictures(app.strip(WORDS))).toEqual(words)

    await app.button('Strength 0.5').click()
    await app.button('Seed 7, 25% towards 9').click()
    await expect.poll(() => currents(app)).toEqual(['white', '0.5', '25% towards 9'])
    await expect.poll(() => app.page.url()).toMatch(/prompt=a\+white\+rose&seed=7&strength=0\.5&subseed=9&subseed_strength=0\.25&view=learn$/)
  })

  test('is restored by a reload and by Back', async ({ app }) => {
    await app.open(`?view=learn&prompt=${ROSE}&seed=7`)
    const words = await expectPictures(app, WORDS, 7)
    await app.strip(WORDS).getByRole('button', { name: 'rose', exact: true }).click()
    await expect.poll(() => app.page.url()).toContain('word=species')
    await expect.poll(() => app.learnPictures(app.strip(WORDS))).not.toEqual(words)
    await app.button('Strength 0').click()
    await expect.poll(() => currents(app)).toEqual(['rose', '0', '7'])
    await expect.poll(() => app.page.url()).toContain('strength=0')
    const before = await settledPictures(app)
    await app.page.reload()
    await expect.poll(() => app.learnPictures()).toEqual(before)
    await app.button('Back').click()
    await expect.poll(() => currents(app)).toEqual(['rose', '1', '7'])
  })

  test('follows typing: its pictures, its numbers and their nearest captions', async ({ app }) => {
    await app.open(`?view=learn&prompt=${ROSE}&seed=7`)
    await expectPictures(app, WORDS, 7)
    const numbers = await cells(app)
    expect(numbers).toHaveLength(384)
    expect(await nearest(app).first().textContent()).toBe(ROSE)
    const pictures = await settledPictures(app)
    await app.typePrompt('a yellow tulip')
    await expect.poll(() => nearest(app).first().textContent()).toBe('a yellow tulip')
    expect(await cells(app)).not.toEqual(numbers)
    await expect.poll(async () => (await app.learnPictures()).filter((picture) => pictures.includes(picture))).toEqual([])
    await nearest(app).last().click()
    await expect.poll(() => app.prompt.inputValue()).not.toBe('a yellow tulip')
  })

  test('needs no mouse, and says what it shows', async ({ app }) => {
    await app.open(`?view=learn&prompt=${ROSE}&seed=7`)
    await expectPictures(app, SEEDS, 7)
    await app.page.getByRole('status').getByText('One picture of “a red rose”, and beside it 7 words, 7 strengths, 7 seeds.').waitFor()
    await app.button('a white rose').focus()
    await app.page.keyboard.press('Enter')
    await expect.poll(() => currents(app)).toEqual(['white', '1', '7'])
    expect(await app.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('a white rose')
    await app.button('Open a white rose').press('Enter')
    await app.dialog.getByText('Picture 1 of 1').waitFor()
    await app.page.keyboard.press('Escape')
    await app.button('Another seed').press('Enter')
    await expect.poll(() => app.page.url()).not.toContain('seed=7&')
    expect(await app.slider('Variation strength').inputValue()).toBe('0.25')
  })

  test('shows a painter without prompts its seeds alone', async ({ app }) => {
    await app.open('?view=learn&painter=digits&seed=7')
    await expectPictures(app, SEEDS, 7)
    expect(await app.page.getByTestId('learn').getByRole('heading').allTextContents()).toEqual([SEEDS])
    await app.setSlider('Variation strength', 1)
    await app.button('Seed 8').click()
    await expect.poll(() => app.page.url()).toContain('seed=8')
    await expect.poll(() => currents(app)).toEqual(['8'])
  })

  test('fits every window', async ({ app }) => {
    await app.open(`?view=learn&prompt=${ROSE}&seed=7`)
    await expectPictures(app, SEEDS, 7)
    for (const width of [360, 768, 1440, 2560]) {
      await app.page.setViewportSize({ width, height: width === 2560 ? 1440 : 900 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await app.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        expect(await app.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `at ${width} px`).toBe(true)
        await screenshot(app, `learn ${width} ${colorScheme}`)
      }
    }
  })
})

/** Waits until a strip has all its pictures; a digest of each. */
async function expectPictures(app: AppPage, title: string, count: number): Promise<string[]> {
  const strip = app.strip(title)
  await expect.poll(() => app.learnPictures(strip).then((pictures) => pictures.length)).toBe(count)
  await expect.poll(() => strip.getByRole('list').getAttribute('aria-busy')).toBe('false')
  return app.learnPictures(strip)
}

/** The pictures of all strips, once none is on its way. */
async function settledPictures(app: AppPage): Promise<string[]> {
  const busy = app.page.getByTestId('learn').locator('[aria-busy=true]')
  await expect.poll(() => busy.count()).toBe(0)
  return app.learnPictures()
}

/** What the strips mark as on screen. */
async function currents({ page }: AppPage): Promise<string[]> {
  return page.getByTestId('learn').locator('[aria-current]').allTextContents()
}

function nearest(app: AppPage): Locator {
  return app.strip(READING).getByRole('button')
}

async function cells(app: AppPage): Promise<(string | null)[]> {
  const found = app.strip(READING).locator('.cells i')
  return found.evaluateAll((elements) => elements.map((element) => `${element.className} ${element.getAttribute('style')}`))
}
