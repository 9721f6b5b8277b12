import { describe, expect } from 'vitest'
import { test as base } from './visit'
import type { Visitor } from './visitor'

const test = base.extend({ options: { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' as const } })
const ROSE = 'a red rose'
const MOST_STOPS = 80

describe('by keyboard alone', () => {
  test('paints, pins, opens, keeps, compares, morphs and chooses a painter', async ({ visitor }) => {
    const { keyboard } = visitor.page
    await visitor.begin()

    await tabTo(visitor, 'What shall be painted?')
    await keyboard.press('Control+a')
    await keyboard.type(ROSE)
    const first = await visitor.seesPictures(ROSE)
    await keyboard.press('Enter')
    const second = await visitor.seesOthersThan(first)

    await tabTo(visitor, 'Pin picture 2')
    await keyboard.press('Space')
    await expect.poll(() => visitor.button('Pin picture 2').getAttribute('aria-pressed')).toBe('true')
    await tabTo(visitor, 'More about picture 2')
    await keyboard.press('Enter')
    await visitor.dialog.waitFor()
    await tabTo(visitor, 'Keep')
    await keyboard.press('Enter')
    await expect.poll(() => visitor.button('Keep').getAttribute('aria-pressed')).toBe('true')
    await keyboard.press('Escape')
    await expect.poll(() => visitor.dialog.count()).toBe(0)
    expect(await focused(visitor), 'whoever closes a dialog is where it was opened').toBe('More about picture 2')

    await tabTo(visitor, 'Truncation')
    await keyboard.press('Home')
    await visitor.seesOthersThan(second)
    await keyboard.press('End')
    await tabTo(visitor, 'Pictures')
    await keyboard.press('ArrowLeft')
    await visitor.seesPictures(ROSE, 4)

    await tabTo(visitor, 'Morph')
    await keyboard.press('Enter')
    await visitor.page.getByTestId('morph').getByRole('img').waitFor()
    await tabTo(visitor, 'From the first picture to the second')
    await keyboard.press('Home')
    await visitor.page.getByTestId('morph').getByRole('img', { name: ROSE, exact: true }).waitFor()

    await tabTo(visitor, 'Kept 1')
    await keyboard.press('Enter')
    await visitor.page.getByRole('region', { name: 'Pictures' }).getByRole('img').waitFor()
    await tabTo(visitor, 'flowers')
    await keyboard.press('Enter')
    await tabTo(visitor, 'flowers')
    await keyboard.press('ArrowDown')
    await tabTo(visitor, 'Paint with digits')
    await keyboard.press('Enter')
    await tabTo(visitor, 'Paint')
    await keyboard.press('Enter')
    await visitor.seesPictures('A painting', 4)
  })
})

/** Press Tab until something has the focus, and see at every stop where one is. */
async function tabTo(visitor: Visitor, name: string): Promise<void> {
  const stops: string[] = []
  while (stops.length < MOST_STOPS) {
    await visitor.page.keyboard.press('Tab')
    const stop = await focused(visitor)
    stops.push(stop)
    const message = `whether one sees that “${stop}” has the focus`
    await expect.poll(() => showsFocus(visitor), { message }).toBe(true)
    if (stop === name) return
  }
  expect(stops, 'where Tab leads').toContain(name)
}

/** What has the focus, by its name. */
async function focused({ page }: Visitor): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement | null
    const label = element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? ''
    return element === document.body ? '' : label.trim()
  })
}

/** Whether something is drawn around what has the focus, or the line of words is in the colour that tells it. */
async function showsFocus({ page }: Visitor): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return true // on the way through the browser's own buttons
    const line = element.closest('.line')
    if (line) {
      const probe = document.createElement('i')
      probe.style.color = 'var(--accent)'
      line.append(probe)
      const accent = getComputedStyle(probe).color
      probe.remove()
      return getComputedStyle(line).borderBottomColor === accent
    }
    return [element, element.closest('label')].some((each) => {
      if (!each) return false
      const { outlineStyle, outlineWidth } = getComputedStyle(each)
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1
    })
  })
}
