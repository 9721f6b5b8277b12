import { describe, expect, it } from 'vitest'
import { useSeeds } from '../../src/composables/useSeeds'
import { fakeNavigation } from '../fakeNavigation'

function seedsFrom(first: number) {
  const { view } = fakeNavigation(`?seed=${first}`)
  const seeds = useSeeds({ view } as Parameters<typeof useSeeds>[0])
  const setCount = (count: number): void => {
    view.value = { ...view.value, grid: { ...view.value.grid, count } }
  }
  return { ...seeds, setCount, view, current: () => seeds.slots.value.map(({ seed }) => seed) }
}

describe('useSeeds', () => {
  it('counts up from the first seed', () => {
    expect(seedsFrom(4294967294).current()).toEqual([4294967294, 4294967295, 0, 1, 2])
  })

  it('keeps a pinned seed in its position, and pinning changes no seed', () => {
    const { current, first, slots, togglePin } = seedsFrom(10)
    togglePin(2)
    expect(current()).toEqual([10, 11, 12, 13, 14])
    first.value = 50
    expect(current()).toEqual([50, 51, 12, 53, 54])
    expect(slots.value.map(({ pinned }) => pinned)).toEqual([false, false, true, false, false])
  })

  it('is locked in the view', () => {
    const { locked, view } = seedsFrom(10)
    locked.value = true
    expect(view.value.grid.locked).toBe(true)
  })

  it('keeps a pin that is hidden by a lower count', () => {
    const { current, first, setCount, slots, togglePin } = seedsFrom(10)
    togglePin(4)
    setCount(2)
    expect(slots.value.filter(({ pinned }) => pinned)).toEqual([])
    first.value = 50
    setCount(5)
    expect(current()[4]).toBe(14)
  })

  it('releases the seed of an unpinned picture', () => {
    const { current, first, togglePin } = seedsFrom(10)
    togglePin(0)
    togglePin(0)
    first.value = 50
    expect(current()[0]).toBe(50)
  })
})
