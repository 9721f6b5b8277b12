import { describe, expect } from 'vitest'
import { test } from './visit'
import { USUAL_COUNT } from './visitor'

const ROSE = 'a red rose'
const TULIP = 'a yellow tulip'

describe('holding on to what one likes', () => {
  test('a pinned picture keeps its seed while others are painted anew and words change', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    const roses = await visitor.seesPictures(ROSE)
    const seeds = await visitor.seeds()
    await visitor.button('Pin picture 2').click()
    expect(await visitor.button('Pin picture 2').getAttribute('aria-pressed')).toBe('true')
    await visitor.button('Generate').click()
    const others = await visitor.seesOthersThan(roses)
    expect(others.map((picture, place) => picture === roses[place])).toEqual([false, true, false, false, false])
    await visitor.types(TULIP)
    await visitor.seesPictures(TULIP)
    expect((await visitor.seeds())[1]).toBe(seeds[1])
    await visitor.button('Pin picture 2').click()
    await visitor.button('Generate').click()
    await expect.poll(async () => (await visitor.seeds())[1]).not.toBe(seeds[1])
  })

  test('with the seeds kept, Generate paints what was there', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    const roses = await visitor.seesPictures(ROSE)
    await visitor.button('Keep seeds').click()
    await visitor.button('Generate').click()
    await visitor.types(TULIP)
    await visitor.seesPictures(TULIP)
    await visitor.types(ROSE)
    expect(await visitor.seesPictures(ROSE)).toEqual(roses)
  })

  test('words are compared picture by picture, with the same seeds', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    const roses = await visitor.seesPictures(ROSE)
    const seeds = await visitor.seeds()
    await visitor.goTo('Compare')
    await visitor.types(TULIP, visitor.page.getByRole('textbox', { name: 'Words to compare' }))
    const tulips = visitor.wall.getByRole('img', { name: TULIP, exact: true })
    await expect.poll(() => tulips.count()).toBe(USUAL_COUNT)
    const pairs = await visitor.pictures()
    expect(pairs.filter((_, place) => place % 2 === 0)).toEqual(roses)
    expect(new Set(pairs).size).toBe(2 * USUAL_COUNT)
    expect(await visitor.seeds()).toEqual(seeds)
    await visitor.goTo('Paint')
    await visitor.types(TULIP)
    expect(await visitor.seesPictures(TULIP)).toEqual(pairs.filter((_, place) => place % 2 === 1))
  })
})

describe('more like this', () => {
  test('around a picture lie others, the farther the more different, each with a link of its own', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    await visitor.seesPictures(ROSE)
    const [first] = await visitor.seeds()
    await (await visitor.opensPicture(1)).getByRole('button', { name: 'More like this' }).click()
    const near = visitor.page.getByTestId('near')
    await expect.poll(() => near.getByRole('button').count()).toBe(7)
    const files = async (): Promise<string[]> => {
      return near.locator('img').evaluateAll((found) => found.map((image) => (image as HTMLImageElement).src))
    }
    const seen = new Set(await files())
    expect(seen.size, 'the picture and six others').toBe(7)
    for (const [far, others] of [[0.05, 13], [1, 19]] as const) {
      await visitor.slides('How far', far)
      await near.getByRole('button', { name: `${ROSE}, ${far} of the way in direction 6` }).waitFor()
      for (const file of await files()) seen.add(file)
      expect(seen.size, `six others at ${far}`).toBe(others)
    }
    await near.getByRole('button', { name: /in direction 1$/ }).click()
    expect(await visitor.dialog.innerText()).toMatch(new RegExp(`Seed\\s+${first}\\s+Subseed\\s+\\d+\\s+How far\\s+1\\s`))
    await visitor.dialog.getByRole('button', { name: 'Close' }).click()
    await visitor.button('Other directions').click()
    await expect.poll(async () => (await files()).every((file, place) => seen.has(file) === (place === 0))).toBe(true)
    await visitor.button('Back to painting').click()
    await visitor.seesPictures(ROSE)
  })
})
