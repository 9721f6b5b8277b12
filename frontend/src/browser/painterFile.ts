import { unzipSync, type Unzipped } from 'fflate'
import { PaintError } from '../model/errors'
import { isRecord, numberOr } from '../model/parse'
import { sha256Of } from './download'
import { parseKnownCaptions, type KnownCaptions } from './reading/knownCaptions'

/** What a painter file holds. */
export interface PainterFile {
  readonly latentSize: number
  readonly pictureSize: number
  /** The generator's input is (text vector − mean) / std; null for a painter that takes no prompt. */
  readonly standardization: { readonly mean: Float32Array; readonly std: Float32Array } | null
  readonly generator: Uint8Array
  readonly known: KnownCaptions | null
  /** Its card, with the figures of its evaluation. */
  readonly card: Readonly<Record<string, unknown>>
}

const MANIFEST = 'painter.json'
const FORMAT_VERSION = 1
const MAX_MEMBER_BYTES = 1 << 28 // of an unpacked member, as its archive states it

/** Reads a painter file; its members must be those that its manifest names by their SHA-256. Throws PaintError. */
export async function readPainterFile(file: Uint8Array): Promise<PainterFile> {
  const members = unzipped(file)
  const manifest = parseManifest(memberOf(members, MANIFEST))
  const hashes = isRecord(manifest['members']) ? manifest['members'] : {}
  for (const [name, content] of Object.entries(members)) {
    if (name !== MANIFEST && (await sha256Of(content as Uint8Array<ArrayBuffer>)) !== hashes[name]) throw broken(`its ${name} is another`)
  }
  const mean = numbersOf(manifest['caption_mean'])
  const std = numbersOf(manifest['caption_std'])
  const standardization = mean && std && mean.length === std.length ? { mean, std } : null
  return {
    latentSize: numberOr(manifest['latent_size'], 0),
    pictureSize: numberOr(manifest['picture_size'], 0),
    standardization,
    generator: memberOf(members, 'generator.onnx'),
    known: standardization && knownOf(members, standardization.mean.length),
    card: isRecord(manifest['card']) ? manifest['card'] : {},
  }
}

function unzipped(file: Uint8Array): Unzipped {
  try {
    return unzipSync(file, { filter: ({ originalSize }) => originalSize <= MAX_MEMBER_BYTES })
  } catch {
    throw broken('it is no zip archive')
  }
}

function parseManifest(content: Uint8Array): Record<string, unknown> {
  const manifest = JSON.parse(new TextDecoder().decode(content)) as unknown
  if (!isRecord(manifest) || manifest['format_version'] !== FORMAT_VERSION) throw broken(`its ${MANIFEST} is of another version`)
  return manifest
}

function knownOf(members: Unzipped, width: number): KnownCaptions | null {
  const captions = members['captions.json']
  const vectors = members['caption_vectors.int8']
  if (!captions || !vectors) return null
  return parseKnownCaptions(new TextDecoder().decode(captions), new Int8Array(vectors.buffer, vectors.byteOffset, vectors.length), width)
}

function memberOf(members: Unzipped, name: string): Uint8Array {
  const content = members[name]
  if (!content) throw broken(`it has no ${name}`)
  return content
}

function numbersOf(value: unknown): Float32Array | null {
  return Array.isArray(value) && value.every((number) => typeof number === 'number') ? Float32Array.from(value) : null
}

function broken(reason: string): PaintError {
  return new PaintError('invalid', `The painter’s file is broken: ${reason}.`)
}
