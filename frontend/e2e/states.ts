import { expect } from 'vitest'
import type { Visitor } from './visitor'

const ROSE = 'a red rose'

/** States of the page worth looking at, and how one gets there. */
export const STATES: readonly [name: string, arrive: (visitor: Visitor) => Promise<unknown>][] = [
  ['pictures', paints],
  ['sixteen', async (visitor) => {
    await paints(visitor)
    await visitor.slides('Pictures', 16)
    await visitor.seesPictures(ROSE, 16)
  }],
  ['pinned and kept', async (visitor) => {
    await paints(visitor)
    await visitor.button('Pin picture 2').click()
    await visitor.button('Keep picture 3').click()
    await visitor.button('Keep seeds').click()
  }],
  ['picture', async (visitor) => {
    await paints(visitor)
    await visitor.opensPicture(2)
    await expect.poll(() => visitor.dialog.getByRole('button', { name: 'Copy link' }).count()).toBe(1)
  }],
  ['painters', async (visitor) => {
    await paints(visitor)
    await visitor.button('flowers').click()
    const samples = visitor.dialog.getByRole('img')
    await expect.poll(() => samples.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)
  }],
  ['figures', async (visitor) => {
    await paints(visitor)
    await visitor.button('flowers').click()
    await visitor.dialog.getByRole('button', { name: 'All figures' }).click()
  }],
  ['compare', async (visitor) => {
    await paints(visitor)
    await visitor.goTo('Compare')
    await expect.poll(() => visitor.wall.getByRole('img').count()).toBe(10)
  }],
  ['near', async (visitor) => {
    await paints(visitor)
    await (await visitor.opensPicture(1)).getByRole('button', { name: 'More like this' }).click()
    await expect.poll(() => visitor.page.getByTestId('near').getByRole('button').count()).toBe(7)
  }],
  ['morph', async (visitor) => {
    await paints(visitor)
    await visitor.goTo('Morph')
    await visitor.page.getByTestId('morph').getByRole('img').waitFor()
  }],
  ['kept', async (visitor) => {
    await paints(visitor)
    for (const nth of [1, 3, 4]) await visitor.button(`Keep picture ${nth}`).click()
    await visitor.button('Generate').click()
    await visitor.goTo('Kept')
    await expect.poll(() => visitor.page.getByRole('region', { name: 'Pictures' }).getByRole('img').count()).toBe(3)
    await visitor.page.getByRole('region', { name: 'Words' }).getByRole('button', { name: ROSE }).waitFor()
  }],
  ['nothing kept', async (visitor) => {
    await visitor.open()
    await visitor.goTo('Kept')
    await visitor.page.getByText('None yet.').waitFor()
  }],
  ['digits', async (visitor) => {
    await visitor.open('?painter=digits&seed=7')
    await visitor.seesPictures('A painting')
  }],
  ['told', async (visitor) => {
    await paints(visitor)
    await visitor.prompt.fill('')
    await visitor.prompt.press('Enter')
    await visitor.trouble.waitFor()
  }],
  ['trouble', async (visitor) => {
    visitor.expectFaults()
    await paints(visitor)
    await visitor.page.route(/\/\?/, (route) => route.abort('connectionrefused'))
    await visitor.prompt.fill('a yellow tulip')
    await visitor.page.getByText(/Asking again in/).waitFor()
  }],
  ['nothing painted', async (visitor) => {
    visitor.expectFaults()
    await visitor.page.route('**/v1/painters', (route) => route.abort('connectionrefused'))
    await visitor.open()
    await visitor.trouble.waitFor()
  }],
]

async function paints(visitor: Visitor): Promise<void> {
  await visitor.open(`?prompt=${ROSE}&seed=7`)
  await visitor.seesPictures(ROSE)
}
