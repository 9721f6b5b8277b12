import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { useSeeds } from '../../src/composables/useSeeds'

function seedsFrom(first: number, pictures = 5) {
  const count = ref(pictures)
  const seeds = useSeeds(count)
  seeds.startAt(first)
  return { ...seeds, count, now: () => seeds.slots.value.map(({ seed }) => seed) }
}

describe('useSeeds', () => {
  it('counts on from the first seed', () => {
    expect(seedsFrom(4294967294).now()).toEqual([4294967294, 4294967295, 0, 1, 2])
  })

  it('keeps a pinned seed in its place, and changes none when one is pinned', () => {
    const { now, togglePin, renew, slots } = seedsFrom(10)
    togglePin(2)
    expect(now()).toEqual([10, 11, 12, 13, 14])
    renew()
    expect(now()[2]).toBe(12)
    expect(now()[0]).not.toBe(10)
    expect(slots.value.map(({ pinned }) => pinned)).toEqual([false, false, true, false, false])
  })

  it('keeps all seeds while they are locked', () => {
    const { now, locked, renew } = seedsFrom(10)
    locked.value = true
    renew()
    expect(now()).toEqual([10, 11, 12, 13, 14])
  })

  it('remembers a pin that is out of sight while there are fewer pictures', () => {
    const { now, togglePin, count, renew, pins } = seedsFrom(10)
    togglePin(4)
    count.value = 2
    expect(pins.value).toBe(0)
    renew()
    count.value = 5
    expect(now()[4]).toBe(14)
  })

  it('lets a picture go that is pinned no more', () => {
    const { now, togglePin, startAt } = seedsFrom(10)
    togglePin(0)
    startAt(50)
    expect(now()[0]).toBe(50)
    togglePin(0)
    togglePin(0)
    expect(now()[0]).toBe(50)
  })
})
