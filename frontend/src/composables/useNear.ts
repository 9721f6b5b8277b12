import { shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { framesOf } from '../media/frames'
import { STEPS_AWAY } from '../model/link'
import type { Manner } from '../model/manner'
import { fetchMorph, type MorphFile } from '../server/morphs'
import type { Frames } from './useMorph'
import { useRequest, type RequestState } from './useRequest'

/** A picture, and the seeds that its neighbours lie towards. */
export interface NearOrder {
  readonly prompt: string | null
  readonly seed: number
  readonly towards: readonly number[]
  readonly manner: Manner
  readonly painter: string | null
}

export interface NearState extends RequestState<NearOrder, readonly Frames[]> {
  /** For each direction its way, from the picture itself to another one; empty until it is painted. */
  ways: ShallowRef<readonly Frames[]>
}

export const DIRECTIONS = 6
const PAUSE_MS = 200
const MS_A_FRAME = 40
const MOST_KNOWN = 60 // ways
const WAY: MorphFile = { steps: STEPS_AWAY + 1, msAFrame: MS_A_FRAME, loop: 'once', lossless: true }

/** What lies around a picture: the beginnings of morphs towards other seeds, in several directions. */
export function useNear(order: Readonly<Ref<NearOrder | null>>): NearState {
  const ways = shallowRef<readonly Frames[]>([])
  const known = new Map<string, Frames>()
  const request = useRequest<NearOrder, readonly Frames[]>(paintWays)

  /** One after another, so that the first is soon there; those that are known are not painted again. */
  async function paintWays(signal: AbortSignal, asked: NearOrder): Promise<readonly Frames[]> {
    for (const [place, toSeed] of asked.towards.entries()) {
      const key = JSON.stringify([{ ...asked, towards: null }, toSeed])
      const way = known.get(key) ?? (await paintWay(signal, asked, toSeed))
      if (signal.aborted) break
      known.set(key, way)
      if (known.size > MOST_KNOWN) known.delete(known.keys().next().value ?? '')
      ways.value = asked.towards.map((_, index) => (index === place ? way : (ways.value[index] ?? [])))
    }
    return ways.value
  }

  watch(
    () => JSON.stringify(order.value),
    () => {
      if (order.value) request.ask(order.value, ways.value.length > 0 ? PAUSE_MS : 0)
      else request.stop()
    },
    { immediate: true },
  )
  return { ...request, ways }
}

async function paintWay(signal: AbortSignal, order: NearOrder, toSeed: number): Promise<Frames> {
  const { prompt, seed, manner, painter } = order
  const ends = { from: { prompt, seed }, to: { prompt, seed: toSeed } }
  return framesOf(await fetchMorph(signal, { ...ends, manner, painter }, WAY), MS_A_FRAME)
}
