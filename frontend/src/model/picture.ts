import type { Recipe } from './recipe'

/** A painted picture, and the recipe that paints it again. */
export interface Picture extends Recipe {
  /** A data URL of the PNG, byte for byte as the server sent it. */
  readonly source: string
}

/** A picture's identity: its recipe, or its content if it has no seed. */
export function pictureKey({ prompt, seed, painter, options, variation, source }: Picture): string {
  return JSON.stringify([painter, prompt, seed ?? source, options, variation])
}

/** The name of one of several pictures, by which readers of the page tell them apart. */
export function pictureName({ prompt }: Pick<Recipe, 'prompt'>, position: number, count: number): string {
  return `${prompt ?? 'A painting'}, picture ${position} of ${count}`
}
