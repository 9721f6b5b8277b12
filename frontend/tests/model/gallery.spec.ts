import { expect, it } from 'vitest'
import { isContinuation } from '../../src/model/gallery'

it.each([
  ['?prompt=a+white+daisy&seed=7', '?prompt=a+whi&seed=7', true],
  ['?prompt=a+daisy&seed=7', '?prompt=a+daisy&seed=7', true],
  ['?prompt=a+white+daisy&seed=7', '?prompt=a+white+lily&seed=7', false],
  ['?prompt=a+white+daisy&seed=7', '?prompt=a+whi&seed=8', false],
  ['?prompt=a+daisy&seed=7', '?prompt=a+daisy&seed=7&strength=0.5', false],
  ['?seed=7', '?prompt=a&seed=7', false],
])('%s goes on from %s: %s', (link, earlier, expected) => {
  expect(isContinuation(link, earlier)).toBe(expected)
})
