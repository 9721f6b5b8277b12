import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { randomSeed, seedAfter, type SeedSlot } from '../model/seeds'

export interface SeedsState {
  slots: ComputedRef<readonly SeedSlot[]>
  /** The seed that unpinned pictures count from. */
  first: Ref<number>
  /** Whether `randomize` keeps all seeds. */
  locked: Ref<boolean>
  togglePin: (index: number) => void
  /** Draws new seeds for all pictures that are not pinned, unless they are locked. */
  randomize: () => void
  /** Sets the first seed and removes all pins. */
  startFrom: (seed: number) => void
}

/** The seeds of the grid's pictures: consecutive from the first, except those pinned to their position. */
export function useSeeds(count: Readonly<Ref<number>>): SeedsState {
  const first = ref(randomSeed())
  const locked = ref(false)
  const pins = ref<ReadonlyMap<number, number>>(new Map())

  const slots = computed(() => {
    return Array.from({ length: count.value }, (_, index): SeedSlot => {
      const pin = pins.value.get(index)
      return { seed: pin ?? seedAfter(first.value, index), pinned: pin !== undefined }
    })
  })

  function togglePin(index: number): void {
    const changed = new Map(pins.value)
    const slot = slots.value[index]
    if (slot && !changed.delete(index)) changed.set(index, slot.seed)
    pins.value = changed
  }

  function randomize(): void {
    if (!locked.value) first.value = randomSeed()
  }

  function startFrom(seed: number): void {
    pins.value = new Map()
    first.value = seed
  }

  return { slots, first, locked, togglePin, randomize, startFrom }
}
