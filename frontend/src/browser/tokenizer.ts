import { Tokenizer } from '@huggingface/tokenizers'
import { isRecord } from '../model/parse'

/** What of a text encoder its tokenizer depends on. */
export interface TokenizerSettings {
  /** In tokens. */
  readonly longestPrompt: number
  readonly unknownToken: string
}

const MAX_CHARACTERS = 2000
const CONTENT_PATTERN = /[\p{L}\p{N}\p{So}]/u
const REPLACEMENT_CHARACTER = '\ufffd'

/** A text encoder's tokenizer: texts to ids of tokens, as in Python. */
export class PromptTokenizer {
  private readonly tokenizer: Tokenizer

  /** `json`: a tokenizer.json. Its special tokens, such as [SEP], are plain text in a prompt. */
  constructor(json: unknown, private readonly settings: TokenizerSettings) {
    this.tokenizer = new Tokenizer({ ...(isRecord(json) ? json : {}), added_tokens: [] }, {})
  }

  /** The ids of a text's tokens that are read, those around it included. */
  idsOf(text: string): number[] {
    const { ids } = this.tokenizer.encode(cut(text))
    const { longestPrompt } = this.settings
    return ids.length > longestPrompt ? [...ids.slice(0, longestPrompt - 1), ...ids.slice(-1)] : ids
  }

  /** Whether a token of the text that is in the vocabulary has a letter, a digit or a pictogram. */
  readable(text: string): boolean {
    const { ids, tokens } = this.tokenizer.encode(cut(text), { add_special_tokens: false })
    return ids.some((id, index) => {
      if (tokens[index] === this.settings.unknownToken) return false
      const read = this.tokenizer.decode([id])
      return CONTENT_PATTERN.test(read) && !read.includes(REPLACEMENT_CHARACTER)
    })
  }

  /** Whether the text has more tokens than the encoder reads. */
  truncates(text: string): boolean {
    return Array.from(text).length > MAX_CHARACTERS || this.tokenizer.encode(cut(text)).ids.length > this.settings.longestPrompt
  }
}

/** The part of a text that is read, with capital sigmas as Python's tokenizers lower them: never to a final one. */
function cut(text: string): string {
  return Array.from(text).slice(0, MAX_CHARACTERS).join('').replace(/Σ/g, 'σ')
}
