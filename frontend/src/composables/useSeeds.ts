import { computed, type ComputedRef, type WritableComputedRef } from 'vue'
import { slotsOf, withFirstSeed, type Grid, type SeedSlot } from '../model/grid'
import { withPin } from '../model/view'
import type { Navigation } from './useNavigation'

export interface SeedsState {
  slots: ComputedRef<readonly SeedSlot[]>
  /** The seed that unpinned pictures count from. */
  first: WritableComputedRef<number>
  /** Whether Generate keeps all seeds. */
  locked: WritableComputedRef<boolean>
  togglePin: (index: number) => void
}

/** The seeds of the grid's pictures: consecutive from the first, except those pinned to their position. */
export function useSeeds({ view }: Navigation): SeedsState {
  function setGrid(grid: Grid): void {
    view.value = { ...view.value, grid }
  }

  return {
    slots: computed(() => slotsOf(view.value.grid)),
    first: computed({
      get: () => view.value.grid.recipe.seed ?? 0,
      set: (seed) => setGrid(withFirstSeed(view.value.grid, seed)),
    }),
    locked: computed({
      get: () => view.value.grid.locked,
      set: (locked) => setGrid({ ...view.value.grid, locked }),
    }),
    togglePin: (index) => (view.value = withPin(view.value, index)),
  }
}
