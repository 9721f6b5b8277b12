import { onMounted, onScopeDispose, ref, watchEffect, type Ref } from 'vue'
import { readSetting, writeSetting } from '../media/settings'

export const PROMPT_KEY = '/'
/** What declares the key has it. */
const PROMPT_SELECTOR = `[aria-keyshortcuts="${PROMPT_KEY}"]`
const SETTING = 'painting.prompt-key'

export interface Keys {
  /** Whether `/` goes to the prompt: a key without Ctrl must be possible to switch off, for people who dictate. */
  promptKey: Ref<boolean>
}

/** The page's keys where no text is typed: Ctrl+Z (or Cmd+Z) goes back, `/` goes to the prompt. */
export function useKeys(back: () => void): Keys {
  const promptKey = ref(readSetting(SETTING) !== 'off')
  watchEffect(() => writeSetting(SETTING, promptKey.value ? 'on' : 'off'))

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || event.shiftKey || isTyping(event.target)) return
    const hasModifier = event.ctrlKey || event.metaKey
    if (event.key === 'z' && hasModifier) back()
    else if (event.key === PROMPT_KEY && !hasModifier && promptKey.value) document.querySelector<HTMLElement>(PROMPT_SELECTOR)?.focus()
    else return
    event.preventDefault()
  }

  onMounted(() => window.addEventListener('keydown', onKeyDown))
  onScopeDispose(() => window.removeEventListener('keydown', onKeyDown))
  return { promptKey }
}

/** Whether keys pressed in an element are text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && /^(text|password)$/.test(target.type)
}
