import { watch, type Ref } from 'vue'
import { nonsense } from '../model/errors'
import type { Manner } from '../model/manner'
import type { Picture } from '../model/picture'
import { paint, type Painted } from '../server/paint'
import type { Run } from '../model/runs'
import { useRequest, type RequestState } from './useRequest'

/** What a wall shows. */
export interface WallOrder {
  readonly prompt: string | null
  /** One for each request. */
  readonly runs: readonly Run[]
  readonly manner: Manner
  readonly painter: string | null
}

/** A picture that is loaded: it can be drawn at once. */
export interface ShownPicture extends Picture {
  readonly id: number
  readonly image: HTMLImageElement
}

export interface ShownPaintings extends Omit<Painted, 'pictures'> {
  readonly pictures: readonly ShownPicture[]
}

export type Wall = RequestState<WallOrder, ShownPaintings>

export const TYPING_PAUSE_MS = 20

let ids = 0

/** The paintings of an order that changes as somebody types; null asks for nothing, and keeps what is there. */
export function usePaintings(
  order: Readonly<Ref<WallOrder | null>>,
  pauseMs = TYPING_PAUSE_MS,
): Wall {
  const request = useRequest(paintAll)
  let asked: WallOrder | null = null
  watch(
    order,
    (wanted) => {
      if (wanted === null || same(wanted, asked)) return
      asked = wanted
      // The first key after a rest is painted at once; while pictures are on their way, typing goes on.
      const resting = !request.pending.value && request.retryIn.value === null
      request.ask(wanted, resting ? 0 : pauseMs)
    },
    { immediate: true },
  )
  return request
}

function same(one: WallOrder, other: WallOrder | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

async function paintAll(signal: AbortSignal, order: WallOrder): Promise<ShownPaintings> {
  const { runs, ...each } = order
  const parts = await Promise.all(runs.map((run) => paint(signal, { ...each, ...run })))
  const [first] = parts
  if (!first) throw nonsense()
  const pictures = await Promise.all(parts.flatMap((part) => part.pictures).map(show))
  return { ...first, truncated: parts.some((part) => part.truncated), pictures }
}

/** Load a picture before it is shown, so that the wall changes all at once; `decode()` would wait for the next frame. */
function show(picture: Picture): Promise<ShownPicture> {
  ids += 1
  const [id, image] = [ids, new Image()]
  return new Promise((resolve, reject) => {
    image.onload = () => resolve({ ...picture, id, image })
    image.onerror = () => reject(nonsense())
    image.src = picture.source
  })
}
