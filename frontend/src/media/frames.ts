import { invalidResponse } from '../model/errors'
import { parseAnimation, type Animation, type AnimationFrame } from './webp'

/** Decodes a morph's animated WebP into one canvas a time step of `frameMs`; throws PaintError for any other file. */
export async function decodeFrames(file: Uint8Array, frameMs: number): Promise<HTMLCanvasElement[]> {
  const animation = parseAnimation(file)
  if (!animation) throw invalidResponse()
  const bitmaps = await Promise.all(animation.frames.map(decodeFrame)).catch(() => {
    throw invalidResponse()
  })
  return composeFrames(animation, bitmaps, frameMs)
}

async function decodeFrame({ file }: AnimationFrame): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([file], { type: 'image/webp' }))
}

/** Composes each frame over those before it; one that lasts several time steps is repeated. */
function composeFrames(animation: Animation, bitmaps: readonly ImageBitmap[], frameMs: number): HTMLCanvasElement[] {
  const { canvas, context } = newCanvas(animation.width, animation.height)
  const composed: HTMLCanvasElement[] = []
  animation.frames.forEach((frame, index) => {
    const { x, y, width, height } = frame
    const bitmap = bitmaps[index]
    if (!frame.blends) context.clearRect(x, y, width, height)
    if (bitmap) context.drawImage(bitmap, x, y)
    bitmap?.close()
    const copy = newCanvas(animation.width, animation.height)
    copy.context.drawImage(canvas, 0, 0)
    for (let ms = 0; ms < Math.max(frame.durationMs, 1); ms += frameMs) composed.push(copy.canvas)
    if (frame.disposes) context.clearRect(x, y, width, height)
  })
  return composed
}

/**
 * Draws the frame at a position from 0, the first, to 1, the last, over all of a canvas.
 *
 * Between two frames it is the sum of both by their shares, in colours and alpha.
 */
export function drawBetween(context: CanvasRenderingContext2D, frames: readonly HTMLCanvasElement[], position: number): void {
  const { width, height } = context.canvas
  const index = position * (frames.length - 1)
  const earlier = frames[Math.floor(index)]
  const later = frames[Math.ceil(index)]
  if (!earlier || !later) return
  context.imageSmoothingQuality = 'high'
  context.clearRect(0, 0, width, height)
  context.globalCompositeOperation = 'lighter'
  context.globalAlpha = 1 - (index % 1)
  context.drawImage(earlier, 0, 0, width, height)
  context.globalAlpha = index % 1
  context.drawImage(later, 0, 0, width, height)
}

export function newCanvas(width: number, height: number): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D } {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) throw invalidResponse()
  return { canvas, context }
}
