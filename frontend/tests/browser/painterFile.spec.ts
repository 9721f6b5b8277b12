import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/browser/download'
import { readPainterFile } from '../../src/browser/painterFile'

const GENERATOR = Uint8Array.of(1, 2, 3)
const encoded = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

const MEMBERS: Record<string, Uint8Array> = {
  'generator.onnx': GENERATOR,
  'captions.json': encoded({ captions: ['a rose'], words: ['rose'], synonyms: [], min_cosine: 0.5, min_word_cosine: 0.8 }),
  'caption_vectors.int8': Uint8Array.of(3, 4, 0, 5),
}
const MANIFEST = { format_version: 1, latent_size: 4, picture_size: 8, caption_mean: [0, 1], caption_std: [1, 2], card: { data: {} } }

async function painterFile(changes: Record<string, unknown> = {}, replaced: Record<string, Uint8Array> = {}): Promise<Uint8Array> {
  const hashes = await Promise.all(Object.entries(MEMBERS).map(async ([name, content]) => [name, await sha256Of(Uint8Array.from(content))]))
  const manifest = { ...MANIFEST, members: Object.fromEntries(hashes) as unknown, ...changes }
  return zipSync({ 'painter.json': encoded(manifest), ...MEMBERS, ...replaced })
}

describe('readPainterFile', () => {
  it('reads the generator, the standardisation and the captions', async () => {
    const file = await readPainterFile(await painterFile())
    expect([...file.generator]).toEqual([...GENERATOR])
    expect(file).toMatchObject({ latentSize: 4, pictureSize: 8, card: { data: {} } })
    expect(file.standardization?.std).toEqual(Float32Array.of(1, 2))
    expect(file.known?.rows[0]?.[1]).toBeCloseTo(0.8)
  })

  it('reads a painter that takes no prompt', async () => {
    const file = await readPainterFile(await painterFile({ caption_mean: null, caption_std: null }))
    expect([file.standardization, file.known]).toEqual([null, null])
  })

  it.each([
    ['another version', { format_version: 2 }, {}, 'another version'],
    ['a member that is not the one of its manifest', {}, { 'generator.onnx': Uint8Array.of(9) }, 'generator.onnx is another'],
    ['a member that its manifest does not name', {}, { 'more.bin': Uint8Array.of(9) }, 'more.bin is another'],
  ])('refuses %s', async (_, changes, replaced, reason) => {
    await expect(readPainterFile(await painterFile(changes, replaced as unknown as Record<string, Uint8Array>))).rejects.toThrow(reason)
  })

  it('refuses what is no archive', async () => {
    await expect(readPainterFile(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining('no zip archive') as string })
  })
})
