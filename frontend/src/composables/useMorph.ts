import { watch, type Ref } from 'vue'
import { decodeFrames } from '../media/frames'
import { hasEqualEnds, type Morph } from '../model/morph'
import { fetchMorph, type MorphFormat } from '../server/morphs'
import { useRequest, type RequestState } from './useRequest'

export type Frames = readonly HTMLCanvasElement[]

const TYPING_DELAY_MS = 160
const FRAME_MS = 40
/** Few frames for the slider, as they arrive sooner and the canvas blends between them. */
const PREVIEW_FORMAT: MorphFormat = { steps: 33, frameMs: FRAME_MS, loop: 'once', lossless: false }
const DOWNLOAD_FORMAT: MorphFormat = { steps: 60, frameMs: 50, loop: 'there-and-back', lossless: false }

/** The frames of a morph, requested whenever an end changes; null requests nothing. */
export function useMorph(request: Readonly<Ref<Morph | null>>): RequestState<Morph, Frames> {
  const morph = useRequest<Morph, Frames>(async (signal, latest) => {
    return decodeFrames(await fetchMorph(signal, latest, PREVIEW_FORMAT), FRAME_MS)
  })
  watch(
    () => JSON.stringify(request.value),
    () => {
      if (request.value && !hasEqualEnds(request.value)) morph.send(request.value, morph.data.value ? TYPING_DELAY_MS : 0)
      else {
        morph.cancel()
        morph.data.value = null // the frames belong to other ends
      }
    },
    { immediate: true },
  )
  return morph
}

/** Requests the morph as a file for download: with more frames, forwards and backwards. */
export async function fetchMorphDownload(signal: AbortSignal, request: Morph): Promise<Uint8Array<ArrayBuffer>> {
  return fetchMorph(signal, request, DOWNLOAD_FORMAT)
}
