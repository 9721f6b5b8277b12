import type { Painter } from './painter'
import { arrayOrEmpty, isRecord, numberOr, stringOr, stringsOf } from './parse'

/** A measured value of a painter, formatted for a table. */
export interface Figure {
  /** The metric's id, with the labels it is about after dots; null in cards that name their figures only. */
  readonly id: string | null
  readonly name: string
  readonly painted: string
  /** The same metric on real pictures, and for random guesses. */
  readonly real: string | null
  readonly chance: string | null
  /** The split that it was measured on. */
  readonly split: string | null
  /** The feature extractor or classifier. */
  readonly extractor: string | null
  readonly protocol: string | null
}

/** A property of the training pictures, such as their colour, and the values that it has. */
export interface Label {
  readonly name: string
  readonly values: readonly string[]
}

/** A painter's model card, as sentences and a table. */
export interface Card {
  readonly training: readonly string[]
  readonly figures: readonly Figure[]
  readonly limits: readonly string[]
}

/** Metrics whose values are shares from 0 to 1, shown in percent. */
const SHARE_METRICS: ReadonlySet<string> = new Set([
  'precision',
  'recall',
  'coverage',
  'label_accuracy',
  'joint_label_accuracy',
  'missing_modes',
  'r_precision',
  'memorization_rate',
  'confident_share',
  'rarest_class_share',
  'commonest_class_share',
])
const MAX_UNSEEN_PAIRS = 8
const MAX_SUMMARY_LABELS = 2 // more would not fit in a line of a phone

export function parseCard(painter: Painter): Card {
  const { card } = painter
  return {
    training: [...trainingSentences(card), ...(painter.hasAlpha ? ['Its pictures have transparency.'] : [])],
    figures: arrayOrEmpty(card['figures']).flatMap((figure) => parseFigure(figure) ?? []),
    limits: limitSentences(painter),
  }
}

/** Values of each label that the training pictures have, the label with the most values first. */
export function labelsOf({ card }: Painter): Label[] {
  const data = isRecord(card['data']) ? card['data'] : {}
  const labels = isRecord(data['labels']) ? Object.entries(data['labels']) : []
  return labels
    .map(([name, values]) => ({ name, values: stringsOf(values) }))
    .filter(({ values }) => values.length > 0)
    .sort((one, other) => other.values.length - one.values.length)
}

/** What a painter paints, in its finest division; empty if its card does not say. */
export function kindsOf(painter: Painter): readonly string[] {
  return labelsOf(painter)[0]?.values ?? []
}

/** One line on what a painter paints, by the labels of its training pictures or their number. */
export function summaryOf(painter: Painter): string {
  const counts = labelsOf(painter).slice(0, MAX_SUMMARY_LABELS).map(({ name, values: { length } }) => `${length} ${length === 1 || name.endsWith('s') ? name : `${name}s`}`)
  if (counts.length > 0) return `${painter.name}: ${counts.join(', ')}.`
  const pictures = countOf(isRecord(painter.card['data']) && painter.card['data']['pictures'], 'pictures')
  return pictures === null ? '' : `${painter.name}: trained on ${pictures}.`
}

function trainingSentences(card: Painter['card']): string[] {
  const data = isRecord(card['data']) ? card['data'] : {}
  const description = stringOr(data['description'], null)
  const source = stringOr(data['source'], '')
  const dataLicence = stringOr(data['licence'], '')
  const licence = stringOr(card['licence'], '').replace(/\.$/, '')
  return [
    description,
    dataSentence(data),
    !description && /\s/.test(source) && `Source: ${source}.`,
    dataLicence && `Data licence: ${dataLicence}.`,
    hoursSentence(card),
    warmStartSentence(card['began_from']),
    licence && `Painter licence: ${licence}.`,
  ].filter((sentence): sentence is string => Boolean(sentence))
}

function dataSentence(data: Record<string, unknown>): string {
  const pictures = data['pictures'] === 'endless' ? 'an endless stream of drawn pictures' : countOf(data['pictures'], 'pictures')
  const captions = countOf(data['different_captions'] ?? data['captions'], 'different captions')
  const trainedOn = [pictures, captions].filter((part) => part !== null).join(' with ')
  const size = numberOr(data['size'], null)
  return trainedOn && `Trained on ${trainedOn}${size === null ? '' : `, ${size} px wide`}.`
}

function hoursSentence(card: Painter['card']): string | null {
  const hours = numberOr(card['hours'], null)
  if (!hours) return null
  const duration = hours < 1 ? `${Math.round(hours * 60)} minutes` : `${hours.toFixed(1)} hours`
  return `Training took ${duration}${deviceOf(isRecord(card['hardware']) ? card['hardware'] : {})}.`
}

/** The painter whose weights initialized this one, which may have had other training data and another licence. */
function warmStartSentence(start: unknown): string | null {
  if (!isRecord(start) || !stringOr(start['painter'], '')) return null
  const licence = stringOr(start['licence'], '').replace(/\.$/, '')
  return `Training started from the painter ${stringOr(start['painter'], '')}${licence && ` (licence: ${licence})`}.`
}

function deviceOf(hardware: Record<string, unknown>): string {
  const cores = numberOr(hardware['cores'], null)
  if (hardware['device'] === 'cpu' && cores !== null) return ` on ${cores} ${cores === 1 ? 'core' : 'cores'}`
  return typeof hardware['device'] === 'string' ? ` on ${hardware['device']}` : ''
}

function limitSentences({ card, pictureSize, takesPrompt }: Painter): string[] {
  const data = isRecord(card['data']) ? card['data'] : {}
  const unseen = stringsOf(data['unseen_pairs'])
  return [
    ...stringsOf(card['limits']),
    takesPrompt
      ? 'It paints only what its training pictures show; for any other prompt it paints the closest match.'
      : 'It takes no prompt: the seed alone determines the picture.',
    ...(unseen.length > 0 ? [`Not in its training data: ${unseen.slice(0, MAX_UNSEEN_PAIRS).join(', ')}.`] : []),
    ...(pictureSize === null ? [] : [`Its pictures are ${pictureSize} × ${pictureSize} pixels; the page upscales them.`]),
  ]
}

function parseFigure(figure: unknown): Figure | null {
  if (!isRecord(figure)) return null
  const { name, value } = figure
  if (typeof name !== 'string' || typeof value !== 'number') return null
  const id = stringOr(figure['id'], null)
  const isShare = SHARE_METRICS.has(metricOf(id))
  const format = (number: unknown): string | null => (typeof number === 'number' ? formatValue(number, isShare) : null)
  return {
    id,
    name,
    painted: formatValue(value, isShare),
    real: format(figure['real']),
    chance: format(figure['chance']),
    split: stringOr(figure['split'], null),
    extractor: stringOr(figure['extractor'], null),
    protocol: stringOr(figure['protocol'], null),
  }
}

/** The metric of a figure's id: `label_accuracy` of `label_accuracy.species`. */
function metricOf(id: string | null): string {
  return id?.split('.')[0] ?? ''
}

/** Formats a share in percent, with a decimal near 0% and 100%, and any other value with three digits. */
function formatValue(value: number, isShare: boolean): string {
  if (isShare) return `${Number((100 * value).toFixed(value > 0.99 || value < 0.01 ? 1 : 0))}%`
  return String(Number(value.toPrecision(3)))
}

function countOf(value: unknown, unit: string): string | null {
  return typeof value === 'number' ? `${value.toLocaleString('en')} ${unit}` : null
}
