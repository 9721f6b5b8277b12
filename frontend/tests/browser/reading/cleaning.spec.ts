import { describe, expect, it } from 'vitest'
import { cleanText } from '../../../src/browser/reading/cleaning'
import { differences } from '../vectors'

describe('cleanText', () => {
  it('cleans every prompt as Python does', () => {
    const wanted = differences(({ prompt }) => cleanText(prompt), ({ cleaned, truncated = false }) => ({ text: cleaned, truncated }))
    expect(wanted).toEqual([])
  })

  it('drops halves of surrogate pairs', () => {
    expect(cleanText('\ud800rose\udc80')).toEqual({ text: 'rose', truncated: false })
  })

  it('counts no white space at the start, and says what is never read to be cut', () => {
    expect(cleanText(' '.repeat(90_000))).toEqual({ text: '', truncated: false })
    expect(cleanText(`${' '.repeat(90_000)}a rose`)).toEqual({ text: 'a rose', truncated: false })
    expect(cleanText(`a${' '.repeat(90_000)}rose`)).toEqual({ text: 'a', truncated: true })
  })
})
