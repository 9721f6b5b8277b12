import { computed } from 'vue'
import { afterEach, describe, expect, it } from 'vitest'
import { useAddress } from '../../src/composables/useAddress'
import type { PaintersState } from '../../src/composables/usePainters'

const PAINTERS = { painter: computed(() => ({ name: 'flowers' })) } as unknown as PaintersState

afterEach(() => history.replaceState(null, '', '/'))

describe('useAddress', () => {
  it('links to the painter in use unless the picture names its own', () => {
    const { linkTo } = useAddress(PAINTERS)
    expect(new URL(linkTo({ prompt: 'a rose', seed: 7 })).search).toBe('?prompt=a+rose&seed=7&painter=flowers')
    expect(new URL(linkTo({ seed: 7, painter: 'digits' })).search).toBe('?seed=7&painter=digits')
  })

  it('replaces the address without a new entry in the browser’s history', () => {
    const { replaceAddress } = useAddress(PAINTERS)
    const { length } = history
    replaceAddress({ prompt: 'a rose' })
    expect(location.search).toBe('?prompt=a+rose')
    replaceAddress({})
    expect([location.search, history.length]).toEqual(['', length])
  })
})
