import { mannerOf, unusual, type Manner } from '../model/manner'
import type { Run } from '../model/runs'
import type { Picture } from '../model/picture'
import { variationFields } from '../model/variation'
import { nonsense } from '../model/errors'
import { isRecord, list, numberOr, textOr, texts } from '../model/parse'
import { getJson } from './request'

export interface Painted {
  readonly prompt: string | null
  readonly painter: string | null
  /** Whether only the beginning of the prompt was read. */
  readonly truncated: boolean
  readonly pictures: readonly Picture[]
}

export interface PaintOrder extends Run {
  /** None for a painter that takes no words. */
  readonly prompt: string | null
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
  const others = { ...variationFields(order.variation ?? null), ...unusual(order.manner) }
  for (const [name, value] of Object.entries(others)) query.set(name, String(value))
  if (order.painter !== null) query.set('model', order.painter)
  return readPainted(await getJson(`./?${query}`, signal), order)
}

function readPainted(answer: unknown, order: PaintOrder): Painted {
  const told = isRecord(answer) ? answer : { images: answer }
  const images = texts(told['images'])
  if (images.length === 0 || !images.every((image) => image.startsWith(PNG_START))) throw nonsense()
  const [seeds, subseeds, strength] = [list(told['seeds']), list(told['subseeds']), numberOr(told['subseed_strength'], 0)]
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
      const [seed, subseed] = [numberOr(seeds[index], null), numberOr(subseeds[index], null)]
      const variation = subseed === null ? null : { subseed, strength }
      return { ...about, source: `data:image/png;base64,${image}`, seed, variation }
    }),
  }
}
