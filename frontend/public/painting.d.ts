/** Painters in a page of your own. The module and its files belong to one static site; the page must be on the same host. */

export interface PaintedPicture {
  readonly prompt: string | null
  /** Paints the same picture again. */
  readonly seed: number
  /** A data URL of its PNG, for the `src` of an image. */
  readonly source: string
}

export interface Paintings {
  /** What of the prompt is not read as it was written, in sentences. */
  readonly notes: readonly string[]
  readonly pictures: readonly PaintedPicture[]
}

export interface PaintOptions {
  /** From 0 to 4294967295; a random one by default. Further pictures have the seeds after it. */
  seed?: number
  /** Of pictures; 1 by default. */
  count?: number
  /** From 0.1 to 1, the default; lower: more typical and less varied. */
  truncation?: number
  /** From 0 to 1.5; 1 by default; higher: closer to the prompt. */
  strength?: number
  /** Drops what is not painted yet. */
  signal?: AbortSignal
}

export interface OpenPainter {
  readonly name: string
  /** Side of its pictures in px. */
  readonly pictureSize: number | null
  /** Prompts that it paints before its text encoder is loaded. */
  readonly examplePrompts: readonly string[]
  /** Paints a prompt; null for a painter that takes none. Rejects with an Error whose message is for the reader. */
  paint(prompt: string | null, options?: PaintOptions): Promise<Paintings>
}

/** Opens a painter of the site by its name; by default its first. */
export function openPainter(name?: string): Promise<OpenPainter>
