/** Grid layout of pictures in an area of fixed size, so that the page does not shift when their number changes. */
export interface Layout {
  readonly columns: number
  /** Width of a picture (or of a pair) in px. */
  readonly width: number
  /** Width in px of the one large picture; 0 where all have the same size. */
  readonly largeWidth: number
}

/** The area to fill, in px. */
export interface Area {
  readonly width: number
  readonly height: number
  readonly gap: number
  /** Height below each picture for its buttons. */
  readonly caption: number
}

/** Lays out `count` pictures as large as they fit; `aspect` is a cell's width over its height without caption. */
export function gridLayout(count: number, { width, height, gap, caption }: Area, aspect = 1): Layout {
  const layouts = Array.from({ length: count }, (_, index) => {
    const columns = index + 1
    const rows = Math.ceil(count / columns)
    const widthLimit = (width - index * gap) / columns
    const heightLimit = ((height - (rows - 1) * gap) / rows - caption) * aspect
    return { columns, width: floorPx(Math.min(widthLimit, heightLimit)), largeWidth: 0 }
  })
  return widest(layouts)
}

/** Lays out `count` small pictures in two rows beside or below a large one, whichever makes them larger. */
export function featuredLayout(count: number, { width, height, gap }: Omit<Area, 'caption'>): Layout {
  const columns = Math.ceil(count / 2)
  const beside = floorPx(Math.min((width - (columns + 1) * gap) / (columns + 2), (height - gap) / 2))
  const below = floorPx(Math.min((width - (columns - 1) * gap) / columns, (height - (columns + 1) * gap) / (columns + 2)))
  return widest([
    { columns: columns + 1, width: beside, largeWidth: 2 * beside + gap },
    { columns, width: below, largeWidth: columns * below + (columns - 1) * gap },
  ])
}

function widest(layouts: readonly Layout[]): Layout {
  const empty = { columns: 1, width: 0, largeWidth: 0 }
  return layouts.reduce((best, layout) => (layout.width > best.width ? layout : best), empty)
}

function floorPx(px: number): number {
  return Math.max(Math.floor(px), 0)
}
