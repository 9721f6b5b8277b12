import { expect, it } from 'vitest'
import { readSyntax } from '../../../src/browser/reading/syntax'
import { differences } from '../vectors'

it('reads the syntax of every prompt as Python does', () => {
  const different = differences(
    ({ cleaned }) => {
      const { folded, tags, text } = readSyntax(cleaned)
      return [text, tags, folded]
    },
    ({ cleaned, syntax }) => syntax ?? [cleaned, [], false],
  )
  expect(different).toEqual([])
})
