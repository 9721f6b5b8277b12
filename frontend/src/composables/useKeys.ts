import { onMounted, onScopeDispose } from 'vue'
import type { Navigation } from './useNavigation'

/** Z goes back to the view before, with Ctrl or without; where text is typed, it is the browser's own. */
export function useUndoKey({ back }: Navigation): void {
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'z' || event.altKey || isTyping(event.target)) return
    event.preventDefault()
    back()
  }

  onMounted(() => window.addEventListener('keydown', onKeyDown))
  onScopeDispose(() => window.removeEventListener('keydown', onKeyDown))
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && /^(text|password)$/.test(target.type)
}
