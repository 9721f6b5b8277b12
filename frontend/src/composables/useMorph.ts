import { watch, type Ref } from 'vue'
import { framesOf } from '../media/frames'
import { fetchMorph, isStill, type MorphFile, type MorphOrder } from '../server/morphs'
import { useRequest, type RequestState } from './useRequest'

export type Frames = readonly HTMLCanvasElement[]

const PAUSE_MS = 160
const MS_A_FRAME = 40
/** For the slider: few frames are there soon, and it blends between them. */
const LIVE: MorphFile = { steps: 33, msAFrame: MS_A_FRAME, loop: 'once', lossless: false }
const DOWNLOAD: MorphFile = { steps: 60, msAFrame: 50, loop: 'there-and-back', lossless: false }

/** The frames between two pictures, painted anew whenever an end changes; null asks for nothing. */
export function useMorph(order: Readonly<Ref<MorphOrder | null>>): RequestState<MorphOrder, Frames> {
  const request = useRequest<MorphOrder, Frames>(async (signal, asked) => {
    return framesOf(await fetchMorph(signal, asked, LIVE), MS_A_FRAME)
  })
  watch(
    () => JSON.stringify(order.value),
    () => {
      if (order.value && !isStill(order.value)) request.ask(order.value, request.data.value ? PAUSE_MS : 0)
      else {
        request.stop()
        request.data.value = null // else a way would be seen that leads elsewhere
      }
    },
    { immediate: true },
  )
  return request
}

/** The same morph with more frames, there and back, as a file. */
export async function morphFile(signal: AbortSignal, order: MorphOrder): Promise<Uint8Array<ArrayBuffer>> {
  return fetchMorph(signal, order, DOWNLOAD)
}
