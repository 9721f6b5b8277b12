import { onScopeDispose, watch, type WatchSource } from 'vue'

/** Do something when none of the sources has changed for a while. */
export function useSettled(sources: WatchSource[], pauseMs: number, deed: () => void): void {
  let pause: ReturnType<typeof setTimeout> | undefined
  watch(sources, () => {
    clearTimeout(pause)
    pause = setTimeout(deed, pauseMs)
  })
  onScopeDispose(() => clearTimeout(pause))
}
