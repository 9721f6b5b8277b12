import type { NearCaption } from '../../model/embedding'
import { isRecord, stringsOf, arrayOrEmpty } from '../../model/parse'
import { nearestCaptions, rankedCaptions, similarities, type KnownCaptions } from './knownCaptions'
import { isEnglish, type LanguageWords } from './language'
import { dropNoise, type DenoisedPrompt } from './noise'
import { readSyntax } from './syntax'
import { folded, stems, wordsIn } from './words'

/** Word lists of the reading. */
export interface ReadingWords extends LanguageWords {
  readonly functionWords: ReadonlySet<string>
  readonly boilerplate: ReadonlySet<string>
}

/** How a painter reads a prompt. */
export interface PromptReading {
  /** What is encoded. */
  readonly text: string
  /** What a user should know of the reading, in sentences without a full stop. */
  readonly notes: readonly string[]
}

/** A text's raw text vector. */
export type Encode = (text: string) => Promise<Float32Array>

const CACHED_READINGS = 256
const MAX_ENCODED_WORDS = 12 // of a prompt, to find words near to known ones
const MAX_QUOTED_PHRASES = 8
const MAX_QUOTED_LENGTH = 60

export function parseReadingWords(json: unknown): ReadingWords {
  const fields = isRecord(json) ? json : {}
  return {
    functionWords: new Set(stringsOf(fields['function_words'])),
    foreign: new Set(stringsOf(fields['foreign_words'])),
    english: new Set(stringsOf(fields['english_words'])),
    boilerplate: new Set(arrayOrEmpty(fields['boilerplate_phrases']).map((phrase) => stringsOf(phrase).join(' '))),
  }
}

/** Reads prompts for one painter, as in Python; without known captions, their syntax alone. */
export class PromptReader {
  private readonly readings = new Map<string, Promise<PromptReading>>()
  private readonly stems: ReadonlySet<string>

  constructor(
    private readonly words: ReadingWords,
    private readonly known: KnownCaptions | null,
    private readonly encode: Encode,
  ) {
    this.stems = new Set((known?.words ?? []).flatMap(stems))
  }

  read(prompt: string): Promise<PromptReading> {
    const found = this.readings.get(prompt) ?? this.compared(prompt)
    this.readings.set(prompt, found)
    found.catch(() => this.readings.delete(prompt))
    const [oldest] = this.readings.keys()
    if (this.readings.size > CACHED_READINGS && oldest !== undefined) this.readings.delete(oldest)
    return found
  }

  /** The captions that are nearest to a vector; none where the painter's file holds none. */
  nearest(vector: Float32Array): NearCaption[] {
    return this.known ? nearestCaptions(vector, this.known) : []
  }

  private readonly inCaptions = (word: string): boolean => stems(word).some((stem) => this.stems.has(stem))

  private async compared(prompt: string): Promise<PromptReading> {
    const plain = readSyntax(prompt)
    const { known } = this
    if (!known) return { text: plain.text, notes: notesOf(plain.folded, distinct(plain.tags), this.isEnglish(plain.text), [], null) }
    const quiet = await this.withoutNoise(plain.text, known)
    const [nearest] = rankedCaptions(await this.encode(quiet.text), known)
    const isKnown = this.contentWords(quiet.text).every(this.inCaptions)
    const far = nearest && nearest.similarity < known.minCosine ? nearest.caption : null
    const leftOut = distinct([...plain.tags, ...quiet.noise])
    return { text: quiet.text, notes: notesOf(plain.folded, leftOut, this.isEnglish(quiet.text) || isKnown, quiet.unknownWords, far) }
  }

  /** Drops noise; words that must be encoded to tell whether they are near are encoded one after the other. */
  private async withoutNoise(text: string, known: KnownCaptions): Promise<DenoisedPrompt> {
    const verdicts = new Map<string, boolean>()
    for (;;) {
      let missing: string | null = null
      const isNear = (word: string): boolean => {
        if (!verdicts.has(word) && verdicts.size < MAX_ENCODED_WORDS) missing ??= word
        return verdicts.get(word) ?? false
      }
      const { boilerplate, functionWords } = this.words
      const denoised = dropNoise(text, { boilerplate, functionWords, inCaptions: this.inCaptions, isNear })
      if (missing === null) return denoised
      const cosines = similarities(await this.encode(missing), known.rows)
      verdicts.set(missing, Math.max(...cosines) >= known.minWordCosine)
    }
  }

  private isEnglish(text: string): boolean {
    return isEnglish(text, wordsIn(text, this.words.functionWords), this.words)
  }

  private contentWords(text: string): string[] {
    return wordsIn(text, this.words.functionWords).filter(({ namesSomething }) => namesSomething).map((word) => word.text)
  }
}

function notesOf(folded: boolean, leftOut: readonly string[], english: boolean, unknownWords: readonly string[], nearestIfFar: string | null): string[] {
  return [
    ...(folded ? ['weights, brackets and operators of the prompt are read as plain words'] : []),
    ...(leftOut.length > 0 ? [`left out of the prompt, as the painter does not know it: ${quoted(leftOut)}`] : []),
    ...(english ? [] : ['the text encoder reads English: other languages and scripts paint something else']),
    ...(unknownWords.length > 0 ? [`no caption of the painter's training has: ${quoted(unknownWords)}`] : []),
    ...(nearestIfFar === null ? [] : [`the prompt is far from everything the painter was trained on; the nearest caption is '${shortened(nearestIfFar)}'`]),
  ]
}

/** The phrases, each once, whatever its case. */
function distinct(phrases: readonly string[]): string[] {
  const found = new Map<string, string>()
  for (const phrase of phrases) if (!found.has(folded(phrase))) found.set(folded(phrase), phrase)
  return [...found.values()]
}

function quoted(phrases: readonly string[]): string {
  const more = phrases.length > MAX_QUOTED_PHRASES ? ` and ${phrases.length - MAX_QUOTED_PHRASES} more` : ''
  return phrases.slice(0, MAX_QUOTED_PHRASES).map(shortened).join(', ') + more
}

function shortened(phrase: string): string {
  const letters = Array.from(phrase)
  return letters.length <= MAX_QUOTED_LENGTH ? phrase : `${letters.slice(0, MAX_QUOTED_LENGTH - 1).join('')}…`
}
