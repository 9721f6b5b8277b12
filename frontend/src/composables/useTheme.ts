import { ref, watchEffect, type Ref } from 'vue'

export const THEME_NAMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEME_NAMES)[number]
const STORAGE_KEY = 'painting.theme'

/** The colour theme: the system's unless one is chosen, stored if the browser allows it. */
export function useTheme(): { theme: Ref<Theme>; next: () => void } {
  const theme = ref<Theme>(storedTheme())
  watchEffect(() => {
    document.documentElement.dataset['theme'] = theme.value
    storeTheme(theme.value)
  })
  function next(): void {
    theme.value = THEME_NAMES[(THEME_NAMES.indexOf(theme.value) + 1) % THEME_NAMES.length] ?? 'auto'
  }
  return { theme, next }
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY)
    return THEME_NAMES.find((theme) => theme === stored) ?? 'auto'
  } catch {
    return 'auto' // private windows may forbid storage
  }
}

function storeTheme(theme: Theme): void {
  try {
    localStorage.setItem(STORAGE_KEY, theme)
  } catch {
    // Without storage, it lasts until the page is closed.
  }
}
