/** Loads an image by its URL; `decode()` would wait for the next frame. */
export function loadImage(source: string): Promise<HTMLImageElement> {
  const image = new Image()
  return new Promise((resolve, reject) => {
    image.onload = () => resolve(image)
    image.onerror = () => reject(new Error('this is no image'))
    image.src = source
  })
}

/** Draws a small copy of an image, as a data URL; empty where the browser draws none. */
export function thumbnailOf(image: CanvasImageSource, sidePx: number): string {
  const canvas = document.createElement('canvas')
  canvas.width = sidePx
  canvas.height = sidePx
  const context = canvas.getContext('2d')
  if (!context) return ''
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, sidePx, sidePx)
  return canvas.toDataURL('image/webp', 0.85)
}
