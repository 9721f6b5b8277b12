import { readAnimation, type Animation, type Frame } from './webp'
import { nonsense } from '../model/errors'

/** A morph's frames as small pictures that can be drawn; throws PaintError for what is no animation. */
export async function framesOf(file: Uint8Array, msAFrame: number): Promise<HTMLCanvasElement[]> {
  const animation = readAnimation(file)
  if (!animation) throw nonsense()
  const painted = await Promise.all(animation.frames.map(decode)).catch(() => {
    throw nonsense()
  })
  return laidOver(animation, painted, msAFrame)
}

async function decode({ file }: Frame): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([file], { type: 'image/webp' }))
}

/** Each frame as it is seen, on top of those before; one that stays longer stands for several equal ones. */
function laidOver(animation: Animation, painted: readonly ImageBitmap[], msAFrame: number): HTMLCanvasElement[] {
  const [sheet, context] = newCanvas(animation.width, animation.height)
  const seen: HTMLCanvasElement[] = []
  animation.frames.forEach((frame, index) => {
    const { x, y, width, height } = frame
    const bitmap = painted[index]
    if (!frame.blends) context.clearRect(x, y, width, height)
    if (bitmap) context.drawImage(bitmap, x, y)
    bitmap?.close()
    const [copy, copied] = newCanvas(animation.width, animation.height)
    copied.drawImage(sheet, 0, 0)
    for (let ms = 0; ms < Math.max(frame.ms, 1); ms += msAFrame) seen.push(copy)
    if (frame.clears) context.clearRect(x, y, width, height)
  })
  return seen
}

export function newCanvas(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) throw nonsense()
  return [canvas, context]
}
