import { invalidResponse } from '../model/errors'
import { nonDefaultOptions, optionsFromJson } from '../model/paintOptions'
import { arrayOrEmpty, isRecord, numberOr, stringOr, stringsOf } from '../model/parse'
import type { Picture } from '../model/picture'
import type { Recipe } from '../model/recipe'
import { variationFields } from '../model/variation'
import { getJson } from './request'

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

const PNG_PREFIX = 'iVBORw0KGgo' // the first bytes of every PNG, in base64

/** Requests pictures by `GET /?input=PROMPT`, the one route that the thesis's server has as well. */
export async function paint(signal: AbortSignal, request: PaintRequest): Promise<PaintResponse> {
  const query = new URLSearchParams({ count: String(request.count) })
  if (request.prompt !== null) query.set('input', request.prompt)
  if (request.seed !== null) query.set('seed', String(request.seed))
  const numbers = { ...variationFields(request.variation), ...nonDefaultOptions(request.options) }
  for (const [name, value] of Object.entries(numbers)) query.set(name, String(value))
  if (request.painter !== null) query.set('model', request.painter)
  return parseResponse(await getJson(`./?${query}`, signal), request)
}

/** Parses a response: an object, or the bare list of images of the thesis's server. */
function parseResponse(json: unknown, request: PaintRequest): PaintResponse {
  const fields = isRecord(json) ? json : { images: json }
  const images = stringsOf(fields['images'])
  if (images.length === 0 || !images.every((image) => image.startsWith(PNG_PREFIX))) throw invalidResponse()
  const seeds = arrayOrEmpty(fields['seeds'])
  const subseeds = arrayOrEmpty(fields['subseeds'])
  const strength = numberOr(fields['subseed_strength'], 0)
  const prompt = stringOr(fields['prompt'], request.prompt)
  const painter = stringOr(fields['painter'], null)
  const options = optionsFromJson(fields)
  const pictures = images.map((image, index): Picture => {
    const source = `data:image/png;base64,${image}`
    const seed = numberOr(seeds[index], null)
    const subseed = numberOr(subseeds[index], null)
    return { source, prompt, seed, painter, options, variation: subseed === null ? null : { subseed, strength } }
  })
  return { prompt, painter, truncated: fields['truncated'] === true, notes: stringsOf(fields['notes']), pictures }
}
