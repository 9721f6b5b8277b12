import { describe, expect } from 'vitest'
import { test } from './fixtures'
import type { AppPage } from './appPage'

const ROSE = 'a red rose'
const TULIP = 'a yellow tulip'
const SLIDER_NAME = 'Morph position'

describe('morphs', () => {
  test('the slider moves from one prompt to another', async ({ app }) => {
    await openMorph(app)
    const morph = app.page.getByTestId('morph')
    const seen = new Set<string>()
    const between = (percent: number): string => `${percent}% from ${ROSE} to ${TULIP}`
    for (const [position, name] of [[0, ROSE], [30, between(30)], [70, between(70)], [100, TULIP]] as const) {
      await app.setSlider(SLIDER_NAME, position)
      const image = morph.getByRole('img', { name, exact: true })
      await image.waitFor()
      seen.add(await app.canvasDigest(image))
    }
    expect(seen.size).toBe(4)
    await app.button('Go to the first picture').click()
    expect(await app.slider(SLIDER_NAME).inputValue()).toBe('0')
    await app.button('Play').click()
    await expect.poll(() => app.slider(SLIDER_NAME).inputValue()).not.toBe('0')
    await app.button('Pause').click()
    expect(await app.button('Play').count()).toBe(1)
  })

  test('the download is an animated WebP of many frames', async ({ app }) => {
    await openMorph(app)
    const { name, content } = await app.download(app.button('Download WebP'))
    expect(name).toBe('a-red-rose-to-a-yellow-tulip.webp')
    const { frames, different } = await decode(app, content)
    expect(frames).toBeGreaterThan(50)
    expect(different).toBeGreaterThan(25)
  })

  test('the download is an MP4 that goes forwards and backwards, where the browser encodes video', async ({ app }) => {
    await openMorph(app)
    const button = app.button('Download MP4')
    const encodes = await app.page.evaluate(() => 'VideoEncoder' in window)
    await expect.poll(() => button.count()).toBe(encodes ? 1 : 0)
    if (!encodes) return
    const { name, content } = await app.download(button)
    expect(name).toBe('a-red-rose-to-a-yellow-tulip.mp4')
    expect(await playedVideo(app, content)).toEqual({ seconds: 4.8, width: 640, height: 640, different: 4 })
  })

  test('two pinned pictures are the ends, also for a painter without prompts', async ({ app }) => {
    await app.open('?painter=digits&seed=7')
    await app.expectPictures('A painting')
    await app.button('Pin picture 2').click()
    await app.button('Pin picture 4').click()
    await app.openMode('Morph')
    await app.setSlider(SLIDER_NAME, 0)
    await app.page.getByTestId('morph').getByRole('img', { name: 'seed 8', exact: true }).waitFor()
    await app.setSlider(SLIDER_NAME, 100)
    await app.page.getByTestId('morph').getByRole('img', { name: 'seed 10', exact: true }).waitFor()
    const seeds = ['From seed', 'To seed'].map((name) => app.page.getByRole('textbox', { name, exact: true }).inputValue())
    expect(await Promise.all(seeds)).toEqual(['8', '10'])
  })

  test('a morph with two equal ends is refused', async ({ app }) => {
    await openMorph(app)
    await app.page.getByRole('textbox', { name: 'To', exact: true }).fill(ROSE)
    await app.page.getByText('Both ends are the same picture').waitFor()
    expect(await app.button('Download WebP').isDisabled()).toBe(true)
  })
})

/** Opens a morph from a rose to a tulip. */
async function openMorph(app: AppPage): Promise<void> {
  await app.openReady()
  await app.typePrompt(ROSE)
  await app.expectPictures(ROSE)
  await app.openMode('Morph')
  await app.typePrompt(TULIP, app.page.getByRole('textbox', { name: 'To', exact: true }))
  await app.setSlider(SLIDER_NAME, 100)
  await app.page.getByTestId('morph').getByRole('img', { name: TULIP, exact: true }).waitFor()
}

/** Plays a video on a page of its own, whose policy allows it: its length, its size, and different ones of four frames. */
async function playedVideo(app: AppPage, file: Buffer): Promise<Record<string, number>> {
  const page = await app.page.context().newPage()
  return page.evaluate(async (source) => {
    const video = document.createElement('video')
    video.muted = true
    video.src = source
    await new Promise((resolve) => video.addEventListener('loadeddata', resolve, { once: true }))
    const context = new OffscreenCanvas(64, 64).getContext('2d', { willReadFrequently: true })
    const different = new Set<string>()
    for (const seconds of [0.1, 0.8, 1.6, 2.4]) {
      video.currentTime = seconds
      await new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }))
      context?.drawImage(video, 0, 0, 64, 64)
      different.add(context?.getImageData(0, 0, 64, 64).data.join() ?? '')
    }
    const seconds = Math.round(10 * video.duration) / 10
    return { seconds, width: video.videoWidth, height: video.videoHeight, different: different.size }
  }, `data:video/mp4;base64,${file.toString('base64')}`)
}

/** Decodes a file with the browser's decoder: the number of frames, and of different ones. */
async function decode(app: AppPage, file: Buffer): Promise<{ frames: number; different: number }> {
  return app.page.evaluate(async (base64) => {
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
