import { invalidResponse, PaintError } from '../model/errors'
import { parsePainter, type Painter } from '../model/painter'
import { arrayOrEmpty, isRecord } from '../model/parse'
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
