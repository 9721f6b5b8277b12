import { describe, expect, it, vi } from 'vitest'
import { BrowserPainter } from '../../src/browser/browserPainter'
import type { PainterFile } from '../../src/browser/painterFile'
import { parseReadingWords } from '../../src/browser/reading/promptReader'
import type { Graph } from '../../src/browser/runtime'
import type { TextEncoder } from '../../src/browser/textEncoder'
import { DEFAULT_OPTIONS } from '../../src/model/paintOptions'

const ROSE = { prompt: 'a rose', seed: 7, painter: 'flowers', options: DEFAULT_OPTIONS, variation: null }
const FILE: PainterFile = {
  ...{ latentSize: 3, pictureSize: 1, generator: new Uint8Array(), known: null, card: {} },
  standardization: { mean: Float32Array.of(1, 2), std: Float32Array.of(2, 4) },
}

function open(file: PainterFile = FILE) {
  const inputs: unknown[] = []
  const graph = { run: (feeds: unknown) => Promise.resolve((inputs.push(feeds), { data: Uint8Array.of(1, 2, 3) })) } as unknown as Graph
  const encode = vi.fn(() => Promise.resolve(Float32Array.of(5, 6)))
  const tokenizer = { readable: (text: string) => text !== '???', truncates: (text: string) => text.length > 20 }
  const encoder = vi.fn(() => Promise.resolve({ encode, tokenizer } as unknown as TextEncoder))
  const examples = new Map([['a rose', Float32Array.of(3, 10)]])
  return { encoder, inputs, painter: new BrowserPainter('flowers', file, graph, examples, parseReadingWords({}), encoder) }
}

describe('BrowserPainter', () => {
  it('paints an example without its text encoder', async () => {
    const { encoder, inputs, painter } = open()
    const { reading, truncated } = await painter.check('a rose')
    const row = await painter.rowOf({ ...ROSE, options: { truncation: 1, strength: 0.5 } }, reading.text)
    expect([reading.text, truncated, [...(row.vector ?? [])]]).toEqual(['a rose', false, [0.5, 1]])
    expect(await painter.paint(row)).toEqual({ side: 1, data: Uint8Array.of(1, 2, 3) })
    expect(inputs).toMatchObject([{ latents: { dims: [1, 3] }, text_vectors: { dims: [1, 2] } }])
    expect(encoder).not.toHaveBeenCalled()
  })

  it('encodes any other prompt, and says whether it is cut off', async () => {
    const { encoder, painter } = open()
    expect((await painter.check('a long, long, long tulip')).truncated).toBe(true)
    const before = encoder.mock.calls.length
    expect([...((await painter.rowOf(ROSE, 'a tulip')).vector ?? [])]).toEqual([2, 1])
    expect(encoder.mock.calls.length).toBe(before + 1)
    await painter.rowOf({ ...ROSE, seed: 8 }, 'a tulip')
    expect(encoder.mock.calls.length).toBe(before + 1)
  })

  it('refuses a prompt of which no word is known', async () => {
    await expect(open().painter.check('???')).rejects.toMatchObject({ kind: 'rejected', message: expect.stringContaining('knows no word') as string })
  })

  it('paints seeds alone without a prompt, and refuses one where it takes none', async () => {
    const { inputs, painter } = open({ ...FILE, standardization: null })
    await painter.paint(await painter.rowOf(ROSE, null))
    expect(Object.keys(inputs[0] as object)).toEqual(['latents'])
    await expect(painter.rowOf(ROSE, 'a rose')).rejects.toThrow('takes no prompt')
  })
})
