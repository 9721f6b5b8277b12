import { nonDefaultOptions } from './paintOptions'
import type { Recipe } from './recipe'
import { variationFields } from './variation'

/** A way to paint a picture again outside the page. */
export interface Snippet {
  readonly name: 'Command line' | 'curl' | 'Python'
  readonly code: string
}

/** What paints a picture again; `address`: the URL of its PNG's route; `file`: the name of the file. */
export function snippetsOf(recipe: Recipe, address: string, file: string): Snippet[] {
  return [
    { name: 'Command line', code: commandLine(recipe) },
    { name: 'curl', code: curl(recipe, address, file) },
    { name: 'Python', code: python(recipe, file) },
  ]
}

function commandLine({ prompt, seed, painter, options, variation }: Recipe): string {
  const numbers = { count: 1, ...(seed !== null && { seed }), ...nonDefaultOptions(options), ...variationFields(variation) }
  return [
    'painting paint',
    ...(painter === null ? [] : [`--painter ${quoted(painter)}`]),
    ...Object.entries(numbers).map(([name, value]) => `--${name.replace('_', '-')} ${value}`),
    ...(prompt === null ? [] : [`-- ${quoted(prompt)}`]),
  ].join(' ')
}

function curl({ prompt, seed, painter, options, variation }: Recipe, address: string, file: string): string {
  const fields = {
    ...(prompt !== null && { prompt }),
    ...(seed !== null && { seed }),
    ...(painter !== null && { model: painter }),
    ...nonDefaultOptions(options),
    ...variationFields(variation),
    format: 'png',
  }
  const data = Object.entries(fields).map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`)
  return [`curl --get ${quoted(address)}`, ...data, `--output ${quoted(file)}`].join(' \\\n  ')
}

function python({ prompt, seed, painter, options, variation }: Recipe, file: string): string {
  const settings = Object.entries(nonDefaultOptions(options)).map(([name, value]) => `${name}=${value}`)
  const parameters = [
    ...(prompt === null ? [] : [JSON.stringify(prompt)]),
    'count=1',
    ...(seed === null ? [] : [`seed=${seed}`]),
    ...settings,
    ...(variation ? [`variation=painting.Variation(${variation.strength}, ${variation.subseed})`] : []),
  ]
  return [
    'from pathlib import Path',
    '',
    'import painting',
    '',
    `pictures = painting.load(${painter === null ? '' : JSON.stringify(painter)}).paint(${parameters.join(', ')})`,
    `Path(${JSON.stringify(file)}).write_bytes(pictures.png(0))`,
  ].join('\n')
}

/** A text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
