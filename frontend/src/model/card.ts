import { isRecord, list, numberOr, textOr, texts } from './parse'
import type { Painter } from './painter'

/** Something that was measured. */
export interface Figure {
  readonly name: string
  readonly painted: string
  /** The same of real pictures, and of guesses. */
  readonly real: string | null
  readonly chance: string | null
  readonly split: string | null
  /** Which network saw the pictures. */
  readonly extractor: string | null
  readonly protocol: string | null
}

/** What a painter's card says, in sentences for people. */
export interface Card {
  readonly training: readonly string[]
  readonly figures: readonly Figure[]
  readonly limits: readonly string[]
}

const SHARES = /read|share|precision|recall|coverage|left out|closer|accuracy/i
const MOST_PAIRS = 8

export function readCard(painter: Painter): Card {
  const { card } = painter
  return {
    training: training(card),
    figures: list(card['figures']).flatMap((told) => readFigure(told) ?? []),
    limits: limits(painter),
  }
}

function training(card: Painter['card']): string[] {
  const data = isRecord(card['data']) ? card['data'] : {}
  const pictures = data['pictures'] === 'endless' ? 'pictures drawn without end' : counted(data['pictures'], 'pictures')
  const captions = counted(data['different_captions'] ?? data['captions'], 'different captions')
  const size = numberOr(data['size'], null)
  const seen = [pictures, captions].filter((part) => part !== null).join(' with ')
  const source = textOr(data['source'], '')
  const description = textOr(data['description'], null)
  const hours = numberOr(card['hours'], null)
  const hardware = isRecord(card['hardware']) ? card['hardware'] : {}
  return [
    description,
    seen && `Trained on ${seen}${size === null ? '' : `, ${size} px wide`}.`,
    !description && /\s/.test(source) && `They are ${source}.`,
    textOr(data['licence'], '') && `Their licence: ${textOr(data['licence'], '')}.`,
    hours && `The training took ${hours < 1 ? `${Math.round(hours * 60)} minutes` : `${hours.toFixed(1)} hours`}${machine(hardware)}.`,
    beginning(card['began_from']),
    textOr(card['licence'], '') && `The painter’s licence: ${textOr(card['licence'], '').replace(/\.$/, '')}.`,
  ].filter((sentence): sentence is string => Boolean(sentence))
}

/** The painter whose weights it began with, which may have had other pictures and another licence. */
function beginning(told: unknown): string | null {
  if (!isRecord(told) || !textOr(told['painter'], '')) return null
  const licence = textOr(told['licence'], '').replace(/\.$/, '')
  return `It began from the painter ${textOr(told['painter'], '')}${licence && ` (licence: ${licence})`}.`
}

function machine(hardware: Record<string, unknown>): string {
  const cores = numberOr(hardware['cores'], null)
  if (hardware['device'] === 'cpu' && cores !== null) return ` on ${cores} ${cores === 1 ? 'core' : 'cores'}`
  return typeof hardware['device'] === 'string' ? ` on ${hardware['device']}` : ''
}

function limits({ card, pictureSize, takesPrompt }: Painter): string[] {
  const data = isRecord(card['data']) ? card['data'] : {}
  const unseen = texts(data['unseen_pairs'])
  return [
    ...texts(card['limits']),
    takesPrompt
      ? 'It knows what its training pictures show; asked for anything else, it paints what seems nearest to it.'
      : 'It takes no words: what it paints is up to the seed.',
    ...(unseen.length > 0 ? [`It never saw ${unseen.slice(0, MOST_PAIRS).join(', ')}; it has to guess these.`] : []),
    ...(pictureSize === null ? [] : [`Its pictures have ${pictureSize} × ${pictureSize} pixels; the page enlarges them.`]),
  ]
}

function readFigure(told: unknown): Figure | null {
  if (!isRecord(told) || typeof told['name'] !== 'string' || typeof told['value'] !== 'number') return null
  const write = (value: unknown): string | null => (typeof value === 'number' ? written(value, told['name'] as string) : null)
  return {
    name: told['name'],
    painted: write(told['value']) ?? '',
    real: write(told['real']),
    chance: write(told['chance']),
    split: textOr(told['split'], null),
    extractor: textOr(told['extractor'], null),
    protocol: textOr(told['protocol'], null),
  }
}

function written(value: number, name: string): string {
  if (SHARES.test(name) && value >= 0 && value <= 1) return `${Number((100 * value).toFixed(value > 0.99 || value < 0.01 ? 1 : 0))}%`
  return String(Number(value.toPrecision(3)))
}

function counted(value: unknown, what: string): string | null {
  return typeof value === 'number' ? `${value.toLocaleString('en')} ${what}` : null
}
