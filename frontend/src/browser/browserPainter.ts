import type { Pixels } from '../media/png'
import type { NearCaption } from '../model/embedding'
import { PaintError } from '../model/errors'
import type { Recipe } from '../model/recipe'
import { requestLatents } from './latents'
import type { PainterFile } from './painterFile'
import { PromptReader, type PromptReading, type ReadingWords } from './reading/promptReader'
import { floats, type Graph } from './runtime'
import type { TextEncoder } from './textEncoder'

/** The inputs of a picture: latents, and a standardised text vector scaled by the strength, or null. */
export interface Row {
  readonly latents: Float32Array
  readonly vector: Float32Array | null
}

const CACHED_VECTORS = 256

export interface CheckedPrompt {
  readonly reading: PromptReading
  readonly truncated: boolean
}

/**
 * A painter, open in this browser.
 *
 * `examples`: raw text vectors by their prompts, which are painted before the text encoder is there.
 */
export class BrowserPainter {
  private readonly reader: PromptReader
  private readonly vectors = new Map<string, Promise<Float32Array>>()

  constructor(
    readonly name: string,
    readonly file: PainterFile,
    private readonly graph: Graph,
    private readonly examples: ReadonlyMap<string, Float32Array>,
    words: ReadingWords,
    private readonly encoder: () => Promise<TextEncoder>,
  ) {
    this.reader = new PromptReader(words, file.known, (text) => this.encode(text))
  }

  /** How a prompt is read; throws PaintError where no word of it is known. */
  async check(prompt: string): Promise<CheckedPrompt> {
    if (this.examples.has(prompt)) return { reading: await this.reader.read(prompt), truncated: false }
    const { tokenizer } = await this.encoder()
    if (!tokenizer.readable(prompt)) throw new PaintError('rejected', `the painter '${this.name}' knows no word of the prompt: describe it in words`)
    const reading = await this.reader.read(prompt)
    return { reading, truncated: tokenizer.truncates(reading.text) }
  }

  /** A text's raw text vector; those of the latest texts are kept, as each picture of a prompt needs its. */
  encode(text: string): Promise<Float32Array> {
    const found = this.vectors.get(text) ?? this.encoded(text)
    this.vectors.delete(text) // the latest last
    this.vectors.set(text, found)
    found.catch(() => this.vectors.delete(text))
    const [oldest] = this.vectors.keys()
    if (this.vectors.size > CACHED_VECTORS && oldest !== undefined) this.vectors.delete(oldest)
    return found
  }

  /** What a recipe's picture is painted from. */
  async rowOf(recipe: Recipe, text: string | null): Promise<Row> {
    const { options, seed, variation } = recipe
    const request = { seed: seed ?? 0, count: 1, truncation: options.truncation, variation }
    const [latents = new Float32Array()] = requestLatents(request, this.file.latentSize)
    return { latents, vector: text === null ? null : await this.textVector(text, options.strength) }
  }

  /** The captions of its training that are nearest to a raw text vector. */
  nearest(vector: Float32Array): NearCaption[] {
    return this.reader.nearest(vector)
  }

  async paint({ latents, vector }: Row): Promise<Pixels> {
    const output = await this.graph.run({ latents: floats(latents, 1), ...(vector && { text_vectors: floats(vector, 1) }) })
    return { side: this.file.pictureSize, data: output.data as Uint8Array }
  }

  /** Frees its memory. */
  async release(): Promise<void> {
    await this.graph.release()
  }

  private async encoded(text: string): Promise<Float32Array> {
    return this.examples.get(text) ?? (await this.encoder()).encode(text)
  }

  private async textVector(text: string, strength: number): Promise<Float32Array> {
    const raw = await this.encode(text)
    const { standardization } = this.file
    if (!standardization) throw new PaintError('rejected', `the painter '${this.name}' takes no prompt`)
    const { mean, std } = standardization
    // In single precision at each step, as in Python.
    return raw.map((number, index) => Math.fround(Math.fround(number - (mean[index] ?? 0)) / (std[index] ?? 1)) * Math.fround(strength))
  }
}
