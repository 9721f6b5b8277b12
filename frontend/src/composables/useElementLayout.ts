import { computed, ref, type ComputedRef, type Ref } from 'vue'
import type { Layout } from '../model/layout'
import { useResize } from './useResize'

interface Size {
  readonly width: number
  readonly height: number
}

/** Height of the buttons below a picture in px: larger for fingers. */
export function captionHeight(): number {
  return window.matchMedia?.('(pointer: coarse)').matches ? 48 : 32
}

/** The layout for an element's size, updated whenever the element is resized. */
export function useElementLayout(
  element: Readonly<Ref<HTMLElement | null>>,
  layoutFor: (size: Size) => Layout,
): ComputedRef<Layout> {
  const size = ref<Size>({ width: 0, height: 0 })
  useResize(element, ({ clientWidth: width, clientHeight: height }) => {
    size.value = { width, height }
  })
  return computed(() => layoutFor(size.value))
}
