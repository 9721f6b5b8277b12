import { parseNumber, type TextLookup } from './parse'
import { recipeFields, type Recipe } from './recipe'
import { parseSeed, seedAfter } from './seeds'

export const MIN_COUNT = 1
export const MAX_COUNT = 16
export const DEFAULT_COUNT = 5

/** The grid of pictures: one recipe, whose seed counts up from picture to picture, except for pinned ones. */
export interface Grid {
  /** That of the first picture. */
  readonly recipe: Recipe
  readonly count: number
  /** The seeds that are pinned to a position, by its index. */
  readonly pins: ReadonlyMap<number, number>
  /** Whether new seeds are refused. */
  readonly locked: boolean
}

/** The seed of one picture of the grid. */
export interface SeedSlot {
  readonly seed: number
  /** Whether the seed stays when new ones are drawn. */
  readonly pinned: boolean
}

export function slotsOf({ recipe, count, pins }: Grid): SeedSlot[] {
  return Array.from({ length: count }, (_, index) => {
    const pin = pins.get(index)
    return { seed: pin ?? seedAfter(recipe.seed ?? 0, index), pinned: pin !== undefined }
  })
}

/** Pins the seed of a picture to its position, or releases it. */
export function withTogglePin(grid: Grid, index: number): Grid {
  const pins = new Map(grid.pins)
  const slot = slotsOf(grid)[index]
  if (slot && !pins.delete(index)) pins.set(index, slot.seed)
  return { ...grid, pins }
}

/** Sets the seed that unpinned pictures count from. */
export function withFirstSeed(grid: Grid, seed: number | null): Grid {
  return { ...grid, recipe: { ...grid.recipe, seed } }
}

/** A grid under the names that links give its parts; defaults are left out. */
export function gridFields({ recipe, count, pins, locked }: Grid): Record<string, string | number> {
  return {
    ...recipeFields(recipe),
    ...(count !== DEFAULT_COUNT && { count }),
    ...(pins.size > 0 && { pins: formatPins(pins) }),
    ...(locked && { locked: 1 }),
  }
}

/** Reads a grid of a recipe from a link; its count and lock are by default those of another grid. */
export function gridFromText(text: TextLookup, recipe: Recipe, other: Grid): Grid {
  const count = parseNumber(text('count'), MIN_COUNT, MAX_COUNT)
  return {
    recipe,
    count: count !== null && Number.isInteger(count) ? count : other.count,
    pins: parsePins(text('pins') ?? ''),
    locked: other.locked || text('locked') === '1',
  }
}

/** Formats pins as `2-103.4-7`: positions from 1, and their seeds. */
function formatPins(pins: Grid['pins']): string {
  return [...pins].map(([index, seed]) => `${index + 1}-${seed}`).join('.')
}

function parsePins(text: string): Map<number, number> {
  const pins = new Map<number, number>()
  for (const [, position, seed = ''] of text.matchAll(/(\d+)-(\d+)/g)) {
    const parsed = parseSeed(seed)
    if (Number(position) >= 1 && Number(position) <= MAX_COUNT && parsed !== null) pins.set(Number(position) - 1, parsed)
  }
  return pins
}
