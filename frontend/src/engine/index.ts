import type { BrowserEngine } from '../browser/engine'
import type { Engine } from '../model/engine'
import { fetchEmbedding } from '../server/embeddings'
import { fetchMorph } from '../server/morphs'
import { fetchPng, paint } from '../server/paint'
import { fetchPainter, fetchPainters } from '../server/painters'
import { loading } from './loading'

const serverEngine: Engine = {
  painters: fetchPainters,
  painter: fetchPainter,
  paint,
  png: fetchPng,
  morph: fetchMorph,
  embedding: fetchEmbedding,
  hasApi: true,
  morphKinds: ['webp', 'gif'],
}

/** The engine of a page that paints in the visitor's browser; its code is loaded with the first call. */
const browserEngine: Engine = {
  painters: async (...inputs) => (await loaded()).painters(...inputs),
  painter: async (...inputs) => (await loaded()).painter(...inputs),
  paint: async (...inputs) => (await loaded()).paint(...inputs),
  png: async (...inputs) => (await loaded()).png(...inputs),
  morph: async (...inputs) => (await loaded()).morph(...inputs),
  embedding: async (...inputs) => (await loaded()).embedding(...inputs),
  hasApi: false,
  morphKinds: ['webp'],
}

let starting: Promise<BrowserEngine> | null = null

function loaded(): Promise<BrowserEngine> {
  starting ??= import('../browser/engine').then(({ startEngine }) => startEngine({
    base: new URL('.', document.baseURI).href,
    savesData: savesData(),
    onLoading: (latest) => (loading.value = latest),
  }))
  return starting
}

function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } }
  return connection?.saveData ?? false
}

/** What the engine is loading, of what it needs to paint; null for nothing. */
export { loading }

/** Lets the engine load what waits for the visitor's consent. */
export async function agree(): Promise<void> {
  (await loaded()).agree()
}

/** What paints for this page, as its document says. */
export const engine: Engine = isInBrowser() ? browserEngine : serverEngine

export function isInBrowser(): boolean {
  return document.querySelector('meta[name=painting-engine][content=browser]') !== null
}
