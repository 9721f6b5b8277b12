import { computed, onMounted, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue'
import type { Layout } from '../model/layout'

interface Size {
  readonly width: number
  readonly height: number
}

/** The layout for an element's size, updated whenever the element is resized. */
export function useElementLayout(
  element: Readonly<Ref<HTMLElement | null>>,
  layoutFor: (size: Size) => Layout,
): ComputedRef<Layout> {
  const size = ref<Size>({ width: 0, height: 0 })
  let observer: ResizeObserver | null = null

  function measure(): void {
    if (!element.value) return
    const { clientWidth: width, clientHeight: height } = element.value
    size.value = { width, height }
  }

  onMounted(() => {
    measure()
    if (!element.value || !('ResizeObserver' in window)) return
    observer = new ResizeObserver(measure)
    observer.observe(element.value)
  })
  onScopeDispose(() => observer?.disconnect())
  return computed(() => layoutFor(size.value))
}
