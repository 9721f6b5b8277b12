import { describe, expect, it } from 'vitest'
import { kindsOf, parseCard, summaryOf } from '../../src/model/card'
import type { Painter } from '../../src/model/painter'

function painter(card: Record<string, unknown>, others: Partial<Painter> = {}): Painter {
  return { name: 'x', pictureSize: 64, takesPrompt: true, takesStrength: false, hasAlpha: false, examplePrompts: [], samples: null, card, ...others }
}

describe('parseCard', () => {
  it('describes the training, the figures and the limits of a painter with prompts', () => {
    const source = { split: 'test', extractor: 'probe-1', protocol: 'By a probe.' }
    const noSource = { split: null, extractor: null, protocol: null }
    const card = parseCard(
      painter({
        data: { pictures: 3510, different_captions: 445, captions: 21060, size: 64, source: 'train' },
        hours: 1.43,
        hardware: { cores: 2, device: 'cpu' },
        figures: [
          { id: 'label_accuracy.color', name: 'color accuracy', value: 0.9431, real: 0.8583, chance: 0.2794, ...source },
          { id: 'frechet_distance', name: 'Fréchet distance', value: 8.7538, real: 1.7116 },
        ],
      }),
    )
    expect(card.training).toEqual([
      'Trained on 3,510 pictures with 445 different captions, 64 px wide.', 'Training took 1.4 hours on 2 cores.',
    ])
    expect(card.figures).toEqual([
      { id: 'label_accuracy.color', name: 'color accuracy', painted: '94%', real: '86%', chance: '28%', ...source },
      { id: 'frechet_distance', name: 'Fréchet distance', painted: '8.75', real: '1.71', chance: null, ...noSource },
    ])
    expect(card.limits.at(-1)).toBe('Its pictures are 64 × 64 pixels; the page upscales them.')
  })

  it('says that pictures have transparency', () => {
    expect(parseCard(painter({}, { hasAlpha: true })).training).toEqual(['Its pictures have transparency.'])
  })

  it.each([
    ['missing_modes.species', 0, '0%'],
    ['precision', 0.997, '99.7%'],
    ['joint_label_accuracy.color.shape', 0.5, '50%'],
    ['density', 0.81, '0.81'],
    ['precision_of_another_kind', 0.5, '0.5'],
  ])('formats %s by its metric', (id, value, painted) => {
    expect(parseCard(painter({ figures: [{ id, name: 'x', value }] })).figures).toMatchObject([{ id, painted }])
  })

  it('shows the values of a card without ids as they are', () => {
    const figures = [{ name: 'precision', value: 0.9, real: 1 }]
    expect(parseCard(painter({ figures })).figures).toMatchObject([{ id: null, name: 'precision', painted: '0.9', real: '1' }])
  })

  it('names the painter of a warm start, and its licence', () => {
    const sentence = (began: unknown): string | undefined =>
      parseCard(painter({ began_from: began })).training.find((text) => text.includes('started from'))
    expect(sentence({ painter: 'flowers 01234567', licence: 'MIT.' })).toBe('Training started from the painter flowers 01234567 (licence: MIT).')
    expect(sentence({ painter: 'flowers 01234567' })).toBe('Training started from the painter flowers 01234567.')
    expect(sentence('flowers')).toBeUndefined()
  })

  it('describes the source and the limits of a painter without prompts', () => {
    const data = { pictures: 10000, source: 'the 10,000 test digits of MNIST', licence: 'CC BY-SA 3.0' }
    const card = parseCard(painter({ data, hours: 0.33, licence: 'MIT.' }, { takesPrompt: false }))
    expect(card.training).toContain('Source: the 10,000 test digits of MNIST.')
    expect(card.training).toContain('Training took 20 minutes.')
    expect(card.training).toContain('Data licence: CC BY-SA 3.0.')
    expect(card.training).toContain('Painter licence: MIT.')
    expect(card.limits[0]).toMatch(/no prompt/)
  })

  it('starts with the description of the data', () => {
    const data = { pictures: 7, description: 'It has seen flowers in gardens.', source: 'a folder of pictures' }
    expect(parseCard(painter({ data })).training).toEqual(['It has seen flowers in gardens.', 'Trained on 7 pictures.'])
  })

  it('lists the limits of the card, and the pairs without training data', () => {
    const { limits } = parseCard(painter({ limits: ['It paints no animals.'], data: { unseen_pairs: ['red star', 'blue triangle'] } }))
    expect(limits[0]).toBe('It paints no animals.')
    expect(limits).toContain('Not in its training data: red star, blue triangle.')
  })

  it.each([{}, { figures: 'many', data: 7, hours: 'long' }, { figures: [{}, null, { name: 'x', value: 'high' }] }])(
    'accepts a card without usable content: %j',
    (card) => expect(parseCard(painter(card))).toMatchObject({ training: [], figures: [] }),
  )
})

describe('what a painter paints', () => {
  it.each([
    [{ data: { labels: { color: ['red', 'blue'], species: ['daisy', 'rose', 'tulip'] } } }, 'x: 3 species, 2 colors.'],
    [{ data: { labels: { shape: ['ring'] } } }, 'x: 1 shape.'],
    [{ data: { labels: { a: ['1', '2'], b: ['1'], c: ['1', '2', '3'] } } }, 'x: 3 cs, 2 as.'],
    [{ data: { labels: { shape: 7 }, pictures: 3299 } }, 'x: trained on 3,299 pictures.'],
    [{ data: { pictures: 3299 } }, 'x: trained on 3,299 pictures.'],
    [{ data: { pictures: 'endless' } }, ''],
    [{}, ''],
  ])('of %j is summed up as %j', (card, summary) => {
    expect(summaryOf(painter(card))).toBe(summary)
  })

  it('has the kinds of its finest division', () => {
    expect(kindsOf(painter({ data: { labels: { color: ['red', 'blue'], species: ['daisy', 'rose', 'tulip'] } } }))).toEqual(['daisy', 'rose', 'tulip'])
    expect(kindsOf(painter({}))).toEqual([])
  })
})
