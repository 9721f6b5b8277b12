import { describe, expect, it } from 'vitest'
import { dataUrlBytes } from '../../src/media/files'
import { readPngText } from '../../src/media/pngText'
import { FILES, pngWithText } from './files'

describe('readPngText', () => {
  it('survives truncation at any byte, and any wrong byte', () => {
    const whole = dataUrlBytes(`data:,${FILES.plain}`)
    for (let end = 0; end < whole.length; end += 1) readPngText(whole.subarray(0, end))
    for (let at = 0; at < whole.length; at += 1) {
      const wrong = whole.slice()
      wrong[at] = 255 - (wrong[at] ?? 0)
      readPngText(wrong)
    }
    expect(readPngText(whole.subarray(0, 60))).toBeInstanceOf(Map)
  })

  it('skips a text that is too long for a prompt', () => {
    const long = pngWithText({ prompt: 'x'.repeat(100_000), seed: '1' })
    expect([...(readPngText(long) ?? [])]).toEqual([['seed', '1']])
  })
})
