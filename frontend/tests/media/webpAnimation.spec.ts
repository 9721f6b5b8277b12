import { describe, expect, it } from 'vitest'
import { dataUrlBytes } from '../../src/media/files'
import { parseAnimation } from '../../src/media/webp'
import { animate } from '../../src/media/webpAnimation'
import { FILES } from './files'

describe('animate', () => {
  it('joins still files to an animation of the same frames', () => {
    const stills = (parseAnimation(dataUrlBytes(`data:,${FILES.lossless}`))?.frames ?? []).map(({ file }) => file)
    const animation = parseAnimation(animate(stills, 16, 50) ?? new Uint8Array())
    expect(animation?.frames.map(({ file, durationMs, width }) => [file, durationMs, width])).toEqual(stills.map((file) => [file, 50, 16]))
  })

  it('gives nothing for files of another kind', () => {
    expect(animate([dataUrlBytes(`data:,${FILES.plain}`)], 4, 50)).toBeNull()
  })
})
