import { describe, expect } from 'vitest'
import { test } from './visit'
import type { Visitor } from './visitor'

const ROSE = 'a red rose'
const TULIP = 'a yellow tulip'
const WAY = 'From the first picture to the second'

describe('morphs', () => {
  test('the slider leads from one prompt to another', async ({ visitor }) => {
    await morphs(visitor)
    const morph = visitor.page.getByTestId('morph')
    const seen = new Set<string>()
    const between = (share: number): string => `${share}% of the way from ${ROSE} to ${TULIP}`
    for (const [place, name] of [[0, ROSE], [30, between(30)], [70, between(70)], [100, TULIP]] as const) {
      await visitor.slides(WAY, place)
      const image = morph.getByRole('img', { name, exact: true })
      await image.waitFor()
      seen.add(await visitor.drawn(image))
    }
    expect(seen.size).toBe(4)
    await visitor.button('Go to the first picture').click()
    expect(await visitor.slider(WAY).inputValue()).toBe('0')
    await visitor.button('Play').click()
    await expect.poll(() => visitor.slider(WAY).inputValue()).not.toBe('0')
    await visitor.button('Pause').click()
    expect(await visitor.button('Play').count()).toBe(1)
  })

  test('a download is an animated WebP of many frames', async ({ visitor }) => {
    await morphs(visitor)
    const { name, content } = await visitor.downloads(visitor.button('Download WebP'))
    expect(name).toBe('a-red-rose-to-a-yellow-tulip.webp')
    const { frames, different } = await decoded(visitor, content)
    expect(frames).toBeGreaterThan(50)
    expect(different).toBeGreaterThan(25)
  })

  test('two pinned pictures are the ends; without words, seeds are', async ({ visitor }) => {
    await visitor.open('?painter=digits&seed=7')
    await visitor.seesPictures('A painting')
    await visitor.button('Pin picture 2').click()
    await visitor.button('Pin picture 4').click()
    await visitor.goTo('Morph')
    await visitor.slides(WAY, 0)
    await visitor.page.getByTestId('morph').getByRole('img', { name: 'seed 8', exact: true }).waitFor()
    await visitor.slides(WAY, 100)
    await visitor.page.getByTestId('morph').getByRole('img', { name: 'seed 10', exact: true }).waitFor()
    const seeds = ['From seed', 'To seed'].map((name) => visitor.page.getByRole('textbox', { name, exact: true }).inputValue())
    expect(await Promise.all(seeds)).toEqual(['8', '10'])
  })

  test('of a picture with itself there is none, and the page says so', async ({ visitor }) => {
    await morphs(visitor)
    await visitor.page.getByRole('textbox', { name: 'To', exact: true }).fill(ROSE)
    await visitor.page.getByText('Both ends are the same picture').waitFor()
    expect(await visitor.button('Download WebP').isDisabled()).toBe(true)
  })
})

/** Go from a rose to a tulip. */
async function morphs(visitor: Visitor): Promise<void> {
  await visitor.begin()
  await visitor.types(ROSE)
  await visitor.seesPictures(ROSE)
  await visitor.goTo('Morph')
  await visitor.types(TULIP, visitor.page.getByRole('textbox', { name: 'To', exact: true }))
  await visitor.slides(WAY, 100)
  await visitor.page.getByTestId('morph').getByRole('img', { name: TULIP, exact: true }).waitFor()
}

/** Decode a file with the browser's own decoder: how many frames it has, and how many of them differ. */
async function decoded(visitor: Visitor, file: Buffer): Promise<{ frames: number; different: number }> {
  return visitor.page.evaluate(async (base64) => {
    const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const decoder = new ImageDecoder({ data, type: 'image/webp' })
    await decoder.tracks.ready
    await decoder.completed
    const frames = decoder.tracks.selectedTrack?.frameCount ?? 0
    const different = new Set<string>()
    for (let frameIndex = 0; frameIndex < frames; frameIndex += 1) {
      const { image } = await decoder.decode({ frameIndex })
      const pixels = new Uint8Array(image.allocationSize())
      await image.copyTo(pixels)
      image.close()
      different.add(pixels.join())
    }
    return { frames, different: different.size }
  }, file.toString('base64'))
}
