import { describe, expect } from 'vitest'
import { test as base } from './fixtures'
import type { AppPage } from './appPage'

const test = base.extend({ options: { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' as const } })
const ROSE = 'a red rose'
const MAX_TAB_STOPS = 80

describe('by keyboard alone', () => {
  test('paints, pins, opens, saves, morphs and chooses a painter', async ({ app }) => {
    const { keyboard } = app.page
    await app.openReady()

    await tabTo(app, 'Prompt')
    await keyboard.press('Control+a')
    await keyboard.type(ROSE)
    const first = await app.expectPictures(ROSE)
    await keyboard.press('Enter')
    const second = await app.expectOthersThan(first)

    await tabTo(app, 'Pin picture 2')
    await keyboard.press('Space')
    await expect.poll(() => app.button('Pin picture 2').getAttribute('aria-pressed')).toBe('true')
    await tabTo(app, `${ROSE}, picture 2 of 5`)
    await keyboard.press('Enter')
    await app.dialog.waitFor()
    await tabTo(app, 'Keep')
    await keyboard.press('Enter')
    await expect.poll(() => app.button('Keep').getAttribute('aria-pressed')).toBe('true')
    await keyboard.press('Escape')
    await expect.poll(() => app.dialog.count()).toBe(0)
    expect(await focused(app), 'closing a dialog returns the focus').toBe(`${ROSE}, picture 2 of 5`)

    await tabTo(app, 'Truncation')
    await keyboard.press('Home')
    await app.expectOthersThan(second)
    await keyboard.press('End')
    await tabTo(app, 'Pictures')
    await keyboard.press('ArrowLeft')
    await app.expectPictures(ROSE, 4)

    await tabTo(app, 'Morph')
    await keyboard.press('Enter')
    await app.page.getByTestId('morph').getByRole('img').waitFor()
    await tabTo(app, 'Morph position')
    await keyboard.press('Home')
    await app.page.getByTestId('morph').getByRole('img', { name: ROSE, exact: true }).waitFor()

    await tabTo(app, 'Gallery 1')
    await keyboard.press('Enter')
    await app.page.getByRole('region', { name: 'Pictures' }).getByRole('img').waitFor()
    await tabTo(app, 'flowers')
    await keyboard.press('Enter')
    await tabTo(app, 'flowers')
    await keyboard.press('ArrowDown')
    await tabTo(app, 'Paint with digits')
    await keyboard.press('Enter')
    await tabTo(app, 'Paint')
    await keyboard.press('Enter')
    await app.expectPictures('A painting', 4)
  })
})

/** Presses Tab until an element has the focus, and checks that the focus is visible at every stop. */
async function tabTo(app: AppPage, name: string): Promise<void> {
  const stops: string[] = []
  while (stops.length < MAX_TAB_STOPS) {
    await app.page.keyboard.press('Tab')
    const stop = await focused(app)
    stops.push(stop)
    const message = `visible focus on “${stop}”`
    await expect.poll(() => hasVisibleFocus(app), { message }).toBe(true)
    if (stop === name) return
  }
  expect(stops, 'tab stops').toContain(name)
}

/** The name of the focused element. */
async function focused({ page }: AppPage): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement | null
    const label = element?.getAttribute('aria-label') ?? element?.querySelector('img')?.alt ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? ''
    return element === document.body ? '' : label.trim()
  })
}

/** Whether the focused element has an outline, or the prompt field's border has the accent colour. */
async function hasVisibleFocus({ page }: AppPage): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return true // the focus is in the browser's own controls
    const field = element.closest('.prompt-field')
    if (field) {
      const probe = document.createElement('i')
      probe.style.color = 'var(--accent)'
      field.append(probe)
      const accent = getComputedStyle(probe).color
      probe.remove()
      return getComputedStyle(field).borderBottomColor === accent
    }
    return [element, element.closest('label')].some((outlined) => {
      if (!outlined) return false
      const { outlineStyle, outlineWidth } = getComputedStyle(outlined)
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1
    })
  })
}
