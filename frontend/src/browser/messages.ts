import type { ErrorKind } from '../model/errors'
import type { PaintResponse } from '../model/paint'
import type { Recipe } from '../model/recipe'

/** A response whose pictures are files, as they come from the worker. */
export interface PaintedFiles extends Omit<PaintResponse, 'pictures'> {
  readonly files: readonly (Recipe & { readonly file: Uint8Array })[]
}

/** What is being loaded, of all that the site's index names. */
export interface Loading {
  readonly what: 'the painter' | 'the text encoder'
  readonly loadedBytes: number
  readonly totalBytes: number
  /** Whether it is loaded only once the visitor agrees. */
  readonly waits: boolean
}

/** From the page to its worker. */
export type Request =
  | { readonly type: 'start'; readonly base: string; readonly savesData: boolean }
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly type: 'abort'; readonly id: number }
  | { readonly type: 'consent' }

/** From the worker to its page. */
export type Reply =
  | { readonly type: 'part'; readonly id: number; readonly value: unknown }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly kind: ErrorKind; readonly message: string }
  | { readonly type: 'loading'; readonly loading: Loading | null }
