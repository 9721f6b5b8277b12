import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { randomSeed, seedAfter, type Slot } from '../model/seeds'

export interface SeedsState {
  slots: ComputedRef<readonly Slot[]>
  /** The seed that unpinned pictures count from. */
  first: Ref<number>
  /** Whether the seeds stay when somebody asks for new pictures. */
  locked: Ref<boolean>
  pins: ComputedRef<number>
  togglePin: (place: number) => void
  /** Other seeds for all that is neither pinned nor locked. */
  renew: () => void
  /** Begin with this seed, without pins. */
  startAt: (seed: number) => void
}

/** The seeds of the wall's pictures: one after another from the first, but for those that are pinned to their place. */
export function useSeeds(count: Readonly<Ref<number>>): SeedsState {
  const first = ref(randomSeed())
  const locked = ref(false)
  const pinned = ref<ReadonlyMap<number, number>>(new Map())

  const slots = computed(() => {
    return Array.from({ length: count.value }, (_, place): Slot => {
      const pin = pinned.value.get(place)
      return { seed: pin ?? seedAfter(first.value, place), pinned: pin !== undefined }
    })
  })
  const pins = computed(() => slots.value.filter((slot) => slot.pinned).length)

  function togglePin(place: number): void {
    const changed = new Map(pinned.value)
    const slot = slots.value[place]
    if (slot && !changed.delete(place)) changed.set(place, slot.seed)
    pinned.value = changed
  }

  function renew(): void {
    if (!locked.value) first.value = randomSeed()
  }

  function startAt(seed: number): void {
    pinned.value = new Map()
    first.value = seed
  }

  return { slots, first, locked, pins, togglePin, renew, startAt }
}
