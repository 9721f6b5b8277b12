import { ref, watchEffect, type Ref } from 'vue'
import { readSetting, writeSetting } from '../media/settings'

export const THEME_NAMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEME_NAMES)[number]
const SETTING = 'painting.theme'
const COLOR_SELECTOR = 'meta[name=theme-color]'

/** The colour theme: the system's unless one is chosen. */
export function useTheme(): { theme: Ref<Theme>; next: () => void } {
  const theme = ref<Theme>(THEME_NAMES.find((name) => name === readSetting(SETTING)) ?? 'auto')
  watchEffect(() => {
    document.documentElement.dataset['theme'] = theme.value
    document.querySelectorAll<HTMLMetaElement>(COLOR_SELECTOR).forEach((meta) => (meta.media = mediaOf(meta, theme.value)))
    writeSetting(SETTING, theme.value)
  })
  function next(): void {
    theme.value = THEME_NAMES[(THEME_NAMES.indexOf(theme.value) + 1) % THEME_NAMES.length] ?? 'auto'
  }
  return { theme, next }
}

/** When the browser's own bars take the colour of a theme: always, never, or by the system's scheme. */
function mediaOf({ dataset }: HTMLMetaElement, theme: Theme): string {
  if (theme === 'auto') return `(prefers-color-scheme: ${dataset['scheme']})`
  return dataset['scheme'] === theme ? 'all' : 'not all'
}
