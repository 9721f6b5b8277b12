import { afterEach, describe, expect, it, vi } from 'vitest'
import { authHeaders, setApiKey } from '../../src/server/apiKey'

afterEach(() => {
  vi.restoreAllMocks()
  setApiKey('')
})

describe('the API key', () => {
  it('is sent once it is set, without surrounding white space', () => {
    expect(authHeaders()).toEqual({})
    setApiKey(' open sesame ')
    expect(authHeaders()).toEqual({ 'X-API-Key': 'open sesame' })
  })

  it('lasts as long as the tab', async () => {
    setApiKey('open sesame')
    vi.resetModules()
    const reloaded = await import('../../src/server/apiKey')
    expect(reloaded.authHeaders()).toEqual({ 'X-API-Key': 'open sesame' })
  })

  it('is sent even if the browser forbids storage', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('no', 'SecurityError')
    })
    setApiKey('open sesame')
    expect(authHeaders()).toEqual({ 'X-API-Key': 'open sesame' })
  })
})
