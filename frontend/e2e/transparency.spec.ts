import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { screenshot, test } from './fixtures'
import { serve, writeTransparentPainter, type Server } from './servers'

const PAINTING = 'A painting'
const COLOR_TYPE_OFFSET = 25 // in a PNG's header
const RGBA = 6

describe('pictures with transparency', () => {
  let folder: string
  let server: Server

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'painting-'))
    const painter = path.join(folder, 'cut-out.painter')
    await writeTransparentPainter(painter)
    server = await serve([painter, 'flowers'])
  })

  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })

  test('lie on a checkerboard, and are saved with their alpha', async ({ app }) => {
    app.address = server.address
    await app.open('?seed=7')
    await app.expectPictures(PAINTING)
    const frames = app.grid.locator('.framed')
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme })
      expect(await backdrop(frames.first())).toContain('conic-gradient')
      await screenshot(app, `transparency ${colorScheme}`)
    }
    expect(await app.grid.getByRole('img').first().evaluate((image) => getComputedStyle(image).opacity)).toBe('0')
    await expect.poll(() => alphaRange(frames.first().locator('canvas').first())).toEqual([0, 255])

    await app.button('Keep picture 1').click()
    const dialog = await app.openPicture(1)
    expect(await backdrop(dialog.locator('.framed'))).toContain('conic-gradient')
    const { content } = await app.download(dialog.getByRole('button', { name: 'Download PNG' }))
    expect(content[COLOR_TYPE_OFFSET]).toBe(RGBA)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await app.openMode('Gallery')
    const saved = app.page.getByRole('img', { name: PAINTING }).locator('..')
    expect(await backdrop(saved)).toContain('conic-gradient')
  })

  test('morph with their alpha', async ({ app }) => {
    app.address = server.address
    await app.open('?seed=7')
    await app.expectPictures(PAINTING)
    await app.openMode('Morph')
    const morph = app.page.getByTestId('morph').getByRole('img')
    for (const position of [0, 47, 50]) {
      await app.setSlider('Morph position', position)
      await expect.poll(() => alphaRange(morph)).toEqual([0, 255])
    }
    expect(await backdrop(morph)).toContain('conic-gradient')
    await screenshot(app, 'transparency morph')
  })

  test('and those without lie on none', async ({ app }) => {
    app.address = server.address
    await app.open('?painter=flowers&prompt=a+red+rose&seed=7')
    await app.expectPictures('a red rose')
    expect(await backdrop(app.grid.locator('.framed').first())).toBe('none')
    expect(await app.grid.getByRole('img').first().evaluate((image) => getComputedStyle(image).opacity)).toBe('1')
  })
})

async function backdrop(element: Locator): Promise<string> {
  return element.evaluate((found) => getComputedStyle(found).backgroundImage)
}

/** The smallest and the largest alpha of a canvas. */
async function alphaRange(canvas: Locator): Promise<[number, number]> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement
    const context = new OffscreenCanvas(width, height).getContext('2d')
    context?.drawImage(element as HTMLCanvasElement, 0, 0)
    const pixels = context?.getImageData(0, 0, width, height).data ?? []
    const alphas = [...pixels].filter((_, index) => index % 4 === 3)
    const [least, most] = alphas.reduce(([low, high], alpha) => [Math.min(low, alpha), Math.max(high, alpha)], [255, 0])
    return [least, most]
  })
}
