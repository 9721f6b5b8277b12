import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, useTemplateRef } from 'vue'
import { useResize } from '../../src/composables/useResize'

/** Mounts a component of one element, and lists the elements of its calls. */
function mountResized(): { wrapper: ReturnType<typeof mount>; calls: HTMLElement[] } {
  const calls: HTMLElement[] = []
  const wrapper = mount(defineComponent(() => {
    useResize(useTemplateRef<HTMLElement>('box'), (element) => calls.push(element))
    return () => h('div', { ref: 'box' })
  }))
  return { wrapper, calls }
}

describe('useResize', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('calls back on mount and on each resize, until it is unmounted', () => {
    let resize = (): void => undefined
    const observed = new Set<Element>()
    vi.stubGlobal('ResizeObserver', class {
      constructor(callback: () => void) {
        resize = callback
      }

      observe = (element: Element): unknown => observed.add(element)
      disconnect = (): void => observed.clear()
    })
    const { wrapper, calls } = mountResized()
    expect([...observed]).toEqual([wrapper.element])
    resize()
    expect(calls).toEqual([wrapper.element, wrapper.element])
    wrapper.unmount()
    expect(observed.size).toBe(0)
  })

  it('calls back on mount where the browser has no ResizeObserver', () => {
    const { wrapper, calls } = mountResized()
    expect(calls).toEqual([wrapper.element])
  })
})
