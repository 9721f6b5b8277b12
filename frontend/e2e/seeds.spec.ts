import { describe, expect } from 'vitest'
import { test } from './fixtures'
import { DEFAULT_COUNT } from './appPage'

const ROSE = 'a red rose'
const TULIP = 'a yellow tulip'

describe('pins, held seeds and comparisons', () => {
  test('a pinned picture keeps its seed through new seeds and prompts', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    const roses = await app.expectPictures(ROSE)
    const seeds = await app.seeds()
    await app.button('Pin picture 2').click()
    expect(await app.button('Pin picture 2').getAttribute('aria-pressed')).toBe('true')
    await app.button('Paint others').click()
    const others = await app.expectOthersThan(roses)
    expect(others.map((picture, index) => picture === roses[index])).toEqual([false, true, false, false, false])
    await app.typePrompt(TULIP)
    await app.expectPictures(TULIP)
    expect((await app.seeds())[1]).toBe(seeds[1])
    await app.button('Pin picture 2').click()
    await app.button('Paint others').click()
    await expect.poll(async () => (await app.seeds())[1]).not.toBe(seeds[1])
  })

  test('with held seeds, Paint others repeats the pictures', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    const roses = await app.expectPictures(ROSE)
    await app.button('Hold seeds').click()
    await app.button('Paint others').click()
    await app.typePrompt(TULIP)
    await app.expectPictures(TULIP)
    await app.typePrompt(ROSE)
    expect(await app.expectPictures(ROSE)).toEqual(roses)
  })

  test('two prompts are compared with the same seeds', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    const roses = await app.expectPictures(ROSE)
    const seeds = await app.seeds()
    await app.openMode('Compare')
    await app.typePrompt(TULIP, app.page.getByRole('textbox', { name: 'Second prompt' }))
    const tulips = app.grid.getByRole('img', { name: `${TULIP}, picture` })
    await expect.poll(() => tulips.count()).toBe(DEFAULT_COUNT)
    const pairs = await app.pictures()
    expect(pairs.filter((_, index) => index % 2 === 0)).toEqual(roses)
    expect(new Set(pairs).size).toBe(2 * DEFAULT_COUNT)
    expect(await app.seeds()).toEqual(seeds)
    await app.openMode('Paint')
    await app.typePrompt(TULIP)
    expect(await app.expectPictures(TULIP)).toEqual(pairs.filter((_, index) => index % 2 === 1))
  })
})

describe('variations', () => {
  test('six variations of a picture change with the strength and the subseed', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    await app.expectPictures(ROSE)
    const [first] = await app.seeds()
    await (await app.openPicture(1)).getByRole('button', { name: 'More like this' }).click()
    const variations = app.page.getByTestId('variations')
    await expect.poll(() => variations.getByRole('button', { name: /^Open/ }).count()).toBe(7)
    const files = async (): Promise<string[]> => {
      return variations.locator('img').evaluateAll((found) => found.map((image) => (image as HTMLImageElement).src))
    }
    const seen = new Set(await files())
    expect(seen.size, 'the original and six variations').toBe(7)
    for (const [strength, count] of [[0.05, 13], [1, 19]] as const) {
      await app.setSlider('Variation strength', strength)
      await variations.getByRole('button', { name: `${ROSE}, variation 6 at strength ${strength}` }).waitFor()
      for (const file of await files()) seen.add(file)
      expect(seen.size, `six variations at ${strength}`).toBe(count)
    }
    await variations.getByRole('button', { name: /variation 1 at/ }).click()
    expect(await app.dialog.innerText()).toMatch(new RegExp(`Seed\\s+${first}\\s+Subseed\\s+\\d+\\s+Variation strength\\s+1\\s`))
    await app.dialog.getByRole('button', { name: 'Close' }).click()
    await app.button('New variations').click()
    await expect.poll(async () => (await files()).every((file, index) => seen.has(file) === (index === 0))).toBe(true)
    await app.button('Back').click()
    await app.expectPictures(ROSE)
  })
})
