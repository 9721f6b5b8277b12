import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { formatView, isPictureLink, lookupOf, viewFromText } from '../model/link'
import { isRecord } from '../model/parse'
import type { Picture } from '../model/picture'
import type { Recipe } from '../model/recipe'
import { randomSeed } from '../model/seeds'
import { newView, recipeOnScreen, type View } from '../model/view'

/** What a dialog over the view shows. */
export type Opened = Picture | 'painters'

/** An entry of the browser's history: all that a return to it shows. */
interface Entry {
  readonly view: View
  readonly opened: Opened | null
  /** How many of the page's entries are before it. */
  readonly depth: number
}

export interface Navigation {
  /** What the page shows; assigned, it changes the current entry of the browser's history. */
  view: ShallowRef<View>
  /** The picture whose link the page was opened with, to open once it is painted; null if it was another link. */
  linked: Recipe | null
  /** What is open over it. */
  opened: Readonly<ShallowRef<Opened | null>>
  /** Shows another view in a new entry, so that the browser's Back returns. */
  show: (view: View) => void
  open: (opened: Opened) => void
  close: () => void
  /** Whether there is an entry before that the page wrote. */
  hasBack: ComputedRef<boolean>
  /** Returns to that entry, if there is one. */
  back: () => void
}

const STATE_VERSION = 2 // of `Entry`, as a page of another version may have left its own
const ADDRESS_DELAY_MS = 250 // browsers refuse to change the address too often

/** The page's view, in step with the address and the browser's history. */
export function useNavigation(): Navigation {
  const first = currentEntry(newView(randomSeed()))
  const view = shallowRef(first.view)
  const opened = shallowRef(first.opened)
  const depth = ref(first.depth)
  const linked = history.state === null && isPictureLink(location.search) ? recipeOnScreen(first.view) : null
  let timer: ReturnType<typeof setTimeout> | undefined

  function write(method: 'pushState' | 'replaceState'): void {
    clearTimeout(timer)
    if (method === 'pushState') depth.value += 1
    const entry: Entry = { view: view.value, opened: opened.value, depth: depth.value }
    history[method]({ ...entry, version: STATE_VERSION }, '', formatView(view.value) || '.')
  }

  function show(next: View): void {
    write('replaceState')
    // A dialog makes room for what it leads to; what looks the same needs no way back.
    const isNew = opened.value === null && formatView(next) !== formatView(view.value)
    view.value = next
    opened.value = null
    write(isNew ? 'pushState' : 'replaceState')
  }

  function open(next: Opened): void {
    write('replaceState')
    const isNew = opened.value === null // what is opened next takes the place of what was opened before
    opened.value = next
    write(isNew ? 'pushState' : 'replaceState')
  }

  function back(): void {
    if (depth.value > 0) history.back()
  }

  function close(): void {
    if (opened.value !== null) back()
  }

  function onPopState(): void {
    clearTimeout(timer)
    const entry = currentEntry(view.value)
    view.value = entry.view
    opened.value = entry.opened
    depth.value = entry.depth
  }

  watch(view, () => {
    clearTimeout(timer)
    timer = setTimeout(() => write('replaceState'), ADDRESS_DELAY_MS)
  })
  window.addEventListener('popstate', onPopState)
  onScopeDispose(() => {
    clearTimeout(timer)
    window.removeEventListener('popstate', onPopState)
  })
  return { view, linked, opened, show, open, close, hasBack: computed(() => depth.value > 0), back }
}

/** The entry that the browser shows; one that the page did not write has its address alone. */
function currentEntry(other: View): Entry {
  const state: unknown = history.state
  if (isRecord(state) && state['version'] === STATE_VERSION) return state as unknown as Entry
  return { view: viewFromText(lookupOf(location.search), other), opened: null, depth: 0 }
}
