import { ref, watchEffect, type Ref } from 'vue'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]
const KEY = 'painting.theme'

/** Dark or light: as the system has it, unless somebody chose; remembered where the browser lets us. */
export function useTheme(): { theme: Ref<Theme>; next: () => void } {
  const theme = ref<Theme>(stored())
  watchEffect(() => {
    document.documentElement.dataset['theme'] = theme.value
    store(theme.value)
  })
  function next(): void {
    theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'auto'
  }
  return { theme, next }
}

function stored(): Theme {
  try {
    const found = localStorage.getItem(KEY)
    return THEMES.find((theme) => theme === found) ?? 'auto'
  } catch {
    return 'auto' // private windows may keep nothing
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // Then it holds until the page is left.
  }
}
