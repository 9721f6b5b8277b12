import { Graph, tokens } from './runtime'
import type { SiteEncoder } from './site'
import { PromptTokenizer } from './tokenizer'

/** A text encoder: from a text to its vector, as in Python. */
export class TextEncoder {
  private constructor(
    readonly tokenizer: PromptTokenizer,
    private readonly graph: Graph,
  ) {}

  static async open(tokenizerFile: Uint8Array, graph: Uint8Array, settings: SiteEncoder): Promise<TextEncoder> {
    const json = JSON.parse(new TextDecoder().decode(tokenizerFile)) as unknown
    return new TextEncoder(new PromptTokenizer(json, settings), await Graph.open(graph))
  }

  /** The raw text vector of a text, of at most the first tokens that the encoder reads. */
  async encode(text: string): Promise<Float32Array> {
    const ids = this.tokenizer.idsOf(text)
    const output = await this.graph.run({ ids: tokens(ids), mask: tokens(ids.map(() => 1)) })
    return Float32Array.from(output.data as Float32Array)
  }
}
