import { expect, it } from 'vitest'
import { firstExample } from '../../src/model/examples'

it.each([
  [[], null],
  [['a lily'], 'a lily'],
  [['a lily', 'a rose'], 'a rose'],
  [['a bluebell', 'a lily', 'a rose'], 'a lily'],
])('the first example of %j is one of the middle', (prompts, first) => {
  expect(firstExample(prompts)).toBe(first)
})
