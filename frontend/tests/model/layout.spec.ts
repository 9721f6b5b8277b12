import { describe, expect, it } from 'vitest'
import { featuredLayout, gridLayout } from '../../src/model/layout'

const GAP_PX = 12
const CAPTION_PX = 32

describe('gridLayout', () => {
  const counts = Array.from({ length: 16 }, (_, index) => index + 1)
  const areas = [
    { width: 288, height: 528 }, { width: 706, height: 480 }, { width: 1328, height: 480 }, { width: 1328, height: 288 },
  ]

  it.each(areas.flatMap((area) => counts.map((count) => ({ ...area, count }))))(
    'fits $count pictures on $width × $height px',
    ({ width, height, count }) => {
      for (const aspect of [1, 2]) {
        const layout = gridLayout(count, { width, height, gap: GAP_PX, caption: CAPTION_PX }, aspect)
        const rows = Math.ceil(count / layout.columns)
        expect(layout.columns * layout.width + (layout.columns - 1) * GAP_PX).toBeLessThanOrEqual(width)
        expect(rows * (layout.width / aspect + CAPTION_PX) + (rows - 1) * GAP_PX).toBeLessThanOrEqual(height)
      }
    },
  )

  it('puts five pictures in a row where it is wide, and in two columns on a phone', () => {
    expect(gridLayout(5, { width: 1328, height: 480, gap: GAP_PX, caption: CAPTION_PX }).columns).toBe(5)
    expect(gridLayout(5, { width: 288, height: 528, gap: GAP_PX, caption: CAPTION_PX })).toMatchObject({ columns: 2, width: 136 })
  })

  it('accepts an area without any room', () => {
    expect(gridLayout(5, { width: 0, height: 0, gap: GAP_PX, caption: CAPTION_PX }).width).toBe(0)
  })
})

describe('featuredLayout', () => {
  it('puts small pictures beside the large one in a wide area, and below it in a tall one', () => {
    const wide = featuredLayout(6, { width: 1328, height: 480, gap: GAP_PX })
    expect(wide).toEqual({ columns: 4, width: 234, largeWidth: 480 })
    const tall = featuredLayout(6, { width: 288, height: 528, gap: GAP_PX })
    expect(tall).toEqual({ columns: 3, width: 88, largeWidth: 288 })
  })
})
