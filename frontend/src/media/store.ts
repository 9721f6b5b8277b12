import { openDB, type DBSchema } from 'idb'
import type { KeptPicture, PastWords } from '../composables/useKept'
import { isRecord } from '../server/reading'

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
    pictures: async () => (await database.getAll('pictures')).filter(isPicture),
    words: async () => (await database.getAll('words')).filter(isWords),
    put: async (table, entry) => void (await database.put(table, entry)),
    remove: (table, key) => database.delete(table, key),
    clear: (table) => database.clear(table),
  }
}

function isPicture(entry: unknown): boolean {
  return isRecord(entry) && typeof entry['source'] === 'string' && entry['source'].startsWith('data:image/png;')
}

function isWords(entry: unknown): boolean {
  return isRecord(entry) && typeof entry['prompt'] === 'string'
}
