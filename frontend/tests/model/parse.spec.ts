import { describe, expect, it } from 'vitest'
import { arrayOrEmpty, isRecord, numberOr, parseNumber, stringOr, stringsOf } from '../../src/model/parse'

describe('readers of untrusted values', () => {
  it('accept plain objects as records only', () => {
    expect([{}, { a: 1 }].every(isRecord)).toBe(true)
    expect([null, [], 'a', 7, undefined].some(isRecord)).toBe(false)
  })

  it('drop what is no string, no array or no finite number', () => {
    expect(stringsOf(['a', 7, null, 'b'])).toEqual(['a', 'b'])
    expect([stringsOf('ab'), arrayOrEmpty({ length: 2 })]).toEqual([[], []])
    expect([stringOr('a', null), stringOr(7, null)]).toEqual(['a', null])
    expect([numberOr(7, 0), numberOr(NaN, 0), numberOr('7', 0)]).toEqual([7, 0, 0])
  })
})

describe('parseNumber', () => {
  it.each([['0.5', 0.5], [' 1 ', 1], ['0', 0], ['1.01', null], ['-1', null], ['', null], [' ', null], ['x', null], [null, null]])(
    'parses numbers within the range only: %j',
    (text, value) => expect(parseNumber(text, 0, 1)).toBe(value),
  )
})
