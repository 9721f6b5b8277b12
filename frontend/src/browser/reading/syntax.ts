/** A prompt without syntax of other programs: its words, the tags that were dropped, and whether weights or operators were. */
export interface PlainPrompt {
  readonly text: string
  readonly tags: readonly string[]
  readonly folded: boolean
}

/** Parts that hold no words of the picture: parameters pasted along, commands, networks. */
const TAG_PATTERN = new RegExp(
  [
    String.raw`\s+Negative prompt:.*$`,
    String.raw`\s+Steps: \p{Nd}+, .*$`,
    String.raw`^/imagine(?![\p{L}\p{N}_])(?:\s+prompt:)?`,
    String.raw`\s+--[a-z][\p{L}\p{N}_]*(?![\p{L}\p{N}_]).*$`,
    String.raw`<[A-Za-z][\p{L}\p{N}_]*:[^<>]+>`,
    String.raw`<[A-Za-z][\p{L}\p{N}_\-]*>`,
    String.raw`\(\s*embedding:[\p{L}\p{N}_.\-]+\s*:\s*[\p{Nd}.]+\s*\)|(?<![\p{L}\p{N}_])embedding:[\p{L}\p{N}_.\-]+`,
  ].join('|'),
  'gu',
)
const MAX_BRACKET_DEPTH = 32
const PLACEHOLDERS = [['\x01', '('], ['\x02', ')'], ['\x03', '['], ['\x04', ']'], ['\x05', '\\']] as const // a cleaned text has none of them
const NUMBER = String.raw`[+-]?(?:\p{Nd}+\.?\p{Nd}*|\.\p{Nd}+)`
const WEIGHT_PATTERN = new RegExp(String.raw`:\s*${NUMBER}\s*$`, 'u') // (red:1.3)
const OPERATOR_PATTERN = new RegExp(String.raw`\||::?\s*(?:${NUMBER}\s*$)?`, 'gu') // [a|b], [a:b:0.5]
const PART_WEIGHT_PATTERN = new RegExp(String.raw`\s*::\s*(?:${NUMBER})?(?=\s|,|$)`, 'gu') // rose::2 sky
const JOINED_PATTERN = new RegExp(String.raw`(?:\s+:\s*${NUMBER})?\s+AND\s+`, 'gu') // a rose AND a sky :1.2
const LAST_WEIGHT_PATTERN = new RegExp(String.raw`\s+:\s*${NUMBER}\s*$`, 'u')
const BREAK_PATTERN = /(?:^|[\s,]+)BREAK(?:[\s,]+|$)/gu
const ROUND_PATTERN = /\(([^()]*)\)/gu
const BRACKET_PATTERN = /\[([^[\]]*)\]|\{([^{}]*)\}|\(([^()]*)\)/gu
const NESTED_PATTERN = /\([^()]*\([^()]*\)/u // the beginning of ((red))

/** Reads a prompt's syntax as plain words, as in Python; a prompt without any, or of nothing else, comes back as it is. */
export function readSyntax(prompt: string): PlainPrompt {
  const tags = [...prompt.matchAll(TAG_PATTERN)].map(([tag]) => tag.trim())
  const untagged = prompt.replace(TAG_PATTERN, ' ')
  const words = fold(untagged)
  const isFolded = words !== untagged
  if (!/[\p{L}\p{N}]/u.test(words) || (tags.length === 0 && !isFolded)) return { text: prompt, tags: [], folded: false }
  return { text: tidy(words), tags, folded: isFolded }
}

/** The text without weights, brackets, escapes and operators, all of whose words stay. */
function fold(text: string): string {
  const escaped = text.replace(/\\([()[\]\\])/gu, (_, letter: string) => PLACEHOLDERS.find(([, plain]) => plain === letter)?.[0] ?? letter)
  const unweighted = foldBrackets(escaped).replace(PART_WEIGHT_PATTERN, ',')
  const isShouted = /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text) // AND and BREAK are words then
  const words = isShouted ? unweighted : foldKeywords(unweighted)
  return PLACEHOLDERS.reduce((found, [placeholder, letter]) => found.replaceAll(placeholder, letter), words)
}

/** Folds brackets around words, from the innermost outwards; round ones if anything in the text is syntax. */
function foldBrackets(text: string): string {
  const isWeighted = [...text.matchAll(ROUND_PATTERN)].some(([, content = '']) => WEIGHT_PATTERN.test(content) && hasLetter(content))
  const isEscaped = PLACEHOLDERS.some(([placeholder]) => text.includes(placeholder))
  const foldsRound = isWeighted || isEscaped || NESTED_PATTERN.test(text) || foldOnce(text, false) !== text
  let folded = foldsRound ? text.replaceAll(')(', ') (').replaceAll('][', '] [') : text
  for (let depth = 0; depth < MAX_BRACKET_DEPTH; depth += 1) {
    const before = folded
    folded = foldOnce(folded, foldsRound)
    if (folded === before) break
  }
  return folded
}

function foldOnce(text: string, foldsRound: boolean): string {
  return text.replace(BRACKET_PATTERN, (whole: string, square?: string, curly?: string, round?: string) => {
    const content = square ?? curly ?? round ?? ''
    if (!hasLetter(content) || (round !== undefined && !foldsRound)) return whole
    if (round !== undefined) return round.replace(WEIGHT_PATTERN, '')
    return joinedWords(content.replace(OPERATOR_PATTERN, ' '))
  })
}

function foldKeywords(text: string): string {
  const joined = text.replace(JOINED_PATTERN, ' and ')
  return (joined === text ? joined : joined.replace(LAST_WEIGHT_PATTERN, '')).replace(BREAK_PATTERN, ', ')
}

/** Folds the white space and the commas that dropped parts leave behind. */
function tidy(text: string): string {
  return text.split(',').map(joinedWords).filter(Boolean).join(', ')
}

function joinedWords(text: string): string {
  return text.split(/\s+/u).filter(Boolean).join(' ')
}

function hasLetter(text: string): boolean {
  return /\p{L}/u.test(text)
}
