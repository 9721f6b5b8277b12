import { invalidResponse } from '../model/errors'
import type { Pixels } from '../media/png'

/** Enlarges a picture by the browser's best filter. */
export function enlarged(pixels: Pixels, side: number): Pixels {
  const context = newContext(side)
  context.imageSmoothingQuality = 'high'
  context.drawImage(canvasOf(pixels), 0, 0, side, side)
  const { data } = context.getImageData(0, 0, side, side)
  return { side, data: channelsOf(pixels) === 4 ? Uint8Array.from(data) : withoutAlpha(data) }
}

/** Draws a picture on a canvas of its size. */
export function canvasOf(pixels: Pixels): OffscreenCanvas {
  const context = newContext(pixels.side)
  const data = channelsOf(pixels) === 4 ? Uint8ClampedArray.from(pixels.data) : withAlpha(pixels.data)
  context.putImageData(new ImageData(data, pixels.side, pixels.side), 0, 0)
  return context.canvas
}

function newContext(side: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(side, side).getContext('2d')
  if (!context) throw invalidResponse()
  return context
}

function channelsOf({ data, side }: Pixels): number {
  return data.length / side ** 2
}

function withAlpha(rgb: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255)
  copyColors(rgb, 3, rgba, 4)
  return rgba
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  copyColors(rgba, 4, rgb, 3)
  return rgb
}

/** Copies the colours of pixels of some bytes each. */
function copyColors(from: Uint8Array | Uint8ClampedArray, fromBytes: number, to: Uint8Array | Uint8ClampedArray, toBytes: number): void {
  for (let source = 0, target = 0; source < from.length; source += fromBytes, target += toBytes) {
    to[target] = from[source] ?? 0
    to[target + 1] = from[source + 1] ?? 0
    to[target + 2] = from[source + 2] ?? 0
  }
}
