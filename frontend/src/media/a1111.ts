/** Our names of AUTOMATIC1111's parameters. */
const NAMES = new Map([
  ['Seed', 'seed'],
  ['Model', 'painter'],
  ['Variation seed', 'subseed'],
  ['Variation seed strength', 'subseed_strength'],
])

/** Parses AUTOMATIC1111's `PROMPT\nSteps: 1, Seed: 7, Model: flowers, …`, under our names. */
export function parseA1111(text: string): Map<string, string> {
  const lines = text.split('\n')
  const settings = lines.length > 1 ? (lines.pop() ?? '') : ''
  const params = new Map<string, string>()
  for (const [, key = '', value] of settings.matchAll(/\s*(\w[\w ]*): ([^,]*)(?:,|$)/g)) {
    const name = NAMES.get(key)
    if (name && value) params.set(name, value)
  }
  const prompt = lines.join('\n').split('\nNegative prompt:')[0]
  if (params.size > 0 && prompt) params.set('prompt', prompt)
  return params
}
