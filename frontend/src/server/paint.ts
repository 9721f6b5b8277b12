import { invalidResponse, PaintError, UNREACHABLE_MESSAGE } from '../model/errors'
import type { PaintRequest, PaintResponse } from '../model/paint'
import { nonDefaultOptions, optionsFromJson } from '../model/paintOptions'
import { arrayOrEmpty, isRecord, numberOr, stringOr, stringsOf } from '../model/parse'
import { dataUrlOf, type Picture } from '../model/picture'
import type { Recipe } from '../model/recipe'
import { variationFields } from '../model/variation'
import { getFile, getJsonLines } from './request'

type Fields = Readonly<Record<string, unknown>>

/**
 * Requests pictures by `GET /?input=PROMPT`, the one route that the thesis's server has as well.
 *
 * Calls `onPart` with the first pictures whenever more of them have arrived.
 */
export async function paint(
  signal: AbortSignal,
  request: PaintRequest,
  onPart: (part: PaintResponse) => Promise<void> = () => Promise.resolve(),
): Promise<PaintResponse> {
  const query = recipeQuery(request, 'input', { count: String(request.count) })
  query.set('format', 'webp')
  let fields: Fields | null = null
  const images: unknown[] = []
  for await (const lines of getJsonLines(`./?${query}`, signal)) {
    for (const line of lines) {
      if (fields !== null) images.push(isRecord(line) ? line['image'] : null)
      else {
        fields = isRecord(line) ? line : { images: line } // the thesis's server answers with the bare list
        images.push(...arrayOrEmpty(fields['images']))
      }
    }
    if (fields !== null && images.length > 0) await onPart(parseResponse(fields, images, request))
  }
  if (images.length < arrayOrEmpty(fields?.['seeds']).length) throw new PaintError('unreachable', UNREACHABLE_MESSAGE)
  if (fields === null || images.length === 0) throw invalidResponse()
  return parseResponse(fields, images, request)
}

/** Requests a picture's PNG, byte for byte the same each time; `sidePx`: enlarged. */
export async function fetchPng(signal: AbortSignal, recipe: Recipe, sidePx: number | null = null): Promise<Uint8Array<ArrayBuffer>> {
  const query = recipeQuery(recipe, 'prompt')
  query.set('format', 'png')
  if (sidePx !== null) query.set('size', `${sidePx}x${sidePx}`)
  return getFile(`./v1/pictures?${query}`, signal)
}

/** A recipe as a query, whose name for the prompt differs between routes. */
function recipeQuery(recipe: Recipe, promptName: 'input' | 'prompt', first: Record<string, string> = {}): URLSearchParams {
  const query = new URLSearchParams(first)
  if (recipe.prompt !== null) query.set(promptName, recipe.prompt)
  if (recipe.seed !== null) query.set('seed', String(recipe.seed))
  const numbers = { ...variationFields(recipe.variation), ...nonDefaultOptions(recipe.options) }
  for (const [name, value] of Object.entries(numbers)) query.set(name, String(value))
  if (recipe.painter !== null) query.set('model', recipe.painter)
  return query
}

/** Parses the pictures that have arrived of a response. */
function parseResponse(fields: Fields, images: readonly unknown[], request: PaintRequest): PaintResponse {
  const seeds = arrayOrEmpty(fields['seeds'])
  const subseeds = arrayOrEmpty(fields['subseeds'])
  const strength = numberOr(fields['subseed_strength'], 0)
  const prompt = stringOr(fields['prompt'], request.prompt)
  const painter = stringOr(fields['painter'], null)
  const options = optionsFromJson(fields)
  const pictures = images.map((image, index): Picture => {
    const source = dataUrlOf(stringOr(image, ''))
    if (source === null) throw invalidResponse()
    const seed = numberOr(seeds[index], null)
    const subseed = numberOr(subseeds[index], null)
    return { source, prompt, seed, painter, options, variation: subseed === null ? null : { subseed, strength } }
  })
  return { prompt, painter, truncated: fields['truncated'] === true, notes: stringsOf(fields['notes']), pictures }
}
