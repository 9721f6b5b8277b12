import { afterEach, describe, expect, it, vi } from 'vitest'
import { findVideoCodec } from '../../src/media/videoCodec'

/** A browser that encodes with the codecs whose names begin so. */
function encodeWith(...starts: string[]): void {
  const isConfigSupported = ({ codec }: VideoEncoderConfig): Promise<{ supported: boolean }> => {
    return Promise.resolve({ supported: starts.some((start) => codec.startsWith(start)) })
  }
  vi.stubGlobal('VideoEncoder', { isConfigSupported })
}

describe('findVideoCodec', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('prefers H.264, and takes what there is', async () => {
    for (const [starts, family] of [[['av01', 'vp09', 'avc1'], 'avc'], [['av01', 'vp09'], 'vp9'], [['av01'], 'av1']] as const) {
      encodeWith(...starts)
      expect((await findVideoCodec())?.family).toBe(family)
    }
  })

  it('finds none in a browser without an encoder, or whose encoder knows none or fails', async () => {
    expect(await findVideoCodec()).toBeNull()
    encodeWith()
    expect(await findVideoCodec()).toBeNull()
    vi.stubGlobal('VideoEncoder', { isConfigSupported: () => Promise.reject(new TypeError('an unknown codec')) })
    expect(await findVideoCodec()).toBeNull()
  })
})
