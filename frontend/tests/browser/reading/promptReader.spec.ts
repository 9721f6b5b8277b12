import { describe, expect, it } from 'vitest'
import { PromptReader } from '../../../src/browser/reading/promptReader'
import { encode, fakeCaptions, READINGS, VECTORS, WORDS } from '../vectors'

describe('PromptReader', () => {
  it('reads every prompt as Python does', async () => {
    const reader = new PromptReader(WORDS, fakeCaptions(), encode)
    const found = []
    for (const { cleaned } of READINGS) found.push({ cleaned, ...(await reader.read(cleaned)) })
    expect(found).toEqual(READINGS.map(({ cleaned, notes, text }) => ({ cleaned, text, notes })))
  })

  it('reads syntax alone without captions, and encodes nothing', async () => {
    const reader = new PromptReader(WORDS, null, () => Promise.reject(new Error('encoded')))
    const { notes, text } = await reader.read('(une:1.2) rose, masterpiece <lora:x:1>')
    expect(text).toBe('une rose, masterpiece')
    expect(notes.map((note) => note.slice(0, 12))).toEqual(['weights, bra', 'left out of ', 'the text enc'])
    expect(reader.nearest(new Float32Array(16))).toEqual([])
  })

  it('finds the nearest captions that Python finds', async () => {
    const reader = new PromptReader(WORDS, fakeCaptions(), encode)
    for (const { nearest, text } of READINGS) {
      const found = reader.nearest(await encode(text))
      expect(found.map(({ caption }) => caption)).toEqual(nearest.map(([caption]) => VECTORS.captions.captions[caption]))
      // Rounded to four digits, after sums in another order.
      found.forEach(({ similarity }, index) => expect(Math.abs(similarity - (nearest[index]?.[1] ?? NaN))).toBeLessThan(1.1e-4))
    }
  })

  it('keeps a reading, and encodes few words of a long prompt', async () => {
    const encoded: string[] = []
    const counted = (text: string): Promise<Float32Array> => {
      encoded.push(text)
      return encode(text)
    }
    const reader = new PromptReader(WORDS, fakeCaptions(), counted)
    const prompt = `a red rose ${Array.from({ length: 100 }, (_, index) => `x${index}y`).join(' ')}`
    const first = await reader.read(prompt)
    expect(encoded.length).toBe(13)
    expect(await reader.read(prompt)).toBe(first)
    expect(encoded.length).toBe(13)
  })

  it('forgets a reading that failed', async () => {
    let fails = true
    const reader = new PromptReader(WORDS, fakeCaptions(), (text) => (fails ? Promise.reject(new Error('failed')) : encode(text)))
    await expect(reader.read('a red rose')).rejects.toThrow('failed')
    fails = false
    expect((await reader.read('a red rose')).text).toBe('a red rose')
  })
})
