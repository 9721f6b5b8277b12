import { invalidResponse } from '../model/errors'
import { parsePainter, type Painter } from '../model/painter'
import { arrayOrEmpty, isRecord, numberOr, stringOr } from '../model/parse'

/** A file of the site, with what it must be. */
export interface SiteFile {
  /** Its address, relative to the page. */
  readonly file: string
  readonly bytes: number
  /** In hexadecimal digits. */
  readonly sha256: string
}

export interface SiteEncoder {
  readonly graph: SiteFile
  readonly tokenizer: SiteFile
  /** Numbers of a text vector. */
  readonly width: number
  /** In tokens. */
  readonly longestPrompt: number
  readonly unknownToken: string
}

export interface SitePainter {
  readonly painter: Painter
  readonly file: SiteFile
  /** The text vectors of its example prompts; null for a painter that takes none. */
  readonly examples: SiteFile | null
  readonly textEncoder: string | null
}

/** The index of a static site, its `site.json`. */
export interface Site {
  readonly runtime: SiteFile
  /** Word lists of the prompt reading. */
  readonly reading: SiteFile
  readonly encoders: ReadonlyMap<string, SiteEncoder>
  /** The default first. */
  readonly painters: readonly SitePainter[]
}

const FORMAT_VERSION = 1

/** Reads the index; throws PaintError for anything else. */
export function parseSite(json: unknown): Site {
  if (!isRecord(json) || json['format_version'] !== FORMAT_VERSION) throw invalidResponse()
  const encoders = Object.entries(isRecord(json['encoders']) ? json['encoders'] : {})
  const painters = arrayOrEmpty(json['painters']).map(parseSitePainter)
  if (painters.length === 0) throw invalidResponse()
  return {
    runtime: parseFile(json['runtime']),
    reading: parseFile(json['reading']),
    encoders: new Map(encoders.map(([id, fields]) => [id, parseEncoder(fields)])),
    painters,
  }
}

function parseSitePainter(fields: unknown): SitePainter {
  const painter = parsePainter(fields)
  if (!isRecord(fields)) throw invalidResponse()
  return {
    painter,
    file: parseFile(fields['file']),
    examples: fields['examples'] === null ? null : parseFile(fields['examples']),
    textEncoder: stringOr(fields['text_encoder'], null),
  }
}

function parseEncoder(fields: unknown): SiteEncoder {
  if (!isRecord(fields)) throw invalidResponse()
  return {
    graph: parseFile(fields['graph']),
    tokenizer: parseFile(fields['tokenizer']),
    width: numberOr(fields['width'], 0),
    longestPrompt: numberOr(fields['longest_prompt'], 0),
    unknownToken: stringOr(fields['unknown_token'], ''),
  }
}

/** A file whose address stays within the site. */
function parseFile(fields: unknown): SiteFile {
  if (!isRecord(fields)) throw invalidResponse()
  const file = stringOr(fields['file'], '')
  const sha256 = stringOr(fields['sha256'], '')
  const bytes = numberOr(fields['bytes'], -1)
  const isValid = /^[\w-][\w./-]*$/.test(file) && !file.includes('..') && /^[0-9a-f]{64}$/.test(sha256) && bytes >= 0
  if (!isValid) throw invalidResponse()
  return { file, bytes, sha256 }
}
