/** A word in lower case, and where it stands in its text. */
export interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
  /** Whether it is a content word: neither a function word nor a number. */
  readonly namesSomething: boolean
}

const WORD_PATTERN = /[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu
const TYPOGRAPHIC_APOSTROPHE = /\u2019/g
const NUMBER_PATTERN = /^\p{Nd}+$/u
const MIN_STEM_LENGTH = 3
/** English inflections: an ending, and what the simple form has in its place. */
const ENDINGS = [["'s", ''], ['ies', 'y'], ['es', ''], ['s', ''], ['ing', ''], ['ing', 'e'], ['ed', ''], ['ed', 'e']] as const

/** The words of a text, in order; hyphens and underscores separate words. */
export function wordsIn(text: string, functionWords: ReadonlySet<string>): Word[] {
  return [...text.replace(TYPOGRAPHIC_APOSTROPHE, "'").matchAll(WORD_PATTERN)].map(({ 0: found, index }) => {
    const word = folded(found)
    const namesSomething = !functionWords.has(word) && !NUMBER_PATTERN.test(word)
    return { text: word, start: index, end: index + found.length, namesSomething }
  })
}

/** The word, and what it may be an inflection of: "daisies" of "daisy", "blooming" of "bloom". */
export function stems(word: string): string[] {
  const simple = ENDINGS.flatMap(([ending, instead]) => {
    const isInflected = word.endsWith(ending) && Array.from(word).length - ending.length >= MIN_STEM_LENGTH
    return isInflected ? [word.slice(0, -ending.length) + instead] : []
  })
  return [word, ...simple]
}

/** Case folding, as of Unicode: by way of the capitals, which take ligatures and the sharp s apart; "ı" is no "i". */
export function folded(text: string): string {
  const lower = text.replace(/[^ı]+/gu, (letters) => letters.toUpperCase().toLowerCase())
  return lower.replace(/ß/g, 'ss').replace(/ς/g, 'σ').normalize('NFC')
}
