import { describe, expect, it } from 'vitest'
import { aroundLayout, gridLayout } from '../../src/model/stage'

const GAP = 12
const CAPTION = 32

describe('gridLayout', () => {
  const counts = Array.from({ length: 16 }, (_, index) => index + 1)
  const stages = [
    { width: 288, height: 528 }, { width: 706, height: 480 }, { width: 1328, height: 480 }, { width: 1328, height: 288 },
  ]

  it.each(stages.flatMap((stage) => counts.map((count) => ({ ...stage, count }))))(
    'fits $count pictures on $width × $height px',
    ({ width, height, count }) => {
      for (const aspect of [1, 2]) {
        const layout = gridLayout(count, { width, height, gap: GAP, caption: CAPTION }, aspect)
        const rows = Math.ceil(count / layout.columns)
        expect(layout.columns * layout.width + (layout.columns - 1) * GAP).toBeLessThanOrEqual(width)
        expect(rows * (layout.width / aspect + CAPTION) + (rows - 1) * GAP).toBeLessThanOrEqual(height)
      }
    },
  )

  it('hangs five in a row where it is wide, and in two columns on a phone', () => {
    expect(gridLayout(5, { width: 1328, height: 480, gap: GAP, caption: CAPTION }).columns).toBe(5)
    expect(gridLayout(5, { width: 288, height: 528, gap: GAP, caption: CAPTION })).toMatchObject({ columns: 2, width: 136 })
  })

  it('bears a stage without any room', () => {
    expect(gridLayout(5, { width: 0, height: 0, gap: GAP, caption: CAPTION }).width).toBe(0)
  })
})

describe('aroundLayout', () => {
  it('puts small pictures beside a large one where it is wide, and below it where it is high', () => {
    const wide = aroundLayout(6, { width: 1328, height: 480, gap: GAP })
    expect(wide).toEqual({ columns: 4, width: 234, large: 480 })
    const high = aroundLayout(6, { width: 288, height: 528, gap: GAP })
    expect(high).toEqual({ columns: 3, width: 88, large: 288 })
  })
})
