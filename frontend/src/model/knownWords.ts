import type { Label } from './card'

/** A word of a prompt that is one of a label's values, which may take its place. */
export interface KnownWord {
  /** The label's name, and from its second word on a number: `color`, `color 2`. */
  readonly id: string
  readonly label: string
  /** The values of the label. */
  readonly values: readonly string[]
  /** The value in the prompt. */
  readonly value: string
  readonly isPlural: boolean
  readonly start: number
  readonly end: number
}

const ARTICLE_PATTERN = /(^|\s)(a)n?(\s+)$/iu

/** The words of a prompt that the painter's labels have, in the prompt's order; of those that overlap, the longest. */
export function knownWords(prompt: string, labels: readonly Label[]): KnownWord[] {
  const found = labels.flatMap((label) => label.values.flatMap((value) => occurrences(prompt, label, value)))
  const isNamed = ({ end, label }: Occurrence): boolean => new RegExp(`^\\s+${escaped(label)}`, 'iu').test(prompt.slice(end))
  // A word may be a value of several labels: "blue" is that of the background in "on a blue background".
  const preferred = [...found].sort((one, other) => {
    return other.end - other.start - (one.end - one.start) || Number(isNamed(other)) - Number(isNamed(one))
  })
  const kept: Occurrence[] = []
  for (const word of preferred) {
    if (kept.every((other) => word.end <= other.start || word.start >= other.end)) kept.push(word)
  }
  return withIds(kept.sort((one, other) => one.start - other.start))
}

/** The prompt with another value in a word's place, and the article before it as that needs it. */
export function withValue(prompt: string, { start, end, isPlural }: KnownWord, value: string): string {
  const article = /^[aeiou]/iu.test(value) ? '$1$2n$3' : '$1$2$3'
  return prompt.slice(0, start).replace(ARTICLE_PATTERN, article) + (isPlural ? pluralOf(value) : value) + prompt.slice(end)
}

/** As many values as are to be shown, among them the word's own: those that come first in the examples, then the others. */
export function shownValues({ value: own, values }: KnownWord, examples: readonly string[], count: number): string[] {
  if (values.length <= count) return [...values]
  const rank = (value: string): number => {
    const index = examples.findIndex((example) => occurrencesOf(example, value).length > 0)
    return index < 0 ? examples.length : index
  }
  const first = [...values].sort((one, other) => rank(one) - rank(other)).slice(0, count)
  return first.includes(own) ? first : [...first.slice(0, -1), own]
}

type Occurrence = Omit<KnownWord, 'id'>

function occurrences(prompt: string, { name, values }: Label, value: string): Occurrence[] {
  return occurrencesOf(prompt, value).map(({ start, text }) => {
    return { label: name, values, value, isPlural: text.length > value.length, start, end: start + text.length }
  })
}

/** Where a value stands in a text as a whole word, singular or plural. */
function occurrencesOf(text: string, value: string): { start: number; text: string }[] {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped(pluralOf(value))}|${escaped(value)})(?![\\p{L}\\p{N}])`, 'giu')
  return [...text.matchAll(pattern)].map((match) => ({ start: match.index, text: match[0] }))
}

function pluralOf(value: string): string {
  if (/[^aeiou]y$/iu.test(value)) return `${value.slice(0, -1)}ies`
  return /(?:s|x|ch|sh)$/iu.test(value) ? `${value}es` : `${value}s`
}

/** Escapes what has a meaning in a regular expression; with the flag u, nothing else may be escaped. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function withIds(words: readonly Occurrence[]): KnownWord[] {
  const counts = new Map<string, number>()
  return words.map((word) => {
    const count = (counts.get(word.label) ?? 0) + 1
    counts.set(word.label, count)
    return { ...word, id: count === 1 ? word.label : `${word.label} ${count}` }
  })
}
