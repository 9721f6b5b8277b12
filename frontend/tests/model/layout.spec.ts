import { describe, expect, it } from 'vitest'
import { featuredLayout, gridLayout } from '../../src/model/layout'

const GAP_PX = 12
const CAPTION_PX = 32
const counts = Array.from({ length: 16 }, (_, index) => index + 1)
const areas = [
  { width: 288, height: 265 }, { width: 288, height: 528 }, { width: 706, height: 480 }, { width: 1000, height: 580 },
  { width: 1328, height: 288 }, { width: 2160, height: 1200 },
].map((area) => ({ ...area, gap: GAP_PX, caption: CAPTION_PX }))
const cases = areas.flatMap((area) => counts.map((count) => ({ ...area, count })))

describe('gridLayout', () => {
  it.each(cases)('fits $count pictures on $width × $height px', ({ count, ...area }) => {
    for (const aspect of [1, 2]) {
      const layout = gridLayout(count, area, aspect)
      const rows = Math.ceil(count / layout.columns)
      expect(layout.columns * layout.width + (layout.columns - 1) * GAP_PX).toBeLessThanOrEqual(area.width)
      expect(rows * (layout.width / aspect + CAPTION_PX) + (rows - 1) * GAP_PX).toBeLessThanOrEqual(area.height)
    }
  })

  it('accepts an area without any room', () => {
    expect(gridLayout(5, { width: 0, height: 0, gap: GAP_PX, caption: CAPTION_PX }).width).toBe(0)
  })
})

describe('featuredLayout', () => {
  it.each(cases)('fits a large picture and $count small ones on $width × $height px', ({ count, ...area }) => {
    const { beside, captioned, columns, largeWidth, width } = featuredLayout(count, area)
    const rows = Math.ceil(count / columns)
    const [smallWidth, smallHeight] = [columns * (width + GAP_PX), rows * (width + (captioned ? CAPTION_PX : 0) + GAP_PX) - GAP_PX]
    const [largeHeight, together] = [largeWidth + CAPTION_PX, largeWidth + CAPTION_PX + GAP_PX + smallHeight]
    expect(width).toBeGreaterThan(0)
    expect(width).toBeLessThanOrEqual(largeWidth)
    expect(beside ? largeWidth + smallWidth : Math.max(largeWidth, smallWidth - GAP_PX)).toBeLessThanOrEqual(area.width)
    expect(beside ? Math.max(largeHeight, smallHeight) : together).toBeLessThanOrEqual(area.height)
  })

  it.each([
    [{ width: 1000, height: 580 }, { beside: true, columns: 2, captioned: true }],
    [{ width: 288, height: 265 }, { beside: true, columns: 1, captioned: false }],
    [{ width: 288, height: 600 }, { beside: false, columns: 2, captioned: true }],
  ])('puts four small pictures on %j as %j', (size, layout) => {
    expect(featuredLayout(4, { ...size, gap: GAP_PX, caption: CAPTION_PX })).toMatchObject(layout)
  })

  it('gives all room to one picture alone, and none where there is none', () => {
    expect(featuredLayout(0, { width: 700, height: 500, gap: GAP_PX, caption: CAPTION_PX }).largeWidth).toBe(468)
    expect(featuredLayout(5, { width: 0, height: 0, gap: GAP_PX, caption: CAPTION_PX }).largeWidth).toBe(0)
  })
})
