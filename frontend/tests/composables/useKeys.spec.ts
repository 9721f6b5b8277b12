import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Navigation } from '../../src/composables/useNavigation'
import { useUndoKey } from '../../src/composables/useUndoKey'

const back = vi.fn()
const page = {
  template: '<input type="text"><input type="range"><button></button>',
  setup: () => useUndoKey({ back } as unknown as Navigation),
}

afterEach(() => vi.clearAllMocks())

describe('useUndoKey', () => {
  it.each([
    ['button', { key: 'z' }, 1],
    ['button', { key: 'z', ctrlKey: true }, 1],
    ['input[type=range]', { key: 'z' }, 1],
    ['input[type=text]', { key: 'z' }, 0],
    ['input[type=text]', { key: 'z', ctrlKey: true }, 0],
    ['button', { key: 'Z', shiftKey: true }, 0],
    ['button', { key: 'y' }, 0],
  ])('in %s, %j goes back %i times', async (selector, keys, times) => {
    const wrapper = mount(page, { attachTo: document.body })
    await wrapper.get(selector).trigger('keydown', keys)
    wrapper.unmount()
    window.dispatchEvent(new KeyboardEvent('keydown', keys))
    expect(back).toHaveBeenCalledTimes(times)
  })
})
