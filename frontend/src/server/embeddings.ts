import type { Embedding, EmbeddingRequest } from '../model/embedding'
import { invalidResponse } from '../model/errors'
import { arrayOrEmpty, isRecord, numberOr, stringOr } from '../model/parse'
import { postForJson } from './request'

/** Requests a prompt's embedding. */
export async function fetchEmbedding(signal: AbortSignal, { prompt, painter }: EmbeddingRequest): Promise<Embedding> {
  const model = painter === null ? {} : { model: painter }
  const json = await postForJson('./v1/embeddings', { input: prompt, encoding_format: 'base64', ...model }, signal)
  const [item] = isRecord(json) ? arrayOrEmpty(json['data']) : []
  if (!isRecord(item)) throw invalidResponse()
  const nearest = arrayOrEmpty(item['nearest_captions']).flatMap((near) => {
    if (!isRecord(near)) return []
    return [{ caption: stringOr(near['caption'], ''), similarity: numberOr(near['similarity'], 0) }]
  })
  return { numbers: numbersOf(stringOr(item['embedding'], '')), nearest }
}

/** Decodes float32 numbers in base64, little-endian. */
function numbersOf(base64: string): number[] {
  try {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const view = new DataView(bytes.buffer)
    const numbers = Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getFloat32(4 * index, true))
    if (numbers.length > 0) return numbers
  } catch {
    // what is no base64 is refused below
  }
  throw invalidResponse()
}
