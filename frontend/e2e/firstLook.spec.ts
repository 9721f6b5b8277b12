import { describe, expect } from 'vitest'
import { test } from './fixtures'
import type { AppPage } from './appPage'

const MAX_LAYOUT_SHIFT = 0.02
const KEYBOARD_TOP_PX = 430 // of a phone 740 px high

declare global {
  interface Window {
    layoutShift: number
  }
}

describe('the first look', () => {
  test('pictures fill the window, without a jump, at every width', async ({ app }) => {
    await app.page.addInitScript(() => {
      window.layoutShift = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.layoutShift += (entry as PerformanceEntry & { value: number }).value
      }).observe({ type: 'layout-shift', buffered: true })
    })
    for (const [width, height, share] of [[1280, 800, 0.45], [2560, 1440, 0.35], [768, 1024, 0.35], [360, 740, 0.25], [320, 640, 0.25]] as const) {
      await app.page.setViewportSize({ width, height })
      await app.openReady()
      expect(await app.page.evaluate(() => window.layoutShift), `shift at ${width} px`).toBeLessThanOrEqual(MAX_LAYOUT_SHIFT)
      const boxes = await pictureBoxes(app)
      const area = boxes.reduce((sum, box) => sum + seen(box.left, box.right, width) * seen(box.top, box.bottom, height), 0)
      expect(area / width / height, `share of the pictures at ${width} px`).toBeGreaterThan(share)
      expect(Math.max(...boxes.map((box) => box.right)), `right edge at ${width} px`).toBeLessThanOrEqual(width)
      if (width === 360) expect(boxes.filter(({ bottom }) => bottom <= KEYBOARD_TOP_PX).length).toBeGreaterThanOrEqual(4)
      const pageSize = await app.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])
      if (width >= 1280) expect(pageSize, 'no scrolling').toEqual([width, height])
    }
  })

  test('what is painted best comes first, then one of each kind, and a line says how many there are', async ({ app }) => {
    await app.openReady()
    const examples = await app.page.getByRole('region', { name: 'Try' }).getByRole('button').allInnerTexts()
    expect(await app.prompt.inputValue()).toBe(examples[0])
    expect(examples[0]).toMatch(/sunflower|daisy|dandelion/)
    const kinds = examples.map((example) => /sunflower|daisy|dandelion|rose|tulip|iris|lily|buttercup|coltsfoot|fritillary/.exec(example)?.[0])
    expect(new Set(kinds).size).toBe(8)
    await app.page.getByText('flowers: 14 species, 7 colors.').waitFor()
  })

  test('the large picture has no staircase edges: its pixels differ from row to row', async ({ app }) => {
    await app.openReady()
    const repeated = await app.grid.locator('canvas').first().evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement
      const context = new OffscreenCanvas(width, height).getContext('2d')
      context?.drawImage(canvas as HTMLCanvasElement, 0, 0)
      const { data } = context?.getImageData(0, 0, width, height) ?? { data: [] }
      const row = (y: number): string => Array.from(data.slice(4 * width * y, 4 * width * (y + 1))).join()
      return Array.from({ length: height - 1 }, (_, y) => row(y) === row(y + 1)).filter(Boolean).length / height
    })
    expect(repeated).toBeLessThan(0.02)
    const [box] = await pictureBoxes(app)
    expect(await app.grid.locator('canvas').first().evaluate((canvas) => (canvas as HTMLCanvasElement).width)).toBeGreaterThanOrEqual(box?.width ?? 0)
  })
})

async function pictureBoxes({ grid }: AppPage): Promise<DOMRect[]> {
  return grid.locator('.framed').evaluateAll((found) => found.map((picture) => picture.getBoundingClientRect().toJSON() as DOMRect))
}

/** How much of an extent is within the window. */
function seen(start: number, end: number, size: number): number {
  return Math.max(0, Math.min(end, size) - Math.max(start, 0))
}
