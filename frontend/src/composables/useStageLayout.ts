import { computed, onMounted, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue'
import type { StageLayout } from '../model/stage'

interface Size {
  readonly width: number
  readonly height: number
}

/** The layout that fits an element, now and whenever it changes its size. */
export function useStageLayout(
  element: Readonly<Ref<HTMLElement | null>>,
  fit: (size: Size) => StageLayout,
): ComputedRef<StageLayout> {
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
  return computed(() => fit(size.value))
}
