import type { Picture } from './picture'
import type { Recipe } from './recipe'

/** Consecutive seeds from that of a recipe, or variations with consecutive subseeds. */
export interface PaintRequest extends Recipe {
  readonly count: number
}

export interface PaintResponse {
  readonly prompt: string | null
  readonly painter: string | null
  /** Whether the prompt was too long for the painter and was cut off. */
  readonly truncated: boolean
  /** What else is not read as it was written, in sentences without a capital and a full stop. */
  readonly notes: readonly string[]
  readonly pictures: readonly Picture[]
}
