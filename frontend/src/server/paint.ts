import type { Towards } from '../model/link'
import { mannerOf, unusual, type Manner } from '../model/manner'
import { nonsense } from './errors'
import { isRecord, list, numberOr, textOr, texts } from './reading'
import { getJson } from './request'

export interface Picture {
  /** A data URL of the PNG, just as the server sent it. */
  readonly source: string
  readonly prompt: string | null
  /** What paints this very picture again; null if the server does not tell. */
  readonly seed: number | null
  readonly painter: string | null
  readonly manner: Manner
  /** Where it lies beside its seed's own picture, if it does. */
  readonly towards?: Towards
}

export interface Painted {
  readonly prompt: string | null
  readonly painter: string | null
  /** Whether only the beginning of the prompt was read. */
  readonly truncated: boolean
  readonly pictures: readonly Picture[]
}

export interface PaintOrder {
  /** None for a painter that takes no words. */
  readonly prompt: string | null
  /** The first picture's; the next have the next ones. None: the server draws one. */
  readonly seed: number | null
  readonly count: number
  readonly manner: Manner
  /** None: the server's first. */
  readonly painter: string | null
}

const PNG_START = 'iVBORw0KGgo' // the first bytes of every PNG, in base64

/** Ask for pictures by the route that the thesis's server has, too: `GET /?input=PROMPT`. */
export async function paint(signal: AbortSignal, order: PaintOrder): Promise<Painted> {
  const query = new URLSearchParams({ count: String(order.count) })
  if (order.prompt !== null) query.set('input', order.prompt)
  if (order.seed !== null) query.set('seed', String(order.seed))
  for (const [name, value] of Object.entries(unusual(order.manner))) query.set(name, String(value))
  if (order.painter !== null) query.set('model', order.painter)
  return readPainted(await getJson(`./?${query}`, signal), order)
}

function readPainted(answer: unknown, order: PaintOrder): Painted {
  const told = isRecord(answer) ? answer : { images: answer }
  const images = texts(told['images'])
  if (images.length === 0 || !images.every((image) => image.startsWith(PNG_START))) throw nonsense()
  const seeds = list(told['seeds'])
  const about = {
    prompt: textOr(told['prompt'], order.prompt),
    painter: textOr(told['painter'], null),
    manner: mannerOf(told),
  }
  return {
    prompt: about.prompt,
    painter: about.painter,
    truncated: told['truncated'] === true,
    pictures: images.map((image, index) => {
      return { ...about, source: `data:image/png;base64,${image}`, seed: numberOr(seeds[index], null) }
    }),
  }
}
