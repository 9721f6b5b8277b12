import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from './fixtures'
import { serve, type Server } from './servers'
import { DEFAULT_COUNT, type AppPage } from './appPage'

const DAISY = 'a white daisy'
const ROSE = 'a red rose'
const PAINT_URL = /\/\?/
const touch = test.extend({ options: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } })
const forced = test.extend({ options: { viewport: { width: 1280, height: 800 }, forcedColors: 'active' as const } })

describe('by keyboard and by ear', () => {
  test('every picture has a name of its own, and both sides of a comparison are opened and kept', async ({ app }) => {
    await app.open(`?prompt=${DAISY}&seed=7&second_prompt=${ROSE}`)
    await picture(app, `${ROSE}, picture 2 of 5`).waitFor()
    const names = await app.grid.getByRole('img').evaluateAll((found) => found.map((image) => (image as HTMLImageElement).alt))
    expect(new Set(names).size).toBe(2 * DEFAULT_COUNT)
    await picture(app, `${ROSE}, picture 2 of 5`).focus()
    await app.page.keyboard.press('Enter')
    expect(await app.dialog.innerText()).toContain(ROSE)
    await app.page.keyboard.press('Escape')
    const keep = app.button(`Keep picture 2 of “${ROSE}”`)
    await keep.focus()
    await app.page.keyboard.press('Space')
    await expect.poll(() => keep.getAttribute('aria-pressed')).toBe('true')
    expect(await app.button(`Keep picture 2 of “${DAISY}”`).getAttribute('aria-pressed')).toBe('false')
  })

  test('← and → step through the pictures, and Back closes them at once', async ({ app }) => {
    await app.open(`?prompt=${DAISY}&seed=7`)
    await app.expectPictures(DAISY)
    await app.openPicture(1)
    for (const [key, seed] of [['ArrowRight', 8], ['ArrowRight', 9], ['ArrowLeft', 8]] as const) {
      await app.page.keyboard.press(key)
      await app.dialog.getByText(String(seed), { exact: true }).waitFor()
    }
    await app.dialog.getByRole('img', { name: `${DAISY}, picture 2 of 5` }).waitFor()
    await app.page.goBack()
    await expect.poll(() => app.dialog.count()).toBe(0)
    await app.button('Keep picture 1').click()
    await app.button('Keep picture 3').click()
    await app.openMode('Gallery')
    await app.button(`Details of ${DAISY}, seed 9`).click()
    await app.dialog.getByRole('button', { name: 'Next picture' }).click()
    await app.dialog.getByText('7', { exact: true }).waitFor()
  })

  test('/ goes to the prompt unless switched off; Ctrl+Z and Back return, Z alone does not', async ({ app }) => {
    await app.open(`?prompt=${DAISY}&seed=7`)
    const daisies = await app.expectPictures(DAISY)
    await app.page.keyboard.press('/')
    expect(await app.prompt.evaluate((input) => input === document.activeElement)).toBe(true)
    await app.prompt.blur()
    await app.page.getByRole('checkbox', { name: /moves to the prompt/ }).uncheck()
    await app.page.keyboard.press('/')
    expect(await app.prompt.evaluate((input) => input === document.activeElement)).toBe(false)
    for (const back of [() => app.page.keyboard.press('Control+z'), () => app.button('Back').click()]) {
      await app.button('Paint others').click()
      const others = await app.expectOthersThan(daisies)
      await app.page.keyboard.press('z')
      await app.page.waitForTimeout(300)
      expect(await app.pictures()).toEqual(others)
      await back()
      await expect.poll(() => app.pictures()).toEqual(daisies)
    }
  })

  test('the live sentence follows every view', async ({ app }) => {
    const status = (text: string | RegExp): Promise<void> => {
      return app.page.getByRole('status').filter({ hasText: text }).waitFor({ state: 'attached' })
    }
    await app.open(`?prompt=${DAISY}&seed=7`)
    await status(`5 pictures of “${DAISY}”.`)
    await app.openMode('Compare')
    await app.page.getByRole('textbox', { name: 'Second prompt' }).fill(ROSE)
    await status(`5 pictures of “${DAISY}”, and 5 pictures of “${ROSE}”.`)
    await app.openMode('Morph')
    await status(`A morph from “${DAISY}” to “${ROSE}”.`)
    await app.open(`?prompt=${DAISY}&seed=7&subseed=1&subseed_strength=0.3`)
    await status(`6 variations of “${DAISY}” at strength 0.3.`)
  })

  test('held seeds are told, settings are explained, and a slider speaks once', async ({ app }) => {
    await app.open(`?prompt=${DAISY}&seed=7`)
    await app.expectPictures(DAISY)
    await app.button('Hold seeds').click()
    await app.button('Paint others').click()
    await app.alert.filter({ hasText: 'The seeds are held' }).waitFor()
    for (const hint of ['lower: more typical', 'higher: closer to the prompt']) {
      expect((await app.page.getByText(hint).boundingBox())?.width).toBeGreaterThan(50)
    }
    expect(await app.page.locator('output').count()).toBe(0)
  })

  forced('without the page’s colours, what is pressed and the sliders are seen', async ({ app }) => {
    await app.open(`?prompt=${DAISY}&seed=7`)
    await app.expectPictures(DAISY)
    const keep = app.button('Keep picture 1')
    const before = await keep.screenshot()
    await keep.click()
    await app.page.mouse.move(0, 0)
    await keep.blur()
    const background = (element: Element): string => getComputedStyle(element).backgroundColor
    expect(await keep.evaluate(background)).not.toBe(await app.button('Keep picture 2').evaluate(background))
    expect(await keep.screenshot()).not.toEqual(before)
    expect(await app.slider('Truncation').evaluate((slider) => getComputedStyle(slider).forcedColorAdjust)).toBe('none')
  })

  touch('every target is 44 px for fingers, and all examples are in reach', async ({ app }) => {
    await app.open(`?prompt=${DAISY}&seed=7`)
    await app.expectPictures(DAISY)
    for (const open of [() => Promise.resolve(), () => app.openPicture(1)]) {
      await open()
      const small = await app.page.locator('button:visible, input:visible').evaluateAll((found) => found.flatMap((element) => {
        const { width, height } = element.getBoundingClientRect()
        return width < 44 || height < 44 ? [`${element.getAttribute('aria-label') ?? element.textContent}: ${width} × ${height}`] : []
      }))
      expect(small).toEqual([])
    }
  })
})

describe('one report', () => {
  test('a server that is gone is told once in every view, and what is old is dimmed', async ({ app }) => {
    app.allowFailures()
    await app.open(`?prompt=${DAISY}&seed=7&subseed=1&subseed_strength=0.3`)
    const variations = app.page.getByTestId('variations')
    await expect.poll(() => variations.getByRole('button', { name: /^Open/ }).count()).toBe(7)
    await app.page.route(PAINT_URL, (route) => route.abort('connectionrefused'))
    await app.page.route('**/v1/morphs', (route) => route.abort('connectionrefused'))
    await app.prompt.fill(ROSE)
    await app.page.getByText(/Retrying in/).waitFor()
    expect(await app.page.getByRole('region', { name: 'Message' }).count()).toBe(1)
    await expect.poll(() => pictureOpacity(app)).toBeLessThan(0.6)
    await app.button('Close').click()
    await expect.poll(() => app.alert.count()).toBe(0)
    await app.openMode('Morph')
    await app.alert.waitFor()
    expect(await app.page.getByRole('region', { name: 'Message' }).count()).toBe(1)
    await app.page.unroute(PAINT_URL)
    await app.openMode('Paint')
    await app.expectPictures(DAISY)
    expect([await pictureOpacity(app), await app.alert.count()]).toEqual([1, 0])
  })

  test('a morph that is being painted says so, in its place and at the prompt', async ({ app }) => {
    await app.open(`?prompt=${DAISY}&seed=7`)
    await app.expectPictures(DAISY)
    await app.page.route('**/v1/morphs', () => undefined)
    await app.openMode('Morph')
    await app.page.getByTestId('morph').getByText('Painting…').waitFor()
    expect(await app.page.locator('.prompt-field.busy').count()).toBe(1)
  })

  test('what is invisible of a prompt is dropped', async ({ app }) => {
    await app.open(`?prompt=${DAISY}&seed=7`)
    const daisies = await app.expectPictures(DAISY)
    await app.prompt.fill('\u200b\u00ad')
    await app.prompt.press('Enter')
    await app.alert.filter({ hasText: 'The prompt is empty' }).waitFor()
    await app.prompt.fill('\ufeffa white\u200b dai\u00adsy')
    expect(await app.expectPictures(DAISY)).toEqual(daisies)
    expect(await app.page.title()).toBe('a white daisy · Painting with Neural Nets')
  })
})

describe('a server that asks for a key', () => {
  let server: Server
  beforeAll(async () => {
    server = await serve(['flowers'], 0, { PAINTING_API_KEYS: 'open sesame' })
  })
  afterAll(() => server.stop())

  test('says whether there is none or a wrong one, and shows samples with the right one', async ({ app }) => {
    app.allowFailures()
    app.address = server.address
    await app.open()
    await app.alert.filter({ hasText: 'This server asks for a key.' }).waitFor()
    for (const key of ['close barley', 'open sesame']) {
      await app.page.getByLabel('API key').fill(key)
      await app.button('Use key').click()
      if (key === 'close barley') await app.alert.filter({ hasText: 'This server does not know this key.' }).waitFor()
    }
    await app.expectOthersThan([])
    await app.button('flowers').click()
    const samples = app.dialog.getByRole('img', { name: 'Samples of flowers' })
    await expect.poll(() => samples.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)
  })
})

/** The button of a picture by its name. */
function picture({ grid }: AppPage, name: string): ReturnType<AppPage['button']> {
  return grid.getByRole('button', { name, exact: true })
}

async function pictureOpacity({ page }: AppPage): Promise<number> {
  return page.locator('.stage .framed').first().evaluate((picture) => Number(getComputedStyle(picture).opacity))
}
