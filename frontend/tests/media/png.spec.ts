import { unzlibSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readPngText } from '../../src/media/pngText'
import { encodePng } from '../../src/media/png'

/** The pixels of a PNG with the Up filter in one IDAT chunk. */
function pixelsOf(file: Uint8Array, side: number, channels: number): number[] {
  const start = new TextDecoder('latin1').decode(file).indexOf('IDAT')
  const length = new DataView(file.buffer).getUint32(start - 4)
  const lines = unzlibSync(file.subarray(start + 4, start + 4 + length))
  const rowBytes = side * channels
  const pixels: number[] = []
  for (let row = 0; row < side; row += 1) {
    expect(lines[row * (rowBytes + 1)]).toBe(2)
    for (let index = 0; index < rowBytes; index += 1) {
      const above = row === 0 ? 0 : (pixels[(row - 1) * rowBytes + index] ?? 0)
      pixels.push(((lines[row * (rowBytes + 1) + 1 + index] ?? 0) + above) & 255)
    }
  }
  return pixels
}

describe('encodePng', () => {
  it.each([[3, 2], [4, 6]])('keeps every pixel of %i channels', (channels, colorType) => {
    const data = Uint8Array.from({ length: 5 * 5 * channels }, (_, index) => (index * 97) % 256)
    const file = encodePng({ side: 5, data }, {})
    expect(pixelsOf(file, 5, channels)).toEqual([...data])
    expect(file[25]).toBe(colorType)
  })

  it('states a recipe in any script', () => {
    const file = encodePng({ side: 1, data: new Uint8Array(3) }, { prompt: 'eine Blüte 🌹', seed: 7, painter: 'blüten' })
    expect(Object.fromEntries(readPngText(file) ?? [])).toEqual({ prompt: 'eine Blüte 🌹', seed: '7', painter: 'blüten' })
  })
})
