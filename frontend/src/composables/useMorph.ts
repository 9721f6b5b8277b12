import { shallowRef, watch, type Ref } from 'vue'
import { engine } from '../engine'
import { decodeFrames } from '../media/frames'
import { downloadFile, fileName } from '../media/files'
import { findVideoCodec, type VideoCodec } from '../media/videoCodec'
import { hasEqualEnds, type Morph, type MorphFormat, type MorphKind } from '../model/morph'
import { useRequest, type RequestState } from './useRequest'

export type Frames = readonly HTMLCanvasElement[]

const TYPING_DELAY_MS = 160
const FRAME_MS = 40
/** Few frames for the slider, as they arrive sooner and the canvas blends between them. */
const PREVIEW_FORMAT: MorphFormat = { steps: 33, frameMs: FRAME_MS, loop: 'once', lossless: false, kind: 'webp' }
const DOWNLOAD_FORMAT: Omit<MorphFormat, 'kind'> = { steps: 60, frameMs: 50, loop: 'there-and-back', lossless: false }
/** Of a video, one way. */
const VIDEO_SECONDS = 2.4

export interface MorphState {
  frames: RequestState<Morph, Frames>
  /** The morph as a file, forwards and backwards, which is downloaded once it is there. */
  file: RequestState<MorphFile, Uint8Array<ArrayBuffer>>
  /** The kinds of file that can be had. */
  kinds: Readonly<Ref<readonly FileKind[]>>
}

/** The server's kinds, with more frames than are shown, and the browser's own, of those that are. */
export type FileKind = MorphKind | 'mp4'

/** A morph, and the kind of its file. */
export interface MorphFile extends Morph {
  readonly kind: FileKind
}

/** The frames of a morph, requested whenever an end changes, and its file on request; null requests nothing. */
export function useMorph(morph: Readonly<Ref<Morph | null>>): MorphState {
  const videoCodec = findVideoCodec()
  const frames = useRequest<Morph, Frames>(async (signal, latest) => {
    return decodeFrames(await engine.morph(signal, latest, PREVIEW_FORMAT), FRAME_MS)
  })
  const file = useRequest<MorphFile, Uint8Array<ArrayBuffer>>(async (signal, latest) => {
    const { kind } = latest
    const content = kind === 'mp4'
      ? await encodeVideo(signal, frames.data.value ?? [], await videoCodec)
      : await engine.morph(signal, latest, { ...DOWNLOAD_FORMAT, kind })
    signal.throwIfAborted()
    downloadFile(content, nameOf(latest), kind === 'mp4' ? 'video/mp4' : `image/${kind}`)
    return content
  })
  const kinds = shallowRef<readonly FileKind[]>(engine.morphKinds)
  void videoCodec.then((codec) => {
    if (codec) kinds.value = [...kinds.value, 'mp4']
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
  return { frames, file, kinds }
}

async function encodeVideo(signal: AbortSignal, frames: Frames, codec: VideoCodec | null): Promise<Uint8Array<ArrayBuffer>> {
  if (!codec) throw new Error('this browser encodes no video')
  const { encodeMp4 } = await import('../media/mp4')
  return encodeMp4(signal, frames, VIDEO_SECONDS, codec)
}

function nameOf({ from, to, kind }: MorphFile): string {
  return fileName(from.prompt === null ? [from.seed, 'to', to.seed] : [from.prompt, 'to', to.prompt], kind)
}
