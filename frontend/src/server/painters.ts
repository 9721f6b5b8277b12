import { nonsense, PaintError } from '../model/errors'
import type { Painter } from '../model/painter'
import { isRecord, list, numberOr, textOr, texts } from '../model/parse'
import { getJson } from './request'

/** Ask for the server's painters, the default one first; none where a server knows only how to paint. */
export async function fetchPainters(signal: AbortSignal): Promise<Painter[]> {
  const answer = await getJson('./v1/painters', signal).catch((cause: unknown) => {
    if (cause instanceof PaintError && (cause.status === 404 || cause.status === 405)) return null
    throw cause
  })
  if (answer === null) return []
  const painters = isRecord(answer) ? list(answer['painters']).map(readPainter) : []
  if (painters.length === 0) throw nonsense()
  return painters
}

function readPainter(told: unknown): Painter {
  if (!isRecord(told) || typeof told['name'] !== 'string') throw nonsense()
  const samples = textOr(told['samples'], '')
  return {
    name: told['name'],
    pictureSize: numberOr(told['picture_size'], null),
    takesPrompt: told['takes_prompt'] !== false,
    takesStrength: told['takes_strength'] === true,
    examplePrompts: texts(told['example_prompts']),
    card: isRecord(told['card']) ? told['card'] : {},
    samples: /^\/(?!\/)/.test(samples) ? `.${samples}` : null, // of this server, wherever it is mounted
  }
}
