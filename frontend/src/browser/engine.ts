import { fileDataUrl } from '../media/files'
import type { Embedding } from '../model/embedding'
import type { Engine, File } from '../model/engine'
import type { PaintResponse } from '../model/paint'
import type { Painter } from '../model/painter'
import type { Picture } from '../model/picture'
import { recipeOf } from '../model/recipe'
import type { Loading, PaintedFiles } from './messages'
import { WorkerChannel } from './workerChannel'

export interface EngineSettings {
  /** The address of the site's folder. */
  readonly base: string
  /** Whether what is large is loaded only once the visitor agrees. */
  readonly savesData: boolean
  readonly onLoading: (loading: Loading | null) => void
}

export interface BrowserEngine extends Omit<Engine, 'hasApi' | 'morphKinds'> {
  /** Lets what waits for the visitor's consent be loaded. */
  agree: () => void
}

/** Starts the worker that paints with the files of a static site. */
export function startEngine({ base, onLoading, savesData }: EngineSettings): BrowserEngine {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'painter' })
  const channel = new WorkerChannel(worker, onLoading)
  channel.send({ type: 'start', base, savesData })
  return {
    painters: (signal) => channel.call<Painter[]>(signal, 'painters', null),
    painter: (signal, name) => channel.call<Painter>(signal, 'painter', name),
    paint: async (signal, request, onPart = () => Promise.resolve()) => {
      const responseOf = newReader()
      let shown = Promise.resolve() // each part once the one before it is
      const result = await channel.call<PaintedFiles>(signal, 'paint', request, (part) => {
        shown = shown.then(() => onPart(responseOf(part)))
      })
      await shown
      return responseOf(result)
    },
    png: (signal, recipe, sidePx = null) => channel.call<File>(signal, 'png', { recipe: recipeOf(recipe), sidePx }),
    morph: (signal, { from, to }, format) => channel.call<File>(signal, 'morph', { morph: { from: recipeOf(from), to }, format }),
    embedding: (signal, request) => channel.call<Embedding>(signal, 'embedding', request),
    agree: () => channel.send({ type: 'consent' }),
  }
}

/** Reads the parts of one response, each of which holds the files of those before it: no file is encoded twice. */
function newReader(): (part: PaintedFiles) => PaintResponse {
  const pictures: Picture[] = []
  return ({ files, ...response }) => {
    pictures.push(...files.slice(pictures.length).map(({ file, ...recipe }) => ({ ...recipe, source: fileDataUrl(file) })))
    return { ...response, pictures: pictures.slice(0, files.length) }
  }
}
