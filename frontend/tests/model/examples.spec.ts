import { expect, it } from 'vitest'
import { firstExample, shownExamples } from '../../src/model/examples'

it.each([[[], null], [['a lily', 'a rose'], 'a lily']])('the first example of %j is %j', (prompts, first) => {
  expect(firstExample(prompts)).toBe(first)
})

const PROMPTS = ['a lily', 'a lily among leaves', 'A Rose', 'a meadow', 'a red rose']

it.each([
  [PROMPTS, ['lily', 'rose'], 2, ['a lily', 'A Rose']],
  [PROMPTS, ['lily', 'rose'], 4, ['a lily', 'A Rose', 'a lily among leaves', 'a meadow']],
  [PROMPTS, [], 2, ['a lily', 'a lily among leaves']],
  [[], ['lily'], 2, []],
])('of %j and the kinds %j, %i are shown', (prompts, kinds, count, shown) => {
  expect(shownExamples(prompts, kinds, count)).toEqual(shown)
})
