/** A cleaned text, and whether its end was cut off. */
export interface CleanText {
  readonly text: string
  readonly truncated: boolean
}

const MAX_LENGTH = 2000
const MAX_CLEANED_LENGTH = 20 * MAX_LENGTH // bounds the work
const SPACE_CLASS = '[\\s\\u0085\\u001c-\\u001f]' // of Python, without the mark of byte order
const SPACE_PATTERN = new RegExp(`^(?!\\ufeff)${SPACE_CLASS}$`, 'u')
const BLANK_LETTERS = '\u2800\u3164\uffa0' // letters and symbols that are drawn as spaces
const JOINERS = '\u200c\u200d' // of Persian, Indic scripts and emoji
const DROPPED_PATTERN = /^[\p{Cc}\p{Cf}\p{Cs}\p{Co}]$/u
const STRAY_JOINER_PATTERN = /(?<=[\u200c\u200d])[\u200c\u200d]+|(?<![^\0-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\0-\x7f])/gu

/** Cleans a text as Python does: one line in NFC, single spaces, no invisible characters, at most 2000 characters. */
export function cleanText(raw: string): CleanText {
  const letters = Array.from(raw)
  const first = letters.findIndex((letter) => !isSpace(letter))
  const start = first < 0 ? [] : letters.slice(first)
  const visible = start.slice(0, MAX_CLEANED_LENGTH).map(cleaned).join('')
  const joined = visible.normalize('NFC').replace(STRAY_JOINER_PATTERN, '')
  // Again NFC: letters and their accents may have met where something between them was dropped.
  const text = Array.from(joined.split(/ +/).filter(Boolean).join(' ').normalize('NFC'))
  const isCut = text.length > MAX_LENGTH || start.length > MAX_CLEANED_LENGTH
  return { text: text.slice(0, MAX_LENGTH).join('').replace(new RegExp(`[ ${JOINERS}]+$`, 'u'), ''), truncated: isCut }
}

function cleaned(letter: string): string {
  if (isSpace(letter) || BLANK_LETTERS.includes(letter)) return ' '
  return DROPPED_PATTERN.test(letter) && !JOINERS.includes(letter) ? '' : letter
}

function isSpace(letter: string): boolean {
  return SPACE_PATTERN.test(letter)
}
