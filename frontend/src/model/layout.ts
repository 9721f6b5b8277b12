/** Layouts of pictures in an area of fixed size, so that nothing around them shifts when their number changes. */
export interface Layout {
  /** Columns of the small pictures, or of all where none is large. */
  readonly columns: number
  /** Width of a small picture (or of a pair) in px. */
  readonly width: number
  /** Width in px of the one large picture; 0 where all have the same size. */
  readonly largeWidth: number
  /** Whether the small pictures lie beside the large one, not below it. */
  readonly beside: boolean
  /** Whether there are buttons below the small pictures: below tiny ones, they would take more room than the picture. */
  readonly captioned: boolean
}

/** The area to fill, in px. */
export interface Area {
  readonly width: number
  readonly height: number
  readonly gap: number
  /** Height below each picture for its buttons. */
  readonly caption: number
}

const MIN_CAPTIONED_PX = 96

/** Lays out `count` pictures as large as they fit; `aspect` is a cell's width over its height without caption. */
export function gridLayout(count: number, { width, height, gap, caption }: Area, aspect = 1): Layout {
  const layouts = upTo(count).map((columns) => {
    const rows = Math.ceil(count / columns)
    const widthLimit = (width - (columns - 1) * gap) / columns
    const heightLimit = ((height - (rows - 1) * gap) / rows - caption) * aspect
    return layoutOf({ columns, width: Math.min(widthLimit, heightLimit), captioned: true })
  })
  return largest(layouts, (layout) => layout.width)
}

/** Lays out a large picture and `count` small ones in rows beside or below it, so that they cover most of the area. */
export function featuredLayout(count: number, area: Area): Layout {
  if (count === 0) return layoutOf({ largeWidth: Math.min(area.width, area.height - area.caption) })
  const layouts = upTo(count).flatMap((columns) => [true, false].flatMap((captioned) => [
    besideLarge(columns, Math.ceil(count / columns), area, captioned),
    belowLarge(columns, Math.ceil(count / columns), area, captioned),
  ]))
  const usable = layouts.filter(({ captioned, largeWidth, width }) => {
    return width <= largeWidth && captioned === (area.caption > 0 && width >= MIN_CAPTIONED_PX)
  })
  return largest(usable, ({ largeWidth, width }) => largeWidth ** 2 + count * width ** 2)
}

/** Both are as high as one another; their widths grow with that height until the area is full. */
function besideLarge(columns: number, rows: number, { width, height, gap, caption }: Area, captioned: boolean): Layout {
  const rowsOverhead = (rows - 1) * gap + rows * (captioned ? caption : 0)
  const share = columns / rows
  const widest = (width + caption + share * rowsOverhead - columns * gap) / (1 + share)
  const side = Math.min(height, widest)
  return layoutOf({ columns, width: (side - rowsOverhead) / rows, largeWidth: side - caption, beside: true, captioned })
}

/** Both are as wide as one another; their heights grow with that width until the area is full. */
function belowLarge(columns: number, rows: number, { width, height, gap, caption }: Area, captioned: boolean): Layout {
  const columnsOverhead = (columns - 1) * gap
  const captions = caption + rows * (captioned ? caption : 0)
  const share = rows / columns
  const side = Math.min(width, (height - captions - rows * gap + share * columnsOverhead) / (1 + share))
  return layoutOf({ columns, width: (side - columnsOverhead) / columns, largeWidth: side, captioned })
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

function layoutOf({ columns = 1, width = 0, largeWidth = 0, beside = false, captioned = false }: Partial<Layout>): Layout {
  return { columns, width: floorPx(width), largeWidth: floorPx(largeWidth), beside, captioned }
}

function largest(layouts: readonly Layout[], size: (layout: Layout) => number): Layout {
  return layouts.reduce((best, layout) => (size(layout) > size(best) ? layout : best), layoutOf({ captioned: true }))
}

function floorPx(px: number): number {
  return Math.max(Math.floor(px), 0)
}
