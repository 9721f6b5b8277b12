import { computed, shallowRef } from 'vue'
import type { Navigation, Opened } from '../src/composables/useNavigation'
import { isPictureLink, lookupOf, viewFromText } from '../src/model/link'
import { newView, recipeOnScreen, type View } from '../src/model/view'

/** The view of a link; what it lacks is that of a new page whose first seed is 7. */
export function viewOf(link: string): View {
  return viewFromText(lookupOf(link), newView(7))
}

/** A navigation without the browser's history: the number of views that were shown is `shown.length`. */
export function fakeNavigation(link: string): Navigation & { shown: View[] } {
  const view = shallowRef(viewOf(link))
  const opened = shallowRef<Opened | null>(null)
  const shown: View[] = []
  return {
    ...{ view, opened, shown },
    linked: isPictureLink(link) ? recipeOnScreen(view.value) : null,
    show: (next) => {
      shown.push(next)
      view.value = next
    },
    open: (next) => (opened.value = next),
    close: () => (opened.value = null),
    hasBack: computed(() => shown.length > 0),
    back: () => undefined,
  }
}
