import { unusual, type Manner } from '../model/manner'
import { postForFile } from './request'

export interface End {
  readonly prompt: string | null
  readonly seed: number
}

export interface MorphOrder {
  readonly from: End
  readonly to: End
  readonly manner: Manner
  readonly painter: string | null
}

/** How a morph's file is made. */
export interface MorphFile {
  readonly steps: number
  readonly msAFrame: number
  readonly loop: 'once' | 'there-and-back'
  readonly lossless: boolean
}

/** Ask for the way from one picture to another: an animated WebP. */
export async function fetchMorph(signal: AbortSignal, order: MorphOrder, file: MorphFile): Promise<Uint8Array<ArrayBuffer>> {
  const { from, to, manner, painter } = order
  const prompts = from.prompt === null ? {} : { prompt: from.prompt, to_prompt: to.prompt ?? from.prompt }
  const ends = { ...prompts, seed: from.seed, to_seed: to.seed, ...unusual(manner) }
  const how = { steps: file.steps, ms_a_frame: file.msAFrame, loop: file.loop, lossless: file.lossless }
  return postForFile('./v1/morphs', { ...ends, ...how, ...(painter === null ? {} : { model: painter }) }, signal)
}

/** Whether both ends are one and the same picture, which nothing can lie between. */
export function isStill({ from, to }: MorphOrder): boolean {
  return from.prompt === to.prompt && from.seed === to.seed
}
