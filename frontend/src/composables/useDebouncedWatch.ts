import { onScopeDispose, watch, type WatchSource } from 'vue'

/** Calls back once none of the sources has changed for `delayMs`. */
export function useDebouncedWatch(sources: WatchSource[], delayMs: number, callback: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(sources, () => {
    clearTimeout(timer)
    timer = setTimeout(callback, delayMs)
  })
  onScopeDispose(() => clearTimeout(timer))
}
