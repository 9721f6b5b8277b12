import { openDB, type DBSchema } from 'idb'
import type { HistoryEntry, SavedPicture } from '../model/gallery'
import { formatRecipe } from '../model/link'
import { isRecord, numberOr, stringOr } from '../model/parse'
import { recipeFromJson } from '../model/recipe'

const DATABASE_NAME = 'painting-gallery'
const DATABASE_VERSION = 1

interface Tables extends DBSchema {
  pictures: { key: string; value: SavedPicture }
  history: { key: string; value: HistoryEntry }
}

export type TableName = 'pictures' | 'history'

/** This browser's IndexedDB; every operation may reject, in private windows or when the disk is full. */
export interface Store {
  pictures: () => Promise<SavedPicture[]>
  history: () => Promise<HistoryEntry[]>
  put: <Table extends TableName>(table: Table, entry: Tables[Table]['value']) => Promise<void>
  remove: (table: TableName, key: string) => Promise<void>
  clear: (table: TableName) => Promise<void>
}

export async function openStore(): Promise<Store> {
  const database = await openDB<Tables>(DATABASE_NAME, DATABASE_VERSION, {
    upgrade(fresh) {
      fresh.createObjectStore('pictures', { keyPath: 'key' })
      fresh.createObjectStore('history', { keyPath: 'key' })
    },
  })
  return {
    pictures: async () => (await database.getAll('pictures')).flatMap((entry) => parsePicture(entry) ?? []),
    history: async () => (await database.getAll('history')).flatMap((entry) => parseEntry(entry) ?? []),
    put: async (table, entry) => void (await database.put(table, entry)),
    remove: (table, key) => database.delete(table, key),
    clear: (table) => database.clear(table),
  }
}

/** Parses a saved picture; null for any other value. */
function parsePicture(entry: unknown): SavedPicture | null {
  if (!isRecord(entry)) return null
  const { key, source } = entry
  if (typeof key !== 'string' || typeof source !== 'string' || !source.startsWith('data:image/png;')) return null
  return { key, source, time: numberOr(entry['time'], 0), ...recipeFromJson(entry) }
}

/** Parses an entry of the history, also one of release 0.1.0, which has no link; null for any other value. */
function parseEntry(entry: unknown): HistoryEntry | null {
  if (!isRecord(entry) || typeof entry['key'] !== 'string') return null
  const key = entry['key'].startsWith('?') ? entry['key'] : formatRecipe(recipeFromJson(entry))
  const thumbnail = stringOr(entry['thumbnail'], '')
  return key === '' ? null : { key, time: numberOr(entry['time'], 0), thumbnail: thumbnail.startsWith('data:image/') ? thumbnail : '' }
}
