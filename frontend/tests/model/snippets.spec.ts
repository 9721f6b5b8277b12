import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'
import type { Recipe } from '../../src/model/recipe'
import { snippetsOf } from '../../src/model/snippets'

const ROSE: Recipe = { prompt: 'a red rose', seed: 7, painter: 'flowers', options: DEFAULT_OPTIONS, variation: null }
const ADDRESS = 'http://localhost:8001/v1/pictures'

function codeOf(recipe: Partial<Recipe>): string[] {
  return snippetsOf({ ...ROSE, ...recipe }, ADDRESS, 'rose.png').map(({ code }) => code)
}

describe('snippetsOf', () => {
  it('paints the picture again by the command line, curl and Python', () => {
    expect(codeOf({})).toEqual([
      "painting paint --painter 'flowers' --count 1 --seed 7 -- 'a red rose'",
      [
        "curl --get 'http://localhost:8001/v1/pictures' \\",
        "  --data-urlencode 'prompt=a red rose' \\",
        "  --data-urlencode 'seed=7' \\",
        "  --data-urlencode 'model=flowers' \\",
        "  --data-urlencode 'format=png' \\",
        "  --output 'rose.png'",
      ].join('\n'),
      [
        'from pathlib import Path',
        '',
        'import painting',
        '',
        'pictures = painting.load("flowers").paint("a red rose", count=1, seed=7)',
        'Path("rose.png").write_bytes(pictures.png(0))',
      ].join('\n'),
    ])
  })

  it('has the options and the variation', () => {
    const [shell, curl, python] = codeOf({ options: { truncation: 0.5, strength: 1.2 }, variation: { subseed: 9, strength: 0.25 } })
    expect(shell).toContain('--truncation 0.5 --strength 1.2 --subseed 9 --subseed-strength 0.25')
    expect(curl).toContain("'subseed_strength=0.25'")
    expect(python).toContain('seed=7, truncation=0.5, strength=1.2, variation=painting.Variation(0.25, 9))')
  })

  it.each([
    ["it's a rose; rm -rf *", `-- 'it'\\''s a rose; rm -rf *'`],
    ['--help', "-- '--help'"],
  ])('quotes the prompt %s', (prompt, end) => {
    expect(codeOf({ prompt })[0]?.endsWith(end)).toBe(true)
  })

  it('names no prompt of a painter that takes none', () => {
    const [shell, curl, python] = codeOf({ prompt: null, painter: null })
    expect(shell).toBe('painting paint --count 1 --seed 7')
    expect(curl).not.toContain('prompt=')
    expect(python).toContain('painting.load().paint(count=1, seed=7)')
  })
})
