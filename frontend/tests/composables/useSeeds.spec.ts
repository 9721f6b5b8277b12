import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { useSeeds } from '../../src/composables/useSeeds'

function seedsFrom(first: number, pictures = 5) {
  const count = ref(pictures)
  const seeds = useSeeds(count)
  seeds.startFrom(first)
  return { ...seeds, count, current: () => seeds.slots.value.map(({ seed }) => seed) }
}

describe('useSeeds', () => {
  it('counts up from the first seed', () => {
    expect(seedsFrom(4294967294).current()).toEqual([4294967294, 4294967295, 0, 1, 2])
  })

  it('keeps a pinned seed in its position, and pinning changes no seed', () => {
    const { current, togglePin, randomize, slots } = seedsFrom(10)
    togglePin(2)
    expect(current()).toEqual([10, 11, 12, 13, 14])
    randomize()
    expect(current()[2]).toBe(12)
    expect(current()[0]).not.toBe(10)
    expect(slots.value.map(({ pinned }) => pinned)).toEqual([false, false, true, false, false])
  })

  it('keeps all seeds while they are locked', () => {
    const { current, locked, randomize } = seedsFrom(10)
    locked.value = true
    randomize()
    expect(current()).toEqual([10, 11, 12, 13, 14])
  })

  it('keeps a pin that is hidden by a lower count', () => {
    const { current, togglePin, count, randomize, slots } = seedsFrom(10)
    togglePin(4)
    count.value = 2
    expect(slots.value.filter(({ pinned }) => pinned)).toEqual([])
    randomize()
    count.value = 5
    expect(current()[4]).toBe(14)
  })

  it('releases the seed of an unpinned picture', () => {
    const { current, togglePin, startFrom } = seedsFrom(10)
    togglePin(0)
    startFrom(50)
    expect(current()[0]).toBe(50)
    togglePin(0)
    togglePin(0)
    expect(current()[0]).toBe(50)
  })
})
