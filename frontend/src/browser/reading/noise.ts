import { wordsIn, type Word } from './words'

/** Whether a painter knows a content word. */
export type Knows = (word: string) => boolean

/** A prompt without its noise, the noise, the unknown words that stayed, and whether any word is known. */
export interface DenoisedPrompt {
  readonly text: string
  readonly noise: readonly string[]
  readonly unknownWords: readonly string[]
  readonly knowsAWord: boolean
}

/** What tells noise from words. */
export interface Lexicon {
  readonly functionWords: ReadonlySet<string>
  /** Boiler-plate phrases, their words joined by spaces. */
  readonly boilerplate: ReadonlySet<string>
  /** Whether a caption has the word. */
  readonly inCaptions: Knows
  /** Whether a word that no caption has is near to them. */
  readonly isNear: Knows
}

/** Where words in a row begin and end. */
type Run = readonly [start: number, end: number]

const ARTICLES = ['a', 'an']
const DEGREES = ['very', 'more', 'most', 'so', 'too']
/** What an artist's name follows. */
const CREDITS = [['in', 'the', 'style', 'of'], ['in', 'style', 'of'], ['style', 'of'], ['inspired', 'by'], ['art', 'by'], ['by']]
const MAX_CREDIT_WORDS = 8
const MAX_PHRASE_WORDS = 8
const SEPARATOR_PATTERN = /(\s*(?:[,;|]|[.!?](?=\s|$)|(?<=\s)-+(?=\s))\s*)/u

/** Leaves the noise out of a text, as in Python; it stays as it is if it has none, or if no known word would be left. */
export function dropNoise(text: string, lexicon: Lexicon): DenoisedPrompt {
  const pieces = text.split(SEPARATOR_PATTERN) // parts at even places, separators between them
  const texts = pieces.filter((_, index) => index % 2 === 0)
  let parts = texts.map((piece) => readPart(piece, lexicon, false))
  if (parts.some(({ noise }) => noise.length > 0)) parts = texts.map((piece) => readPart(piece, lexicon, true))
  if (!parts.some(({ knowsAWord }) => knowsAWord)) {
    const content = wordsIn(text, lexicon.functionWords).filter(({ namesSomething }) => namesSomething)
    return { text, noise: [], unknownWords: [...new Set(content.map((word) => word.text))], knowsAWord: false }
  }
  const noise = parts.flatMap((part) => part.noise)
  const unknownWords = [...new Set(parts.flatMap((part) => part.unknownWords))]
  if (noise.length === 0) return { text, noise, unknownWords, knowsAWord: true }
  const rest = parts.map((part, index) => (part.text ? part.text + (pieces[2 * index + 1] ?? '') : '')).join('')
  return { text: rest.replace(/^[ ,;|.-]+|[ ,;|.-]+$/g, ''), noise, unknownWords, knowsAWord: true }
}

/**
 * A part of a prompt, between commas: all of it is noise if it has content, but no known word.
 *
 * `isNoisy`: whether the prompt has noise, beside which also "photo of" is noise, whatever captions have.
 */
function readPart(text: string, lexicon: Lexicon, isNoisy: boolean): DenoisedPrompt {
  const { functionWords, inCaptions, isNear } = lexicon
  const words = wordsIn(text, functionWords)
  const dropped = words.map(() => false)
  for (const [start, end] of [...boilerplateRuns(words, lexicon, isNoisy), ...creditRuns(words, inCaptions)]) dropped.fill(true, start, end)
  for (let index = 1; index < words.length - 1; index += 1) {
    if (words[index]?.text === 'and' && dropped[index - 1] && dropped[index + 1]) dropped[index] = true
  }
  const left = words.filter((word, index) => word.namesSomething && !dropped[index]).map((word) => word.text)
  const unknownWords = left.filter((word) => !inCaptions(word) && !isNear(word))
  if (unknownWords.length === left.length) {
    const hasContent = words.some(({ namesSomething }) => namesSomething)
    return { text: hasContent ? '' : text, noise: hasContent ? [text] : [], unknownWords: [], knowsAWord: false }
  }
  const runs = runsOf(dropped)
  const noise = runs.map(([start, end]) => text.slice(words[start]?.start, words[end - 1]?.end))
  return { text: without(text, words, runs), noise, unknownWords, knowsAWord: true }
}

/** Where boiler-plate phrases stand in a row, if they have a content word that no caption has. */
function boilerplateRuns(words: readonly Word[], { boilerplate, inCaptions }: Lexicon, isNoisy: boolean): Run[] {
  const runs: Run[] = []
  for (let start = 0; start < words.length; ) {
    let end = start
    for (let length = phraseLength(words, end, boilerplate); length > 0; length = phraseLength(words, end, boilerplate)) end += length
    const isUnknown = words.slice(start, end).some((word) => word.namesSomething && !inCaptions(word.text))
    const leadsOn = isNoisy && start < end && words[end]?.text === 'of'
    if (isUnknown || leadsOn) runs.push([start, end])
    start = Math.max(end, start + 1)
  }
  return runs
}

/** The number of words of the longest boiler-plate phrase at a place; 0 if there is none. */
function phraseLength(words: readonly Word[], start: number, boilerplate: ReadonlySet<string>): number {
  for (let length = Math.min(MAX_PHRASE_WORDS, words.length - start); length > 0; length -= 1) {
    if (boilerplate.has(words.slice(start, start + length).map(({ text }) => text).join(' '))) return length
  }
  return 0
}

/** Where unknown names stand, with the words before them that say whose work or style it is. */
function creditRuns(words: readonly Word[], inCaptions: Knows): Run[] {
  return words.flatMap((_, start): Run[] => {
    const opening = CREDITS.find((credit) => credit.every((word, index) => words[start + index]?.text === word))
    if (!opening) return []
    const first = start + opening.length
    let end = first
    for (const word of words.slice(first, first + MAX_CREDIT_WORDS)) {
      if (inCaptions(word.text) || (end === first && !word.namesSomething)) break
      end += 1
    }
    return end > first ? [[start, end]] : []
  })
}

function runsOf(dropped: readonly boolean[]): Run[] {
  const runs: Run[] = []
  for (let start = 0; start < dropped.length; ) {
    let end = start
    while (dropped[end]) end += 1
    if (end > start) runs.push([start, end])
    start = end + 1
  }
  return runs
}

/** The text without some runs of its words, and without the function words that only led to them. */
function without(text: string, words: readonly Word[], runs: readonly Run[]): string {
  const kept = words.map(() => true)
  for (const run of runs) kept.fill(false, ...widened(words, run))
  const rest = kept.flatMap((stays, index) => (stays ? [index] : []))
  if (runs.length === 0 || rest.length === 0) return text
  const parts = rest.map((index, place) => {
    const { end, start, text: word } = words[index] as Word
    const following = rest[place + 1]
    const stop = words[index + 1]?.start ?? text.length
    const isArticle = ARTICLES.includes(word) && following !== undefined && following !== index + 1
    const written = isArticle ? articleOf(words[following]?.text ?? '') : text.slice(start, end)
    return written + text.slice(end, stop)
  })
  return (text.slice(0, words[0]?.start) + parts.join('')).trim()
}

function widened(words: readonly Word[], [runStart, runEnd]: Run): Run {
  let [start, end] = [runStart, runEnd]
  const leadsOn = words[end]?.text === 'of' // "an illustration of": to what is painted
  if (leadsOn) end += 1
  if (leadsOn || !words[end]?.namesSomething) {
    while (start > 0 && !words[start - 1]?.namesSomething) start -= 1
  }
  while (start > 0 && DEGREES.includes(words[start - 1]?.text ?? '')) start -= 1
  return [start, end]
}

function articleOf(word: string): string {
  return 'aeiou'.includes(word.charAt(0)) ? 'an' : 'a'
}
