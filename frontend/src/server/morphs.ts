import type { Morph, MorphFormat } from '../model/morph'
import { nonDefaultOptions } from '../model/paintOptions'
import { variationFields } from '../model/variation'
import { postForFile } from './request'

/** Requests a morph as an animated file. */
export async function fetchMorph(
  signal: AbortSignal,
  { from, to }: Morph,
  format: MorphFormat,
): Promise<Uint8Array<ArrayBuffer>> {
  const prompts = from.prompt === null ? {} : { prompt: from.prompt, to_prompt: to.prompt ?? from.prompt }
  const seeds = { seed: from.seed, to_seed: to.seed }
  const variations = { ...variationFields(from.variation), ...variationFields(to.variation, 'to_') }
  const painter = from.painter === null ? {} : { model: from.painter }
  const encoding = { steps: format.steps, ms_a_frame: format.frameMs, loop: format.loop, lossless: format.lossless, format: format.kind }
  const body = { ...prompts, ...seeds, ...variations, ...nonDefaultOptions(from.options), ...encoding, ...painter }
  return postForFile('./v1/morphs', body, signal)
}
