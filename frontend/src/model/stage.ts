/** How pictures lie on a stage whose size never depends on how many there are, so that nothing jumps. */
export interface StageLayout {
  readonly columns: number
  /** Width of a picture (or of a pair) in px. */
  readonly width: number
  /** Width of the one that others lie beside or below; 0 where all are alike. */
  readonly large: number
}

export interface Stage {
  readonly width: number
  readonly height: number
  readonly gap: number
  /** Height below each picture that its buttons take. */
  readonly caption: number
}

/** Lay `count` pictures out as large as they fit; `aspect` is a cell's width over its height without caption. */
export function gridLayout(count: number, { width, height, gap, caption }: Stage, aspect = 1): StageLayout {
  const layouts = Array.from({ length: count }, (_, index) => {
    const columns = index + 1
    const rows = Math.ceil(count / columns)
    const across = (width - index * gap) / columns
    const down = ((height - (rows - 1) * gap) / rows - caption) * aspect
    return { columns, width: positive(Math.min(across, down)), large: 0 }
  })
  return largest(layouts)
}

/** Lay `count` small pictures out in two rows beside or below a large one, whichever makes them larger. */
export function aroundLayout(count: number, { width, height, gap }: Omit<Stage, 'caption'>): StageLayout {
  const columns = Math.ceil(count / 2)
  const beside = positive(Math.min((width - (columns + 1) * gap) / (columns + 2), (height - gap) / 2))
  const below = positive(Math.min((width - (columns - 1) * gap) / columns, (height - (columns + 1) * gap) / (columns + 2)))
  return largest([
    { columns: columns + 1, width: beside, large: 2 * beside + gap },
    { columns, width: below, large: columns * below + (columns - 1) * gap },
  ])
}

function largest(layouts: readonly StageLayout[]): StageLayout {
  const none = { columns: 1, width: 0, large: 0 }
  return layouts.reduce((best, layout) => (layout.width > best.width ? layout : best), none)
}

function positive(px: number): number {
  return Math.max(Math.floor(px), 0)
}
