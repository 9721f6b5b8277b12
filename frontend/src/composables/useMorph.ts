import { watch, type Ref } from 'vue'
import { decodeFrames } from '../media/frames'
import { downloadFile, fileName } from '../media/files'
import { hasEqualEnds, type Morph } from '../model/morph'
import { fetchMorph, type MorphFormat, type MorphKind } from '../server/morphs'
import { useRequest, type RequestState } from './useRequest'

export type Frames = readonly HTMLCanvasElement[]

const TYPING_DELAY_MS = 160
const FRAME_MS = 40
/** Few frames for the slider, as they arrive sooner and the canvas blends between them. */
const PREVIEW_FORMAT: MorphFormat = { steps: 33, frameMs: FRAME_MS, loop: 'once', lossless: false, kind: 'webp' }
const DOWNLOAD_FORMAT: Omit<MorphFormat, 'kind'> = { steps: 60, frameMs: 50, loop: 'there-and-back', lossless: false }

export interface MorphState {
  frames: RequestState<Morph, Frames>
  /** The morph as a file with more frames, forwards and backwards, which is downloaded once it is there. */
  file: RequestState<MorphFile, Uint8Array<ArrayBuffer>>
}

/** A morph, and the kind of its file. */
export interface MorphFile extends Morph {
  readonly kind: MorphKind
}

/** The frames of a morph, requested whenever an end changes, and its file on request; null requests nothing. */
export function useMorph(morph: Readonly<Ref<Morph | null>>): MorphState {
  const frames = useRequest<Morph, Frames>(async (signal, latest) => {
    return decodeFrames(await fetchMorph(signal, latest, PREVIEW_FORMAT), FRAME_MS)
  })
  const file = useRequest<MorphFile, Uint8Array<ArrayBuffer>>(async (signal, latest) => {
    const content = await fetchMorph(signal, latest, { ...DOWNLOAD_FORMAT, kind: latest.kind })
    downloadFile(content, nameOf(latest), `image/${latest.kind}`)
    return content
  })
  watch(
    () => JSON.stringify(morph.value),
    () => {
      file.cancel()
      if (morph.value && !hasEqualEnds(morph.value)) frames.send(morph.value, frames.data.value ? TYPING_DELAY_MS : 0)
      else {
        frames.cancel()
        frames.data.value = null // the frames belong to other ends
      }
    },
    { immediate: true },
  )
  return { frames, file }
}

function nameOf({ from, to, kind }: MorphFile): string {
  return fileName(from.prompt === null ? [from.seed, 'to', to.seed] : [from.prompt, 'to', to.prompt], kind)
}
