import { openDB, type DBSchema } from 'idb'
import type { KeptPicture, PastWords } from '../model/kept'
import { mannerOf } from '../model/manner'
import type { Variation } from '../model/variation'
import { isRecord, numberOr, textOr } from '../model/parse'

const NAME = 'painting'
const VERSION = 1

interface Tables extends DBSchema {
  pictures: { key: string; value: KeptPicture }
  words: { key: string; value: PastWords }
}

/** The browser's own store; each of its deeds may fail, in private windows or for want of space. */
export interface Store {
  pictures: () => Promise<KeptPicture[]>
  words: () => Promise<PastWords[]>
  put: <Table extends 'pictures' | 'words'>(table: Table, entry: Tables[Table]['value']) => Promise<void>
  remove: (table: 'pictures' | 'words', key: string) => Promise<void>
  clear: (table: 'pictures' | 'words') => Promise<void>
}

export async function openStore(): Promise<Store> {
  const database = await openDB<Tables>(NAME, VERSION, {
    upgrade(fresh) {
      fresh.createObjectStore('pictures', { keyPath: 'key' })
      fresh.createObjectStore('words', { keyPath: 'key' })
    },
  })
  return {
    pictures: async () => (await database.getAll('pictures')).flatMap((entry) => readPicture(entry) ?? []),
    words: async () => (await database.getAll('words')).filter(isWords),
    put: async (table, entry) => void (await database.put(table, entry)),
    remove: (table, key) => database.delete(table, key),
    clear: (table) => database.clear(table),
  }
}

/** A kept picture, also one that an older page has kept; null for what is none. */
function readPicture(entry: unknown): KeptPicture | null {
  if (!isRecord(entry)) return null
  const { key, source, manner, variation } = entry
  if (typeof key !== 'string' || typeof source !== 'string' || !source.startsWith('data:image/png;')) return null
  return {
    ...{ key, source },
    time: numberOr(entry['time'], 0),
    prompt: textOr(entry['prompt'], null),
    // Neighbours were once painted by a way that is no more: such a picture is all that there is of it.
    seed: 'towards' in entry ? null : numberOr(entry['seed'], null),
    painter: textOr(entry['painter'], null),
    variation: isRecord(variation) ? variationOf(variation) : null,
    manner: mannerOf(isRecord(manner) ? manner : entry), // it once stood beside the seed
  }
}

function variationOf({ subseed, strength }: Record<string, unknown>): Variation | null {
  return typeof subseed === 'number' && typeof strength === 'number' ? { subseed, strength } : null
}

function isWords(entry: unknown): boolean {
  return isRecord(entry) && typeof entry['prompt'] === 'string'
}
