import { nextTick } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useTheme } from '../../src/composables/useTheme'
import { useScope } from '../scope'

const run = useScope()

afterEach(() => {
  vi.restoreAllMocks()
  localStorage.clear()
})

describe('useTheme', () => {
  it('cycles through the themes, and applies and stores each', async () => {
    const { next, theme } = run(useTheme)
    const names = []
    for (let step = 0; step < 3; step += 1) {
      names.push(theme.value)
      expect(document.documentElement.dataset['theme']).toBe(theme.value)
      expect(run(useTheme).theme.value).toBe(theme.value)
      next()
      await nextTick()
    }
    expect(names).toEqual(['auto', 'light', 'dark'])
    expect(theme.value).toBe('auto')
  })

  it('ignores an unknown stored theme', () => {
    localStorage.setItem('painting.theme', 'pink')
    expect(run(useTheme).theme.value).toBe('auto')
  })

  it('works if the browser forbids storage', () => {
    for (const method of ['getItem', 'setItem'] as const) {
      vi.spyOn(Storage.prototype, method).mockImplementation(() => {
        throw new DOMException('no', 'SecurityError')
      })
    }
    const { next, theme } = run(useTheme)
    next()
    expect(theme.value).toBe('light')
  })
})
