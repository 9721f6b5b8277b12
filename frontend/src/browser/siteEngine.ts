import { encodePng, type Pixels } from '../media/png'
import { animate } from '../media/webpAnimation'
import type { Embedding, EmbeddingRequest } from '../model/embedding'
import { PaintError } from '../model/errors'
import type { Morph, MorphFormat } from '../model/morph'
import type { PaintRequest } from '../model/paint'
import type { Painter } from '../model/painter'
import { recipeFields, recipeOf, type Recipe } from '../model/recipe'
import { seedAfter } from '../model/seeds'
import type { BrowserPainter, Row } from './browserPainter'
import { canvasOf, enlarged } from './enlarge'
import { latentsBetween, paintEvenly, textVectorsBetween } from './interpolation'
import { cleanText } from './reading/cleaning'
import type { Loading, PaintedFiles } from './messages'
import { SiteFiles } from './siteFiles'

const WEBP_QUALITY = 0.9

/** Answers what the page asks for, with the files of a static site. */
export class SiteEngine {
  private readonly files: SiteFiles

  constructor(base: string, savesData: boolean, onLoading: (loading: Loading | null) => void) {
    this.files = new SiteFiles(base, savesData, onLoading)
  }

  /** Lets what waits for the visitor's consent be loaded. */
  agree(): void {
    this.files.agree()
  }

  async painters(): Promise<Painter[]> {
    return (await this.files.site()).painters.map(({ painter }) => painter)
  }

  /** A painter whose card has its figures, which its file holds. */
  async painter(name: string): Promise<Painter> {
    const { painter } = await this.files.entry(name)
    return { ...painter, card: (await this.files.painter(name)).file.card }
  }

  async paint(request: PaintRequest, signal: AbortSignal, publish: (part: PaintedFiles) => void): Promise<PaintedFiles> {
    const painter = await this.files.painter(request.painter)
    const prompt = request.prompt === null ? null : cleanText(request.prompt)
    const checked = prompt && (await painter.check(prompt.text))
    const files: PaintedFiles['files'][number][] = []
    const response = (): PaintedFiles => ({
      prompt: prompt?.text ?? null,
      painter: painter.name,
      truncated: (prompt?.truncated ?? false) || (checked?.truncated ?? false),
      notes: checked?.reading.notes ?? [],
      files: [...files],
    })
    for (const recipe of recipesOf({ ...request, prompt: prompt?.text ?? null, painter: painter.name })) {
      await nextTask() // in which an abort is heard
      signal.throwIfAborted()
      const pixels = await painter.paint(await painter.rowOf(recipe, checked?.reading.text ?? null))
      files.push({ ...recipe, file: encodePng(pixels, recipeFields(recipe)) })
      publish(response())
    }
    void this.files.prepareEncoder(painter.name)
    return response()
  }

  async png(recipe: Recipe, sidePx: number | null): Promise<Uint8Array> {
    const painter = await this.files.painter(recipe.painter)
    const pixels = await painter.paint(await readRow(painter, recipe))
    return encodePng(sidePx === null ? pixels : enlarged(pixels, sidePx), recipeFields({ ...recipe, painter: painter.name }))
  }

  async morph({ from, to }: Morph, format: MorphFormat, signal: AbortSignal): Promise<Uint8Array> {
    const painter = await this.files.painter(from.painter)
    const start = await readRow(painter, from)
    const end = await readRow(painter, { ...from, ...to })
    const frames = await paintEvenly(async (position) => {
      await nextTask()
      signal.throwIfAborted()
      return painter.paint(rowBetween(start, end, position))
    }, format.steps)
    const stills = await Promise.all(frames.map((frame) => stillWebp(frame, format.lossless)))
    const order = format.loop === 'there-and-back' ? [...stills, ...stills.slice(1, -1).reverse()] : stills
    const file = animate(order, painter.file.pictureSize, format.frameMs)
    if (!file) throw new PaintError('rejected', 'This browser cannot write WebP files, which morphs are.')
    return file
  }

  async embedding({ painter: name, prompt }: EmbeddingRequest): Promise<Embedding> {
    const painter = await this.files.painter(name)
    const { reading } = await painter.check(cleanText(prompt).text)
    const vector = await painter.encode(reading.text)
    const length = Math.hypot(...vector)
    return { numbers: Array.from(vector, (number) => number / length), nearest: painter.nearest(vector) }
  }
}

/** What a recipe's picture is painted from, with its prompt as it is read. */
async function readRow(painter: BrowserPainter, recipe: Recipe): Promise<Row> {
  const checked = recipe.prompt === null ? null : await painter.check(cleanText(recipe.prompt).text)
  return painter.rowOf(recipe, checked?.reading.text ?? null)
}

/** The recipes of a request's pictures: consecutive seeds, or one seed with consecutive subseeds. */
function recipesOf(request: PaintRequest): Recipe[] {
  const { count, seed, variation } = request
  return Array.from({ length: count }, (_, index) => {
    if (variation) return { ...recipeOf(request), variation: { ...variation, subseed: seedAfter(variation.subseed, index) } }
    return { ...recipeOf(request), seed: seedAfter(seed ?? 0, index) }
  })
}

function rowBetween(start: Row, end: Row, position: number): Row {
  const vector = start.vector && end.vector && textVectorsBetween(start.vector, end.vector, position)
  return { latents: latentsBetween(start.latents, end.latents, position), vector }
}

async function stillWebp(pixels: Pixels, lossless: boolean): Promise<Uint8Array> {
  const blob = await canvasOf(pixels).convertToBlob({ type: 'image/webp', quality: lossless ? 1 : WEBP_QUALITY })
  return new Uint8Array(await blob.arrayBuffer())
}

/** Lets messages be received that wait. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
