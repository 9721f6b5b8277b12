import { PaintError } from '../model/errors'
import { isRecord } from '../model/parse'
import { BrowserPainter } from './browserPainter'
import { download, downloadGzipped } from './download'
import type { Loading } from './messages'
import { readPainterFile } from './painterFile'
import { parseReadingWords, type ReadingWords } from './reading/promptReader'
import { Graph, prepareRuntime } from './runtime'
import { parseSite, type Site, type SiteFile, type SitePainter } from './site'
import { TextEncoder } from './textEncoder'

/** Loads what a static site holds, each file once and only when it is needed; one painter is open at a time. */
export class SiteFiles {
  private siteLoading: Promise<Site> | null = null
  private runtimeLoading: Promise<void> | null = null
  private wordsLoading: Promise<ReadingWords> | null = null
  private opened: { readonly name: string; readonly painter: Promise<BrowserPainter> } | null = null
  private readonly encoders = new Map<string, Promise<TextEncoder>>()
  private readonly consent: Promise<void>
  private giveConsent: () => void = () => undefined

  constructor(
    private readonly base: string,
    private readonly savesData: boolean,
    private readonly onLoading: (loading: Loading | null) => void,
  ) {
    this.consent = new Promise((resolve) => (this.giveConsent = resolve))
    if (!savesData) this.giveConsent()
  }

  agree(): void {
    this.giveConsent()
  }

  /** The site's index; loaded again after a failure, as all of it is. */
  site(): Promise<Site> {
    this.siteLoading ??= this.loadSite().catch((cause: unknown) => {
      this.siteLoading = null
      throw cause
    })
    return this.siteLoading
  }

  /** A painter's entry of the index; null: the default's. */
  async entry(name: string | null): Promise<SitePainter> {
    const { painters } = await this.site()
    const found = name === null ? painters[0] : painters.find(({ painter }) => painter.name === name)
    if (!found) throw new PaintError('rejected', `there is no painter '${name}' here`)
    return found
  }

  /** An open painter; any other that is open is closed. */
  async painter(name: string | null): Promise<BrowserPainter> {
    const entry = await this.entry(name)
    const { opened } = this
    if (opened?.name === entry.painter.name) return opened.painter
    void opened?.painter.then((painter) => painter.release()).catch(() => undefined)
    const painter = this.open(entry)
    this.opened = { name: entry.painter.name, painter }
    painter.catch(() => (this.opened = null))
    return painter
  }

  /** Loads a painter's text encoder before a prompt needs it, unless the visitor saves data. */
  async prepareEncoder(name: string): Promise<void> {
    const { textEncoder } = await this.entry(name)
    if (textEncoder !== null && !this.savesData) await this.encoder(textEncoder).catch(() => undefined)
  }

  private async loadSite(): Promise<Site> {
    const response = await fetch(new URL('site.json', this.base)).catch(() => null)
    if (!response?.ok) throw new PaintError('unreachable', 'The painters cannot be loaded. Is the connection up?')
    return parseSite(await response.json())
  }

  private async open({ examples, file, painter, textEncoder }: SitePainter): Promise<BrowserPainter> {
    const { runtime } = await this.site()
    const report = this.reporter('the painter', [runtime, file])
    const [content, vectors, words] = await Promise.all([
      download(this.base, file, report(file)),
      examples === null ? null : download(this.base, examples),
      this.words(),
      this.runtime(report(runtime)),
    ])
    this.onLoading(null)
    const read = await readPainterFile(content)
    const graph = await Graph.open(read.generator)
    return new BrowserPainter(painter.name, read, graph, examplesOf(vectors), words, () => this.encoder(textEncoder ?? ''))
  }

  private encoder(id: string): Promise<TextEncoder> {
    const found = this.encoders.get(id) ?? this.openEncoder(id)
    this.encoders.set(id, found)
    found.catch(() => this.encoders.delete(id))
    return found
  }

  private async openEncoder(id: string): Promise<TextEncoder> {
    const settings = (await this.site()).encoders.get(id)
    if (!settings) throw new PaintError('invalid', `This site has no text encoder ${id}.`)
    const { graph, tokenizer } = settings
    const report = this.reporter('the text encoder', [graph, tokenizer])
    if (this.savesData) report.waiting()
    await this.consent
    const [graphFile, tokenizerFile] = await Promise.all([
      downloadGzipped(this.base, graph, report(graph)),
      downloadGzipped(this.base, tokenizer, report(tokenizer)),
    ])
    this.onLoading(null)
    return TextEncoder.open(tokenizerFile, graphFile, settings)
  }

  private words(): Promise<ReadingWords> {
    this.wordsLoading ??= this.site().then(async ({ reading }) => {
      return parseReadingWords(JSON.parse(new TextDecoder().decode(await download(this.base, reading))))
    })
    this.wordsLoading.catch(() => (this.wordsLoading = null))
    return this.wordsLoading
  }

  private runtime(onProgress: (bytes: number) => void): Promise<void> {
    this.runtimeLoading ??= this.site().then(async ({ runtime }) => {
      prepareRuntime(await downloadGzipped(this.base, runtime, onProgress))
    })
    this.runtimeLoading.catch(() => (this.runtimeLoading = null))
    return this.runtimeLoading
  }

  /** Reports the progress of some files together. */
  private reporter(what: Loading['what'], files: readonly SiteFile[]): Reporter {
    const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0)
    const loaded = new Map<SiteFile, number>()
    const report = (waits: boolean): void => {
      const loadedBytes = [...loaded.values()].reduce((sum, bytes) => sum + bytes, 0)
      this.onLoading({ what, loadedBytes, totalBytes, waits })
    }
    return Object.assign((file: SiteFile) => (bytes: number) => {
      loaded.set(file, bytes)
      report(false)
    }, { waiting: () => report(true) })
  }
}

interface Reporter {
  (file: SiteFile): (loadedBytes: number) => void
  waiting: () => void
}

/** Raw text vectors, float32 in base64, by the prompts that they are of. */
function examplesOf(content: Uint8Array | null): Map<string, Float32Array> {
  const json = content && (JSON.parse(new TextDecoder().decode(content)) as unknown)
  const examples = isRecord(json) && isRecord(json['examples']) ? json['examples'] : {}
  return new Map(Object.entries(examples).map(([prompt, base64]) => {
    const bytes = Uint8Array.from(atob(String(base64)), (letter) => letter.charCodeAt(0))
    return [prompt, new Float32Array(bytes.buffer)]
  }))
}
