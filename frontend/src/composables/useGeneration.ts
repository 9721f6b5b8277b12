import { watch, type Ref } from 'vue'
import { engine } from '../engine'
import { loadImage } from '../media/images'
import { invalidResponse } from '../model/errors'
import type { PaintRequest, PaintResponse } from '../model/paint'
import type { Picture } from '../model/picture'
import { useRequest, type RequestState } from './useRequest'

/** What paints a grid of pictures, one after the other: a request to the server each. */
export type GenerationRequest = readonly PaintRequest[]

/** A picture whose image is decoded, so that it can be drawn at once. */
export interface LoadedPicture extends Picture {
  readonly id: number
  readonly image: HTMLImageElement
}

export interface GenerationResult extends Omit<PaintResponse, 'pictures'> {
  readonly pictures: readonly LoadedPicture[]
}

export type Generation = RequestState<GenerationRequest, GenerationResult>

export const TYPING_DELAY_MS = 20
/** A grid's first picture has the server to itself for so long, or the others' batch might be painted before it. */
export const HEAD_START_MS = 25

let lastId = 0

/** Generates pictures whenever the request changes; null requests nothing and keeps the pictures. */
export function useGeneration(
  request: Readonly<Ref<GenerationRequest | null>>,
  delayMs = TYPING_DELAY_MS,
): Generation {
  const generation: Generation = useRequest((signal, requests, publish) => {
    return generate(signal, requests, (part) => publish(withRest(part, generation.data.value?.pictures ?? [])))
  })
  let latest: GenerationRequest | null = null
  watch(
    request,
    (next) => {
      if (next === null && (generation.pending.value || generation.error.value)) {
        generation.cancel() // nothing is left to wait for, nor to report
        latest = null
      }
      if (next === null || isEqual(next, latest)) return
      if (next[0]?.painter !== latest?.[0]?.painter) generation.data.value = null // the pictures are another painter's
      latest = next
      // The first key after a pause is sent at once; while a request is pending, more keys are likely to follow.
      const isIdle = !generation.pending.value && generation.retryIn.value === null
      generation.send(next, isIdle ? 0 : delayMs)
    },
    { immediate: true },
  )
  return generation
}

function isEqual(one: GenerationRequest, other: GenerationRequest | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** The pictures of a grid that have arrived, null for the others. */
interface Part extends Omit<GenerationResult, 'pictures'> {
  readonly pictures: readonly (LoadedPicture | null)[]
}

/** Requests pictures; `show` is called whenever more of them have arrived. */
async function generate(signal: AbortSignal, requests: GenerationRequest, show: (part: Part) => void): Promise<GenerationResult> {
  const parts: (GenerationResult | null)[] = requests.map(() => null)
  const responses = await Promise.all(requests.map(async (request, index) => {
    if (index > 0) await headStart(signal)
    return paintLoaded(signal, request, (part) => {
      parts[index] = part
      const pictures = parts.flatMap((found, place) => padded(found?.pictures ?? [], requests[place]?.count ?? 0))
      show({ ...part, truncated: parts.some((found) => found?.truncated), pictures })
    })
  }))
  const [first] = responses
  if (!first) throw invalidResponse()
  const pictures = responses.flatMap((response) => response.pictures)
  return { ...first, truncated: responses.some((response) => response.truncated), pictures }
}

async function headStart(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, HEAD_START_MS))
  signal.throwIfAborted()
}

/** Paints, and loads each picture's image as it arrives. */
async function paintLoaded(signal: AbortSignal, request: PaintRequest, show: (part: GenerationResult) => void): Promise<GenerationResult> {
  const loaded: LoadedPicture[] = []
  async function load(response: PaintResponse): Promise<GenerationResult> {
    loaded.push(...(await Promise.all(response.pictures.slice(loaded.length).map(loadPicture))))
    return { ...response, pictures: [...loaded] }
  }
  return load(await engine.paint(signal, request, async (part) => show(await load(part))))
}

function padded(pictures: readonly LoadedPicture[], count: number): (LoadedPicture | null)[] {
  return Array.from({ length: Math.max(count, pictures.length) }, (_, index) => pictures[index] ?? null)
}

/** Keeps earlier pictures where those of a part have not arrived; up to the first place without any. */
function withRest(part: Part, earlier: readonly LoadedPicture[]): GenerationResult {
  const filled = part.pictures.map((picture, index) => picture ?? earlier[index] ?? null)
  const end = filled.indexOf(null)
  return { ...part, pictures: filled.slice(0, end < 0 ? undefined : end).filter((picture) => picture !== null) }
}

/** Loads a picture's image, so that a cell changes at once. */
async function loadPicture(picture: Picture): Promise<LoadedPicture> {
  lastId += 1
  const id = lastId
  const image = await loadImage(picture.source).catch(() => {
    throw invalidResponse()
  })
  return { ...picture, id, image }
}
