import { expect, it } from 'vitest'
import { defaultExample } from '../../src/model/examples'

it.each([
  [[], null],
  [['a lily'], 'a lily'],
  [['a lily', 'a rose'], 'a rose'],
  [['a bluebell', 'a lily', 'a rose'], 'a lily'],
])('the default example of %j is the middle one', (prompts, first) => {
  expect(defaultExample(prompts)).toBe(first)
})
