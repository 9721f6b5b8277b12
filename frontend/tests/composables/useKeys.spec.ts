import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useKeys } from '../../src/composables/useKeys'

const back = vi.fn()
const page = {
  template: `
    <input class="prompt" type="text" :aria-keyshortcuts="promptKey ? '/' : undefined">
    <input class="other" type="text"><input type="range"><button></button>
    <input v-model="promptKey" type="checkbox">`,
  setup: () => useKeys(back),
}

afterEach(() => {
  vi.clearAllMocks()
  localStorage.clear()
})

describe('useKeys', () => {
  it.each([
    ['button', { key: 'z', ctrlKey: true }, 1],
    ['button', { key: 'z', metaKey: true }, 1],
    ['input[type=range]', { key: 'z', ctrlKey: true }, 1],
    ['button', { key: 'z' }, 0],
    ['input.other', { key: 'z', ctrlKey: true }, 0],
    ['button', { key: 'z', ctrlKey: true, shiftKey: true }, 0],
    ['button', { key: 'y', ctrlKey: true }, 0],
  ])('in %s, %j goes back %i times', async (selector, keys, times) => {
    const wrapper = mount(page, { attachTo: document.body })
    await wrapper.get(selector).trigger('keydown', keys)
    wrapper.unmount()
    window.dispatchEvent(new KeyboardEvent('keydown', keys))
    expect(back).toHaveBeenCalledTimes(times)
  })

  it('goes to the prompt by / where no text is typed, unless that is switched off', async () => {
    const wrapper = mount(page, { attachTo: document.body })
    const press = async (selector: string): Promise<boolean> => {
      wrapper.get<HTMLElement>(selector).element.focus()
      await wrapper.get(selector).trigger('keydown', { key: '/' })
      return document.activeElement?.className === 'prompt'
    }
    expect([await press('button'), await press('input.other')]).toEqual([true, false])
    await wrapper.get('input[type=checkbox]').setValue(false)
    expect(await press('button')).toBe(false)
    wrapper.unmount()
    expect(localStorage.getItem('painting.prompt-key')).toBe('off')
  })
})
