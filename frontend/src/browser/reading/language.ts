import type { Word } from './words'

/** Frequent words of other languages in Latin letters, and English ones beside which those may be borrowed. */
export interface LanguageWords {
  readonly foreign: ReadonlySet<string>
  readonly english: ReadonlySet<string>
}

// Ordinal signs, modifier letters and turned capitals are Latin by script, but not by name.
const FOREIGN_LETTER = /[\xaa\xba\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d5c\u1d9b-\u1dbe\u2132\u214e\u2183]|(?!\p{Script=Latin})\p{L}/u

/** Whether a text may be English: no letter of another script, and no other language's commonest words. */
export function isEnglish(text: string, words: readonly Word[], { english, foreign }: LanguageWords): boolean {
  if (FOREIGN_LETTER.test(text)) return false
  return !words.some((word) => foreign.has(word.text)) || words.some((word) => english.has(word.text))
}
