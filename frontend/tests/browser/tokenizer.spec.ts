import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { PromptTokenizer } from '../../src/browser/tokenizer'
import { differences } from './vectors'

const ENCODER = path.join(import.meta.dirname, '../../../src/painting/text/encoders/minilm-l6')
const CHECKSUM_MODULUS = 1_000_003

function json(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(ENCODER, name), 'utf8')) as Record<string, unknown>
}

const { longest_prompt: longestPrompt, unknown_token: unknownToken } = json('text_encoder.json')
const tokenizer = new PromptTokenizer(json('tokenizer.json'), { longestPrompt: Number(longestPrompt), unknownToken: String(unknownToken) })

describe('the bundled text encoder’s tokens', () => {
  it('are those of Python', () => {
    const found = differences(({ cleaned }) => tokensOf(cleaned), ({ tokens }) => tokens)
    expect(found).toEqual([])
  })

  it('reads special tokens as text', () => {
    expect(tokenizer.idsOf('a [SEP] b').length).toBeGreaterThan(5)
  })
})

function tokensOf(text: string): [number, number, boolean, boolean] {
  const ids = tokenizer.idsOf(text)
  const checksum = ids.reduce((sum, id, place) => (sum + (place + 1) * id) % CHECKSUM_MODULUS, 0)
  return [ids.length, checksum, tokenizer.readable(text), tokenizer.truncates(text)]
}
