import { paramsFromText, type PaintParams } from '../model/link'
import { readPngText } from './pngText'

/** Our names of AUTOMATIC1111's parameters. */
const A1111_NAMES = new Map([
  ['Seed', 'seed'],
  ['Model', 'painter'],
  ['Variation seed', 'subseed'],
  ['Variation seed strength', 'subseed_strength'],
])

/** Reads generation parameters from a PNG's text chunks, ours or AUTOMATIC1111's; null without a prompt and a seed. */
export function paramsFromPng(file: Uint8Array): PaintParams | null {
  const texts = readPngText(file)
  if (!texts) return null
  const a1111 = parseA1111(texts.get('parameters') ?? '')
  const params = paramsFromText((name) => texts.get(name) ?? a1111.get(name))
  return params.prompt === null && params.seed === null ? null : { ...params, count: null }
}

/** Parses AUTOMATIC1111's `PROMPT\nSteps: 1, Seed: 7, Model: flowers, …`. */
function parseA1111(text: string): Map<string, string> {
  const lines = text.split('\n')
  const settings = lines.length > 1 ? (lines.pop() ?? '') : ''
  const params = new Map<string, string>()
  for (const [, key = '', value] of settings.matchAll(/\s*(\w[\w ]*): ([^,]*)(?:,|$)/g)) {
    const name = A1111_NAMES.get(key)
    if (name && value) params.set(name, value)
  }
  const prompt = lines.join('\n').split('\nNegative prompt:')[0]
  if (params.size > 0 && prompt) params.set('prompt', prompt)
  return params
}
