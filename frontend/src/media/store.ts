import { openDB, type DBSchema, type IDBPTransaction, type StoreNames } from 'idb'
import type { HistoryEntry, SavedPicture } from '../model/gallery'
import { formatRecipe } from '../model/link'
import { isRecord, numberOr, stringOr } from '../model/parse'
import { recipeFromJson } from '../model/recipe'
import { dataUrlBytes, hasAlpha } from './files'

const DATABASE_NAME = 'painting-gallery'
const DATABASE_VERSION = 2

interface Tables extends DBSchema {
  pictures: { key: string; value: SavedPicture }
  /** The file of each picture, a PNG or a WebP, by its key. */
  files: { key: string; value: Uint8Array<ArrayBuffer> }
  history: { key: string; value: HistoryEntry }
}

/** This browser's IndexedDB; every operation may reject, in private windows or when the disk is full. */
export interface Store {
  pictures: () => Promise<SavedPicture[]>
  history: () => Promise<HistoryEntry[]>
  /** The file of a picture. */
  file: (key: string) => Promise<Uint8Array<ArrayBuffer> | undefined>
  addPicture: (picture: SavedPicture, file: Uint8Array<ArrayBuffer>) => Promise<void>
  removePicture: (key: string) => Promise<void>
  addEntry: (entry: HistoryEntry) => Promise<void>
  removeEntry: (key: string) => Promise<void>
  clearHistory: () => Promise<void>
}

export async function openStore(): Promise<Store> {
  const database = await openDB<Tables>(DATABASE_NAME, DATABASE_VERSION, {
    async upgrade(fresh, oldVersion, _, transaction) {
      fresh.createObjectStore('files')
      if (oldVersion > 0) return movePictures(transaction)
      fresh.createObjectStore('pictures', { keyPath: 'key' })
      fresh.createObjectStore('history', { keyPath: 'key' })
    },
    blocking: () => database.close(), // for a tab with a later version of the page
  })
  return {
    pictures: async () => (await database.getAll('pictures')).flatMap((entry) => parsePicture(entry) ?? []),
    history: async () => (await database.getAll('history')).flatMap((entry) => parseEntry(entry) ?? []),
    file: (key) => database.get('files', key),
    addPicture: async (picture, file) => {
      const transaction = database.transaction(['pictures', 'files'], 'readwrite')
      await transaction.objectStore('pictures').put(picture)
      await transaction.objectStore('files').put(file, picture.key)
      await transaction.done
    },
    removePicture: async (key) => {
      const transaction = database.transaction(['pictures', 'files'], 'readwrite')
      await transaction.objectStore('pictures').delete(key)
      await transaction.objectStore('files').delete(key)
      await transaction.done
    },
    addEntry: async (entry) => void (await database.put('history', entry)),
    removeEntry: (key) => database.delete('history', key),
    clearHistory: () => database.clear('history'),
  }
}

/** Moves the files of release 0.1.0, which were data URLs within the pictures. */
async function movePictures(transaction: IDBPTransaction<Tables, StoreNames<Tables>[], 'versionchange'>): Promise<void> {
  const files = transaction.objectStore('files')
  for await (const cursor of transaction.objectStore('pictures')) {
    const { source, ...picture } = cursor.value as SavedPicture & { source?: unknown }
    if (typeof source !== 'string' || !source.startsWith('data:image/png;base64,')) continue
    await files.put(dataUrlBytes(source), picture.key)
    await cursor.update({ ...picture, thumbnail: source, hasAlpha: hasAlpha(source) })
  }
}

/** Parses a saved picture; null for any other value. */
function parsePicture(entry: unknown): SavedPicture | null {
  if (!isRecord(entry) || typeof entry['key'] !== 'string') return null
  const thumbnail = imageOr(entry['thumbnail'], null)
  if (thumbnail === null) return null
  const { key, time, hasAlpha: alpha } = entry
  return { key, thumbnail, time: numberOr(time, 0), hasAlpha: alpha === true, ...recipeFromJson(entry) }
}

/** Parses an entry of the history, also one of release 0.1.0, which has no link; null for any other value. */
function parseEntry(entry: unknown): HistoryEntry | null {
  if (!isRecord(entry) || typeof entry['key'] !== 'string') return null
  const key = entry['key'].startsWith('?') ? entry['key'] : formatRecipe(recipeFromJson(entry))
  return key === '' ? null : { key, time: numberOr(entry['time'], 0), thumbnail: imageOr(entry['thumbnail'], '') }
}

/** A data URL of an image, or the default. */
function imageOr<Default>(value: unknown, other: Default): string | Default {
  return stringOr(value, '').startsWith('data:image/') ? (value as string) : other
}
