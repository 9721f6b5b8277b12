import { describe, expect } from 'vitest'
import { serve, type Server } from './servers'
import { screenshot, test as base } from './fixtures'
import type { AppPage } from './appPage'

const ROSE = 'a red rose'

const test = base.extend<{ painters: Server }>({
  painters: async ({ app }, use) => {
    const server = await serve(['flowers', 'shapes'])
    app.address = server.address
    await use(server)
    await server.stop()
  },
})

describe('prompt strength', () => {
  test('has a slider for a painter that takes one, and is part of its links', async ({ app, painters }) => {
    await app.open(`?prompt=${ROSE}&seed=7&painter=flowers`)
    const roses = await app.expectPictures(ROSE)
    await app.setSlider('Strength', 0.25)
    const weaker = await app.expectOthersThan(roses)
    const link = new RegExp(`^${painters.address}/[?]prompt=a[+]red[+]rose&seed=7&painter=flowers&strength=0[.]25$`)
    await expect.poll(() => app.page.url()).toMatch(link)
    await app.page.reload()
    expect(await app.expectPictures(ROSE)).toEqual(weaker)
    expect(await app.slider('Strength').inputValue()).toBe('0.25')
    await screenshots(app)
  })

  test('is hidden for other painters, and nothing shifts on a change of painter', async ({ app, painters }) => {
    expect(painters.port).toBeGreaterThan(0)
    // Its own example, as words that a painter does not know get a note beneath them.
    await app.open('?seed=7&painter=flowers&strength=1.5')
    await app.expectPictures(await app.prompt.inputValue())
    for (const width of [320, 768, 1440]) {
      await app.page.setViewportSize({ width, height: 900 })
      const before = await boxes(app)
      await choose(app, 'flowers', 'shapes')
      expect(await app.slider('Strength').count()).toBe(0)
      expect(await boxes(app), `at ${width} px`).toEqual(before)
      await choose(app, 'shapes', 'flowers')
      expect(await app.slider('Strength').inputValue()).toBe('1.5')
    }
  })
})

async function choose(app: AppPage, from: string, to: string): Promise<void> {
  await app.button(from).click()
  await app.dialog.getByRole('radio', { name: to }).check()
  await app.dialog.getByRole('button', { name: `Paint with ${to}` }).click()
  await app.expectPictures(await app.prompt.inputValue())
}

/** The bounding boxes of what both painters share. */
async function boxes({ page }: AppPage): Promise<unknown[]> {
  const settings = page.getByRole('group', { name: 'Settings' })
  const elements = [settings, page.getByTestId('pictures'), ...['Pictures', 'Truncation'].map((name) => page.getByRole('slider', { name }))]
  return Promise.all([...elements, page.getByRole('textbox', { name: 'Seed' })].map((element) => element.boundingBox()))
}

async function screenshots(app: AppPage): Promise<void> {
  for (const width of [320, 768, 1440]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.setViewportSize({ width, height: 900 })
      await app.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await screenshot(app, `strength ${width} ${colorScheme}`)
    }
  }
}
