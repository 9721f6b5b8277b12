import { describe, expect, it } from 'vitest'
import { parseSite } from '../../src/browser/site'

const FILE = { file: 'painters/flowers-0123.painter', bytes: 9, sha256: 'a'.repeat(64) }
const PAINTER = { name: 'flowers', picture_size: 128, example_prompts: ['a rose'], file: FILE, examples: FILE, text_encoder: 'tiny' }
const SITE = {
  format_version: 1,
  ...{ runtime: FILE, reading: FILE },
  encoders: { tiny: { graph: FILE, tokenizer: FILE, width: 4, longest_prompt: 8, unknown_token: '[UNK]' } },
  painters: [PAINTER, { ...PAINTER, name: 'digits', takes_prompt: false, examples: null, text_encoder: null }],
}

describe('parseSite', () => {
  it('reads the index of a site', () => {
    const { encoders, painters } = parseSite(SITE)
    expect(painters.map(({ painter, textEncoder }) => [painter.name, painter.takesPrompt, textEncoder])).toEqual([['flowers', true, 'tiny'], ['digits', false, null]])
    expect(encoders.get('tiny')).toMatchObject({ longestPrompt: 8, width: 4 })
  })

  it.each([
    null,
    {},
    { ...SITE, format_version: 2 },
    { ...SITE, painters: [] },
    ...['https://elsewhere/a', '/etc/passwd', '../a', 'a/../../b', ''].map((file) => ({ ...SITE, runtime: { ...FILE, file } })),
    { ...SITE, runtime: { ...FILE, sha256: 'A'.repeat(64) } },
    { ...SITE, runtime: { ...FILE, bytes: '9' } },
  ])('refuses another version, no painters, and files outside the site: case %#', (json) => {
    expect(() => parseSite(json)).toThrow('invalid')
  })
})
