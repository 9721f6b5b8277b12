import { nextTick } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useNavigation, type Navigation } from '../../src/composables/useNavigation'
import type { Picture } from '../../src/model/picture'
import { withPin, withRecipeOnScreen } from '../../src/model/view'
import { viewOf } from '../fakeNavigation'
import { useScope } from '../scope'

const run = useScope()
const ROSE: Picture = { source: 'data:,', prompt: 'a rose', seed: 7, painter: null, options: { truncation: 1, strength: 1 }, variation: null }

afterEach(() => {
  vi.restoreAllMocks()
  history.replaceState(null, '', '/')
})

function opened(link: string): Navigation {
  history.replaceState(null, '', `/${link}`)
  return run(useNavigation)
}

/** Returns to an entry of the browser's history, as the browser does. */
function returnTo(state: unknown, link: string): void {
  history.replaceState(state, '', link)
  window.dispatchEvent(new PopStateEvent('popstate', { state }))
}

describe('useNavigation', () => {
  it('shows what the address says', () => {
    const { view } = opened('?prompt=a+rose&seed=7&pins=2-103')
    expect(view.value).toEqual(viewOf('?prompt=a+rose&seed=7&pins=2-103'))
  })

  it('keeps the address in step with the view, in the same entry of the browser’s history', async () => {
    const { view } = opened('?prompt=a+rose&seed=7')
    const { length } = history
    view.value = withPin(view.value, 1)
    view.value = withRecipeOnScreen(view.value, { ...view.value.grid.recipe, prompt: 'a lily' })
    await nextTick()
    await vi.advanceTimersByTimeAsync(250)
    expect([location.search, history.length]).toEqual(['?prompt=a+lily&seed=7&pins=2-8', length])
  })

  it('shows another view in a new entry, and writes what it leaves first', () => {
    const { show, view } = opened('?prompt=a+rose&seed=7')
    const addresses = [vi.spyOn(history, 'replaceState'), vi.spyOn(history, 'pushState')]
    view.value = viewOf('?prompt=a+tulip&seed=7')
    show({ ...view.value, mode: 'gallery' })
    expect(addresses.map(({ mock }) => mock.lastCall?.[2])).toEqual(['?prompt=a+tulip&seed=7', '?prompt=a+tulip&seed=7&view=gallery'])
    show({ ...view.value })
    expect(addresses[1]?.mock.calls).toHaveLength(1) // the same again needs no way back
  })

  it('returns to what an entry showed, or to its address', () => {
    const { open, opened: dialog, show, view } = opened('?prompt=a+rose&seed=7')
    const first = { ...view.value, secondPrompt: 'a lily' }
    view.value = first
    open(ROSE)
    const state: unknown = history.state
    show({ ...view.value, mode: 'gallery' })
    returnTo(state, '?prompt=a+rose&seed=7')
    expect([view.value, dialog.value]).toEqual([first, ROSE])
    returnTo(null, '?prompt=a+daisy&seed=1')
    expect([view.value.grid.recipe.prompt, dialog.value]).toEqual(['a daisy', null])
  })

  it('restores all of an entry on a reload', () => {
    const { open, view } = opened('?prompt=a+rose&seed=7')
    view.value = { ...view.value, secondPrompt: 'a lily' }
    open('painters')
    const reloaded = run(useNavigation)
    expect([reloaded.view.value.secondPrompt, reloaded.opened.value]).toEqual(['a lily', 'painters'])
  })

  it('goes back as far as the page has been', () => {
    const { back, show, view } = opened('?prompt=a+rose&seed=7')
    const went = vi.spyOn(history, 'back').mockReturnValue()
    back()
    expect(went).not.toHaveBeenCalled()
    const first: unknown = history.state
    show({ ...view.value, mode: 'gallery' })
    back()
    returnTo(first, '?prompt=a+rose&seed=7')
    back()
    expect(went).toHaveBeenCalledOnce()
  })

  it('closes a dialog by going back, and lets what it leads to take its place', () => {
    const { close, open, opened: dialog, show, view } = opened('?prompt=a+rose&seed=7')
    const back = vi.spyOn(history, 'back').mockReturnValue()
    close()
    expect(back).not.toHaveBeenCalled()
    open(ROSE)
    const { length } = history
    close()
    expect(back).toHaveBeenCalledOnce()
    show({ ...view.value, mode: 'gallery' })
    expect([history.length, dialog.value, location.search]).toEqual([length, null, '?prompt=a+rose&seed=7&view=gallery'])
  })
})
