import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from './fixtures'
import { serve, type Server } from './servers'
import { DEFAULT_COUNT, type AppPage } from './appPage'

const DAISY = 'a white daisy'
const ROSE = 'a red rose'
const TULIP = 'a red tulip beside a pond'
const CIRCLE = 'a red circle'

let server: Server

beforeAll(async () => {
  server = await serve(['flowers', 'shapes', 'digits'])
})
afterAll(() => server.stop())

describe('a saved picture keeps all of its recipe', () => {
  test('another painter’s is varied and morphed by its own painter', async ({ app }) => {
    await save(app, `?prompt=${CIRCLE}&seed=7&painter=shapes`)
    await open(app, `?prompt=${ROSE}&seed=7&painter=flowers`)
    await (await openSaved(app, CIRCLE, 7)).getByRole('button', { name: 'More like this' }).click()
    await expectVariations(app, CIRCLE)
    expect(await app.button('shapes').count(), 'the painter in the header').toBe(1)
    await app.page.getByTestId('variations').getByRole('button', { name: /variation 6 at/ }).click()
    expect(await app.dialog.innerText()).toMatch(/Painter\s+shapes/)
    await app.dialog.getByRole('button', { name: 'Close' }).click()
    for (const action of ['Morph from this', 'Morph to this']) {
      await open(app, `?prompt=${ROSE}&seed=7&painter=flowers`)
      const request = app.page.waitForRequest('**/v1/morphs')
      await (await openSaved(app, CIRCLE, 7)).getByRole('button', { name: action }).click()
      expect((await request).postDataJSON()).toMatchObject({ model: 'shapes' })
    }
  })

  test('options too: its variations and the grid are painted at its strength', async ({ app }) => {
    await save(app, `?prompt=${DAISY}&seed=103&strength=0&truncation=0.5`)
    await open(app, `?prompt=${DAISY}&seed=103`)
    await (await openSaved(app, DAISY, 103)).getByRole('button', { name: 'More like this' }).click()
    await expectVariations(app, DAISY)
    await app.page.getByTestId('variations').getByRole('button', { name: /variation 6 at/ }).click()
    expect(await app.dialog.innerText()).toMatch(/strength\s+0\s+truncation\s+0\.5\s/i)
  })

  test('it is painted again where its seed now paints another prompt', async ({ app }) => {
    await open(app, `?prompt=${DAISY}&seed=103`)
    const [daisy] = await app.expectPictures(DAISY)
    await app.button('Keep picture 1').click()
    await app.prompt.fill(ROSE)
    await app.expectPictures(ROSE)
    const dialog = await openSaved(app, DAISY, 103)
    expect(await dialog.getByRole('button', { name: 'Pin' }).count()).toBe(0)
    await dialog.getByRole('button', { name: 'Paint again' }).click()
    expect((await app.expectPictures(DAISY))[0]).toBe(daisy)
  })

  test('a morph keeps its first end until its last is chosen, and both through other views', async ({ app }) => {
    await save(app, `?prompt=${DAISY}&seed=103`)
    await save(app, `?prompt=${ROSE}&seed=202`)
    await (await openSaved(app, DAISY, 103)).getByRole('button', { name: 'Morph from this' }).click()
    await (await openSaved(app, ROSE, 202)).getByRole('button', { name: 'Morph to this' }).click()
    expect(await morphEnds(app)).toEqual([DAISY, '103', ROSE, '202'])
    await app.openMode('Paint')
    await app.openMode('Morph')
    expect(await morphEnds(app)).toEqual([DAISY, '103', ROSE, '202'])
    await app.page.reload()
    expect(await morphEnds(app)).toEqual([DAISY, '103', ROSE, '202'])
  })
})

describe('nothing is painted over', () => {
  test('Enter in the prompt of variations leaves the grid as it was', async ({ app }) => {
    await open(app, `?prompt=${ROSE}&seed=7`)
    const roses = await app.expectPictures(ROSE)
    await (await app.openPicture(1)).getByRole('button', { name: 'More like this' }).click()
    await expectVariations(app, ROSE)
    await app.prompt.press('Enter')
    await app.button('Back').click()
    expect(await app.expectPictures(ROSE)).toEqual(roses)
  })

  test('a prompt in the history is painted with its options, once for each Paint others', async ({ app }) => {
    await open(app, `?prompt=${DAISY}&seed=7&strength=0.3&truncation=0.3`)
    const daisies = await app.expectPictures(DAISY)
    await app.button('Paint others').click()
    const others = await app.expectOthersThan(daisies)
    await app.button('Paint others').click()
    await app.expectOthersThan(others)
    await app.setSlider('Strength', 1)
    await app.openMode('Gallery')
    const rows = app.page.getByRole('region', { name: 'Prompts' }).getByRole('listitem').filter({ hasText: /flowers 7$/ })
    await rows.getByRole('button', { name: DAISY }).click()
    expect(await app.expectPictures(DAISY)).toEqual(daisies)
  })

  test('Ctrl+Z returns to what Paint others replaced, and a strip to all that was painted in this visit', async ({ app }) => {
    await open(app, `?prompt=${ROSE}&seed=7`)
    const roses = await app.expectPictures(ROSE)
    await app.button('Paint others').click()
    const others = await app.expectOthersThan(roses)
    await app.page.keyboard.press('Control+z')
    await expect.poll(() => app.pictures()).toEqual(roses)
    await app.page.goForward()
    await expect.poll(() => app.pictures()).toEqual(others)
    await app.page.reload()
    await app.expectPictures(ROSE)
    const painted = app.page.getByRole('region', { name: 'Painted' }).getByRole('button', { name: `${ROSE}, seed 7`, exact: true })
    await expect.poll(() => painted.getByRole('presentation').count(), { message: 'thumbnails' }).toBe(1)
    await painted.click()
    await expect.poll(() => app.pictures()).toEqual(roses)
  })

  test('the user’s own words stay when another painter is tried', async ({ app }) => {
    await open(app, `?prompt=${TULIP}&seed=7&painter=flowers`)
    const tulips = await app.expectPictures(TULIP)
    for (const [from, to] of [['flowers', 'digits'], ['digits', 'flowers']] as const) {
      await app.button(from).click()
      await app.dialog.getByRole('radio', { name: to }).check()
      await app.dialog.getByRole('button', { name: `Paint with ${to}` }).click()
    }
    expect(await app.expectPictures(TULIP)).toEqual(tulips)
  })

  test('a dropped morph is shown with both of its ends', async ({ app }) => {
    await open(app, `?prompt=${DAISY}&seed=103&painter=flowers&to_prompt=${ROSE}&to_seed=202`)
    await app.page.getByTestId('morph').getByRole('img').waitFor()
    const { content } = await app.download(app.button('Download WebP'))
    await open(app, '?painter=digits&seed=7')
    await app.expectPictures('A painting')
    await app.dropFile(content, 'image/webp')
    expect(await morphEnds(app)).toEqual([DAISY, '103', ROSE, '202'])
    expect(await app.button('flowers').count()).toBe(1)
  })
})

describe('the address and the browser’s Back', () => {
  test('a pin is in the address; Back repaints what Paint others replaced', async ({ app }) => {
    await open(app, `?prompt=${ROSE}&seed=7`)
    const roses = await app.expectPictures(ROSE)
    await app.button('Pin picture 2').click()
    await app.button('Paint others').click()
    const others = await app.expectOthersThan(roses)
    expect(others[1]).toBe(roses[1])
    await expectAfterReload(app, others)
    await app.page.goBack()
    await expect.poll(() => app.pictures()).toEqual(roses)
    expect(await app.button('Pin picture 2').getAttribute('aria-pressed')).toBe('true')
    await app.page.goForward()
    await expect.poll(() => app.pictures()).toEqual(others)
  })

  test('every view is in the address, and Back goes through them', async ({ app }) => {
    await open(app, `?prompt=${DAISY}&seed=7`)
    const daisies = await app.expectPictures(DAISY)
    await app.openMode('Compare')
    await app.page.getByRole('textbox', { name: 'Second prompt' }).fill(ROSE)
    await expect.poll(() => app.grid.getByRole('img', { name: `${ROSE}, picture` }).count()).toBe(DEFAULT_COUNT)
    const pairs = await app.pictures()
    await expectAfterReload(app, pairs)
    await app.openMode('Morph')
    expect(await morphEnds(app)).toEqual([DAISY, '7', ROSE, '7'])
    await reloadAddress(app)
    expect(await morphEnds(app)).toEqual([DAISY, '7', ROSE, '7'])
    await app.openMode('Gallery')
    await app.page.reload()
    await app.page.getByText('No pictures yet.').waitFor()
    await app.page.goBack()
    expect(await morphEnds(app)).toEqual([DAISY, '7', ROSE, '7'])
    for (const pictures of [pairs, daisies]) {
      await app.page.goBack()
      await expect.poll(() => app.pictures()).toEqual(pictures)
    }
  })

  test('Back closes a picture, and leaves variations for the grid', async ({ app }) => {
    await open(app, `?prompt=${ROSE}&seed=7`)
    const roses = await app.expectPictures(ROSE)
    await app.openPicture(2)
    await app.page.reload()
    await app.dialog.getByText('Seed', { exact: true }).waitFor()
    await app.page.goBack()
    await expect.poll(() => app.dialog.count()).toBe(0)
    await (await app.openPicture(2)).getByRole('button', { name: 'More like this' }).click()
    await expectVariations(app, ROSE)
    const sources = await variationSources(app)
    await reloadAddress(app)
    await expect.poll(() => variationSources(app)).toEqual(sources)
    await app.page.goBack()
    expect(await app.expectPictures(ROSE)).toEqual(roses)
  })
})

async function open(app: AppPage, query: string): Promise<void> {
  app.address = server.address
  await app.open(query)
}

/** Opens a link and saves its first picture. */
async function save(app: AppPage, query: string): Promise<void> {
  await open(app, query)
  await app.expectOthersThan([])
  await app.button('Keep picture 1').click()
}

/** Opens the dialog of a saved picture. */
async function openSaved(app: AppPage, prompt: string, seed: number): Promise<AppPage['dialog']> {
  await app.openMode('Gallery')
  await app.button(`Details of ${prompt}, seed ${seed}`).click()
  return app.dialog
}

/** Waits for a picture and its six variations. */
async function expectVariations({ page }: AppPage, prompt: string): Promise<void> {
  const variations = page.getByTestId('variations')
  await variations.getByRole('button', { name: `Open ${prompt}`, exact: true }).waitFor()
  await expect.poll(() => variations.getByRole('button', { name: `Open ${prompt}, variation` }).count()).toBe(6)
}

async function variationSources({ page }: AppPage): Promise<string[]> {
  return page.getByTestId('variations').locator('img').evaluateAll((found) => found.map((image) => (image as HTMLImageElement).src))
}

/** Both prompts and seeds of the morph. */
async function morphEnds({ page }: AppPage): Promise<string[]> {
  const fields = ['From', 'From seed', 'To', 'To seed']
  return Promise.all(fields.map((name) => page.getByRole('textbox', { name, exact: true }).inputValue()))
}

/** Waits for the same pictures after a reload, and from the address alone. */
async function expectAfterReload(app: AppPage, pictures: readonly string[]): Promise<void> {
  await app.page.waitForTimeout(300) // until the address is written
  await app.page.reload()
  await expect.poll(() => app.pictures()).toEqual(pictures)
  await reloadAddress(app)
  await expect.poll(() => app.pictures()).toEqual(pictures)
}

/** Reloads without what the page left in the browser's history, as a copy of the address does. */
async function reloadAddress({ page }: AppPage): Promise<void> {
  await page.waitForTimeout(300)
  await page.evaluate(() => history.replaceState(null, '', location.href))
  await page.reload()
}
