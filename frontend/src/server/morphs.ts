import { nonDefaultOptions, type PaintOptions } from '../model/paintOptions'
import { postForFile } from './request'

export interface MorphEnd {
  readonly prompt: string | null
  readonly seed: number
}

export interface MorphRequest {
  readonly from: MorphEnd
  readonly to: MorphEnd
  readonly options: PaintOptions
  /** Null for the server's default painter. */
  readonly painter: string | null
}

/** Encoding of a morph's file. */
export interface MorphFormat {
  readonly steps: number
  readonly frameMs: number
  readonly loop: 'once' | 'there-and-back'
  readonly lossless: boolean
}

/** Requests the morph between two pictures as an animated WebP. */
export async function fetchMorph(
  signal: AbortSignal,
  { from, to, options, painter }: MorphRequest,
  format: MorphFormat,
): Promise<Uint8Array<ArrayBuffer>> {
  const prompts = from.prompt === null ? {} : { prompt: from.prompt, to_prompt: to.prompt ?? from.prompt }
  const ends = { ...prompts, seed: from.seed, to_seed: to.seed, ...nonDefaultOptions(options) }
  const encoding = { steps: format.steps, ms_a_frame: format.frameMs, loop: format.loop, lossless: format.lossless }
  return postForFile('./v1/morphs', { ...ends, ...encoding, ...(painter === null ? {} : { model: painter }) }, signal)
}

/** Whether both ends are the same picture, so that there is nothing to interpolate. */
export function hasEqualEnds({ from, to }: MorphRequest): boolean {
  return from.prompt === to.prompt && from.seed === to.seed
}
