import { watch, type Ref } from 'vue'
import { loadImage } from '../media/images'
import { invalidResponse } from '../model/errors'
import type { Picture } from '../model/picture'
import { paint, type PaintRequest, type PaintResponse } from '../server/paint'
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

let lastId = 0

/** Generates pictures whenever the request changes; null requests nothing and keeps the pictures. */
export function useGeneration(
  request: Readonly<Ref<GenerationRequest | null>>,
  delayMs = TYPING_DELAY_MS,
): Generation {
  const generation = useRequest(generate)
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

async function generate(signal: AbortSignal, requests: GenerationRequest): Promise<GenerationResult> {
  const responses = await Promise.all(requests.map((request) => paint(signal, request)))
  const [first] = responses
  if (!first) throw invalidResponse()
  const pictures = await Promise.all(responses.flatMap((response) => response.pictures).map(loadPicture))
  return { ...first, truncated: responses.some((response) => response.truncated), pictures }
}

/** Loads a picture's image, so that the grid changes all at once. */
async function loadPicture(picture: Picture): Promise<LoadedPicture> {
  lastId += 1
  const id = lastId
  const image = await loadImage(picture.source).catch(() => {
    throw invalidResponse()
  })
  return { ...picture, id, image }
}
