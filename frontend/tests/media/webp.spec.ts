import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../src/media/files'
import { readAnimation } from '../../src/media/webp'
import { FILES } from './files'

function file(name: keyof typeof FILES): Uint8Array<ArrayBuffer> {
  return bytesOf(`data:,${FILES[name]}`)
}

function letters(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}

describe('readAnimation', () => {
  it.each([
    ['lossy', 'VP8 '],
    ['lossless', 'VP8L'],
  ] as const)('takes an animation apart into files of one picture: %s', (name, kind) => {
    const animation = readAnimation(file(name))
    expect(animation).toMatchObject({ width: 16, height: 16 })
    for (const frame of animation?.frames ?? []) {
      expect([letters(frame.file, 0, 4), letters(frame.file, 8, 16)]).toEqual(['RIFF', `WEBP${kind}`])
      expect(new DataView(frame.file.buffer).getUint32(4, true)).toBe(frame.file.length - 8)
    }
  })

  it('tells how long a frame stays: one that was the same twice stays twice as long', () => {
    expect(readAnimation(file('lossless'))?.frames.map(({ ms }) => ms)).toEqual([40, 40, 80])
  })

  it('tells where a frame goes that is a part of the picture', () => {
    const [whole, part] = readAnimation(file('part'))?.frames ?? []
    expect(whole).toMatchObject({ x: 0, y: 0, width: 16, height: 16 })
    expect(part).toMatchObject({ x: 6, y: 4, width: 4, height: 4 })
  })

  it('refuses what is no animation, and bears what is cut off or wrong', () => {
    expect(readAnimation(file('plain'))).toBeNull()
    const whole = file('lossy')
    for (let end = 0; end < whole.length - 1; end += 1) expect(readAnimation(whole.subarray(0, end))?.frames).not.toEqual([])
    for (let at = 0; at < whole.length; at += 1) {
      const wrong = whole.slice()
      wrong[at] = 255 - (wrong[at] ?? 0)
      readAnimation(wrong)
    }
  })
})
