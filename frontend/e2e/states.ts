import { expect } from 'vitest'
import type { AppPage } from './appPage'

const ROSE = 'a red rose'

/** States of the page to check and to screenshot, and the steps that lead there. */
export const STATES: readonly [name: string, open: (app: AppPage) => Promise<unknown>][] = [
  ['pictures', paintRoses],
  ['sixteen', async (app) => {
    await paintRoses(app)
    await app.setSlider('Pictures', 16)
    await app.expectPictures(ROSE, 16)
  }],
  ['pinned and saved', async (app) => {
    await paintRoses(app)
    await app.button('Pin picture 2').click()
    await app.button('Keep picture 3').click()
    await app.button('Hold seeds').click()
  }],
  ['picture', async (app) => {
    await paintRoses(app)
    await app.openPicture(2)
    await expect.poll(() => app.dialog.getByRole('button', { name: 'Copy link' }).count()).toBe(1)
  }],
  ['painters', async (app) => {
    await paintRoses(app)
    await app.button('flowers').click()
    const samples = app.dialog.getByRole('img')
    await expect.poll(() => samples.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)
  }],
  ['figures', async (app) => {
    await paintRoses(app)
    await app.button('flowers').click()
    await app.dialog.getByRole('button', { name: 'Show all metrics' }).click()
  }],
  ['compare', async (app) => {
    await paintRoses(app)
    await app.openMode('Compare')
    await expect.poll(() => app.grid.getByRole('img').count()).toBe(10)
  }],
  ['variations', async (app) => {
    await paintRoses(app)
    await (await app.openPicture(1)).getByRole('button', { name: 'More like this' }).click()
    await expect.poll(() => app.page.getByTestId('variations').getByRole('button', { name: /^Open/ }).count()).toBe(7)
  }],
  ['morph', async (app) => {
    await paintRoses(app)
    await app.openMode('Morph')
    await app.page.getByTestId('morph').getByRole('img').waitFor()
  }],
  ['learn', async (app) => {
    await app.open(`?view=learn&prompt=${ROSE}&seed=7`)
    await expectStrips(app, 21)
  }],
  ['learn far away', async (app) => {
    await app.open('?view=learn&prompt=a big purple elephant riding a bicycle&seed=4294967290&subseed=4294967295&subseed_strength=0.6&strength=0.6')
    await expectStrips(app, 21)
  }],
  ['learn digits', async (app) => {
    await app.open('?view=learn&painter=digits&seed=7')
    await expectStrips(app, 7)
  }],
  ['gallery', async (app) => {
    await paintRoses(app)
    for (const index of [1, 3, 4]) await app.button(`Keep picture ${index}`).click()
    await app.button('Paint others').click()
    await app.openMode('Gallery')
    await expect.poll(() => app.page.getByRole('region', { name: 'Pictures' }).getByRole('img').count()).toBe(3)
    await app.page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: ROSE }).first().waitFor()
  }],
  ['empty gallery', async (app) => {
    await app.open()
    await app.openMode('Gallery')
    await app.page.getByText('No pictures yet.').waitFor()
  }],
  ['digits', async (app) => {
    await app.open('?painter=digits&seed=7')
    await app.expectPictures('A painting')
  }],
  ['message', async (app) => {
    await paintRoses(app)
    await app.prompt.fill('')
    await app.prompt.press('Enter')
    await app.alert.waitFor()
  }],
  ['error', async (app) => {
    app.allowFailures()
    await paintRoses(app)
    await app.page.route(/\/\?/, (route) => route.abort('connectionrefused'))
    await app.prompt.fill('a yellow tulip')
    await app.page.getByText(/Retrying in/).waitFor()
  }],
  ['no server', async (app) => {
    app.allowFailures()
    await app.page.route('**/v1/painters', (route) => route.abort('connectionrefused'))
    await app.open()
    await app.alert.waitFor()
  }],
]

async function expectStrips(app: AppPage, count: number): Promise<void> {
  await expect.poll(() => app.learnPictures().then((pictures) => pictures.length)).toBe(count)
}

async function paintRoses(app: AppPage): Promise<void> {
  await app.open(`?prompt=${ROSE}&seed=7`)
  await app.expectPictures(ROSE)
}
