const SIDE_PX = 64
const QUALITY = 0.8

/** Draws a small copy of an image, as a data URL of about 1 kB; empty where the browser draws none. */
export function thumbnailOf(image: CanvasImageSource): string {
  const canvas = document.createElement('canvas')
  canvas.width = SIDE_PX
  canvas.height = SIDE_PX
  const context = canvas.getContext('2d')
  if (!context) return ''
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, SIDE_PX, SIDE_PX)
  return canvas.toDataURL('image/webp', QUALITY)
}
