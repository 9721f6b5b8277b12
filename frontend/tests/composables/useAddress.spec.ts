import { afterEach, describe, expect, it } from 'vitest'
import { useAddress } from '../../src/composables/useAddress'
import { fakePainters, FLOWERS } from '../fakePainters'

afterEach(() => history.replaceState(null, '', '/'))

describe('useAddress', () => {
  it('links to the painter in use unless the picture names its own', () => {
    const { linkTo } = useAddress(fakePainters([FLOWERS]))
    expect(new URL(linkTo({ prompt: 'a rose', seed: 7 })).search).toBe('?prompt=a+rose&seed=7&painter=flowers')
    expect(new URL(linkTo({ seed: 7, painter: 'digits' })).search).toBe('?seed=7&painter=digits')
  })

  it('replaces the address without a new entry in the browser’s history', () => {
    const { replaceAddress } = useAddress(fakePainters([FLOWERS]))
    const { length } = history
    replaceAddress({ prompt: 'a rose' })
    expect(location.search).toBe('?prompt=a+rose')
    replaceAddress({})
    expect([location.search, history.length]).toEqual(['', length])
  })
})
