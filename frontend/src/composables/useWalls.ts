import { computed, type Ref } from 'vue'
import type { Manner } from '../model/manner'
import { runsOf } from '../model/runs'
import type { PaintersState } from './usePainters'
import { usePaintings, type Wall, type WallOrder } from './usePaintings'
import type { SeedsState } from './useSeeds'

export interface WallNeeds {
  readonly painters: PaintersState
  readonly seeds: SeedsState
  readonly count: Readonly<Ref<number>>
  readonly manner: Readonly<Ref<Manner>>
  /** What each wall shows; null for a painter without words, undefined for a wall that is not seen. */
  readonly prompt: Readonly<Ref<string | null | undefined>>
  readonly otherPrompt: Readonly<Ref<string | null | undefined>>
  /** Whether a link says what to paint, so that nobody has to wait to hear who paints here. */
  readonly linked: boolean
}

/** The wall of pictures, and the one that it is compared with: other words, the same seeds. */
export function useWalls(needs: WallNeeds): { wall: Wall; otherWall: Wall } {
  const { painters, seeds, count, manner, linked } = needs
  const ready = computed(() => {
    const trouble = painters.request.error.value?.trouble
    return linked || painters.request.data.value !== null || trouble === 'broken' || trouble === 'refused'
  })

  function orderOf(prompt: string | null | undefined): WallOrder | null {
    if (!ready.value || prompt === '' || prompt === undefined) return null
    const plain = painters.plain.value
    return {
      prompt,
      runs: plain ? [{ seed: null, count: count.value }] : runsOf(seeds.slots.value.map(({ seed }) => seed)),
      manner: manner.value,
      painter: plain ? null : painters.chosen.value,
    }
  }

  return {
    wall: usePaintings(computed(() => orderOf(needs.prompt.value))),
    otherWall: usePaintings(computed(() => orderOf(needs.otherPrompt.value))),
  }
}
