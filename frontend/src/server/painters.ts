import { invalidResponse, PaintError } from '../model/errors'
import type { Painter } from '../model/painter'
import { arrayOrEmpty, isRecord, numberOr, stringOr, stringsOf } from '../model/parse'
import { getJson } from './request'

/** Requests the server's painters, its default first; an empty list from a server without that route. */
export async function fetchPainters(signal: AbortSignal): Promise<Painter[]> {
  const json = await getJson('./v1/painters', signal).catch((cause: unknown) => {
    if (cause instanceof PaintError && (cause.status === 404 || cause.status === 405)) return null
    throw cause
  })
  if (json === null) return []
  const painters = isRecord(json) ? arrayOrEmpty(json['painters']).map(parsePainter) : []
  if (painters.length === 0) throw invalidResponse()
  return painters
}

/** Requests one painter, whose card has the figures too. */
export async function fetchPainter(signal: AbortSignal, name: string): Promise<Painter> {
  return parsePainter(await getJson(`./v1/painters/${encodeURIComponent(name)}`, signal))
}

function parsePainter(fields: unknown): Painter {
  if (!isRecord(fields) || typeof fields['name'] !== 'string') throw invalidResponse()
  const samples = stringOr(fields['samples'], '')
  return {
    name: fields['name'],
    pictureSize: numberOr(fields['picture_size'], null),
    takesPrompt: fields['takes_prompt'] !== false,
    takesStrength: fields['takes_strength'] === true,
    hasAlpha: fields['has_alpha'] === true,
    examplePrompts: stringsOf(fields['example_prompts']),
    card: isRecord(fields['card']) ? fields['card'] : {},
    samples: /^\/(?!\/)/.test(samples) ? `.${samples}` : null, // same-origin only, wherever the server is mounted
  }
}
