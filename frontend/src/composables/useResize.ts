import { onMounted, onScopeDispose, type Ref } from 'vue'

/** Calls `onResize` once the element is mounted, and whenever it is resized. */
export function useResize<Resized extends HTMLElement>(
  element: Readonly<Ref<Resized | null>>,
  onResize: (element: Resized) => void,
): void {
  let observer: ResizeObserver | null = null

  onMounted(() => {
    const mounted = element.value
    if (!mounted) return
    onResize(mounted)
    if (!('ResizeObserver' in window)) return
    observer = new ResizeObserver(() => onResize(mounted))
    observer.observe(mounted)
  })
  onScopeDispose(() => observer?.disconnect())
}
