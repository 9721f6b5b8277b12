import { describe, expect, it } from 'vitest'
import { dataUrlBytes } from '../../src/media/files'
import { parseAnimation } from '../../src/media/webp'
import { FILES } from './files'

function file(name: keyof typeof FILES): Uint8Array<ArrayBuffer> {
  return dataUrlBytes(`data:,${FILES[name]}`)
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}

describe('parseAnimation', () => {
  it.each([
    ['lossy', 'VP8 '],
    ['lossless', 'VP8L'],
  ] as const)('demuxes an animation into still files: %s', (name, kind) => {
    const animation = parseAnimation(file(name))
    expect(animation).toMatchObject({ width: 16, height: 16 })
    for (const frame of animation?.frames ?? []) {
      expect([ascii(frame.file, 0, 4), ascii(frame.file, 8, 16)]).toEqual(['RIFF', `WEBP${kind}`])
      expect(new DataView(frame.file.buffer).getUint32(4, true)).toBe(frame.file.length - 8)
    }
  })

  it('reads the durations: a repeated frame lasts twice as long', () => {
    expect(parseAnimation(file('lossless'))?.frames.map(({ durationMs }) => durationMs)).toEqual([40, 40, 80])
  })

  it('reads the rectangle of a partial frame', () => {
    const [whole, part] = parseAnimation(file('part'))?.frames ?? []
    expect(whole).toMatchObject({ x: 0, y: 0, width: 16, height: 16 })
    expect(part).toMatchObject({ x: 6, y: 4, width: 4, height: 4 })
  })

  it('rejects other files, and survives truncation and wrong bytes', () => {
    expect(parseAnimation(file('plain'))).toBeNull()
    const whole = file('lossy')
    for (let end = 0; end < whole.length - 1; end += 1) expect(parseAnimation(whole.subarray(0, end))?.frames).not.toEqual([])
    for (let at = 0; at < whole.length; at += 1) {
      const wrong = whole.slice()
      wrong[at] = 255 - (wrong[at] ?? 0)
      parseAnimation(wrong)
    }
  })
})
