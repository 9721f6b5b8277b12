import type { Recipe } from './recipe'

/** A painted picture, and the recipe that paints it again. */
export interface Picture extends Recipe {
  /** A data URL of the file, byte for byte as the server sent it. */
  readonly source: string
}

/** The kinds of pictures, by the first letters of their files in base64. */
const KINDS = [
  ['iVBORw0KGgo', 'png'],
  ['UklGR', 'webp'],
] as const

export type ImageKind = (typeof KINDS)[number][1]

/** The data URL of a PNG or a WebP in base64; null for anything else. */
export function dataUrlOf(base64: string): string | null {
  const kind = KINDS.find(([start]) => base64.startsWith(start))?.[1]
  return kind ? `data:image/${kind};base64,${base64}` : null
}

export function kindOf(dataUrl: string): ImageKind {
  return dataUrl.startsWith('data:image/webp') ? 'webp' : 'png'
}

/** A picture's identity: its recipe, or its content if it has no seed. */
export function pictureKey({ prompt, seed, painter, options, variation, source }: Picture): string {
  return JSON.stringify([painter, prompt, seed ?? source, options, variation])
}

/** The name of one of several pictures, by which readers of the page tell them apart. */
export function pictureName({ prompt }: Pick<Recipe, 'prompt'>, position: number, count: number): string {
  return `${prompt ?? 'A painting'}, picture ${position} of ${count}`
}
