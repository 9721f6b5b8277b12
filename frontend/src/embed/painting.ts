/** Painters in pages of one's own: the module `painting.js` of a static site; `painting.d.ts` describes it. */
import { startEngine, type BrowserEngine } from '../browser/engine'
import { DEFAULT_OPTIONS } from '../model/paintOptions'
import { randomSeed } from '../model/seeds'

interface Options {
  readonly seed?: number
  readonly count?: number
  readonly truncation?: number
  readonly strength?: number
  readonly signal?: AbortSignal
}

interface PaintedPicture {
  readonly prompt: string | null
  readonly seed: number
  readonly source: string
}

let engine: BrowserEngine | null = null

export async function openPainter(name: string | null = null): Promise<object> {
  engine ??= startEngine({ base: new URL(/* @vite-ignore */ '.', import.meta.url).href, savesData: false, onLoading: () => undefined })
  const opened = engine
  const { signal } = new AbortController()
  const painters = await opened.painters(signal)
  const painter = name === null ? painters[0] : painters.find((other) => other.name === name)
  if (!painter) throw new Error(`There is no painter '${name}' here: ${painters.map((other) => other.name).join(', ')}.`)
  return {
    name: painter.name,
    pictureSize: painter.pictureSize,
    examplePrompts: painter.examplePrompts,
    paint: (prompt: string | null, options?: Options) => paint(opened, painter.name, prompt, options),
  }
}

async function paint(opened: BrowserEngine, painter: string, prompt: string | null, options: Options = {}): Promise<{ notes: readonly string[]; pictures: PaintedPicture[] }> {
  const { count = 1, seed = randomSeed(), signal = new AbortController().signal } = options
  const paintOptions = { truncation: options.truncation ?? DEFAULT_OPTIONS.truncation, strength: options.strength ?? DEFAULT_OPTIONS.strength }
  const { notes, pictures } = await opened.paint(signal, { prompt, seed, count, painter, options: paintOptions, variation: null })
  return { notes, pictures: pictures.map(({ source, ...recipe }) => ({ prompt: recipe.prompt, seed: recipe.seed ?? seed, source })) }
}
