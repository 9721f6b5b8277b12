import { describe, expect, it } from 'vitest'
import { useForm } from '../../src/composables/useForm'
import { useRestore } from '../../src/composables/useRestore'
import { useSeeds } from '../../src/composables/useSeeds'
import { parseLink } from '../../src/model/link'
import type { Picture } from '../../src/model/picture'
import { fakePainters, FLOWERS } from '../fakePainters'

const PICTURE: Picture = {
  ...{ source: '', prompt: 'a rose', seed: 7, painter: 'flowers' },
  ...{ options: { truncation: 0.5, strength: 1 }, variation: null },
}

function restoring() {
  const painters = fakePainters([FLOWERS])
  const form = useForm(painters, parseLink(''))
  const seeds = useSeeds(form.count)
  return { form, seeds, chosenName: painters.chosenName, ...useRestore(form, painters, seeds) }
}

describe('useRestore', () => {
  it('fills the form with a picture’s parameters', () => {
    const { chosenName, form, restore, seeds } = restoring()
    form.mode.value = 'gallery'
    restore(PICTURE)
    expect([form.mode.value, form.promptText.value, seeds.first.value, chosenName.value]).toEqual(['paint', 'a rose', 7, 'flowers'])
    expect(form.chosenOptions.value.truncation).toBe(0.5)
  })

  it('says so if the server does not have the picture’s painter', async () => {
    const { chosenName, form, restore } = restoring()
    restore({ ...PICTURE, painter: 'trees' })
    await Promise.resolve()
    expect(form.message.value).toContain('“trees” is not available')
    expect(chosenName.value).toBeNull()
  })

  it('opens variations of a picture with a random subseed', () => {
    const { form, showVariations } = restoring()
    showVariations(PICTURE)
    expect(form.mode.value).toBe('variations')
    expect(form.variationCenter.value).toMatchObject({ seed: 7, variation: { strength: 0.25 } })
    form.mode.value = 'paint'
    showVariations({ ...PICTURE, seed: null })
    expect(form.mode.value).toBe('paint')
  })
})
