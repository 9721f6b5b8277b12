import { describe, expect } from 'vitest'
import { serve, type Server } from './servers'
import { picture, test as base } from './visit'
import type { Visitor } from './visitor'

const ROSE = 'a red rose'

const test = base.extend<{ painters: Server }>({
  painters: async ({ visitor }, use) => {
    const server = await serve(['flowers', 'shapes'])
    visitor.address = server.address
    await use(server)
    await server.stop()
  },
})

describe('how closely a prompt is followed', () => {
  test('is chosen of a painter that can be told, and stands in its links', async ({ visitor, painters }) => {
    await visitor.open(`?prompt=${ROSE}&seed=7&painter=flowers`)
    const roses = await visitor.seesPictures(ROSE)
    await visitor.slides('Strength', 0.25)
    const freer = await visitor.seesOthersThan(roses)
    const link = new RegExp(`^${painters.address}/[?]prompt=a[+]red[+]rose&seed=7&painter=flowers&strength=0[.]25$`)
    await expect.poll(() => visitor.page.url()).toMatch(link)
    await visitor.page.reload()
    expect(await visitor.seesPictures(ROSE)).toEqual(freer)
    expect(await visitor.slider('Strength').inputValue()).toBe('0.25')
    await look(visitor)
  })

  test('is no question for others, and nothing moves where they are chosen', async ({ visitor, painters }) => {
    expect(painters.port).toBeGreaterThan(0)
    await visitor.open(`?prompt=${ROSE}&seed=7&painter=flowers&strength=1.5`)
    await visitor.seesPictures(ROSE)
    for (const width of [320, 768, 1440]) {
      await visitor.page.setViewportSize({ width, height: 900 })
      const before = await places(visitor)
      await choose(visitor, 'flowers', 'shapes')
      expect(await visitor.slider('Strength').count()).toBe(0)
      expect(await places(visitor), `at ${width} px`).toEqual(before)
      await choose(visitor, 'shapes', 'flowers')
      expect(await visitor.slider('Strength').inputValue()).toBe('1.5')
    }
  })
})

async function choose(visitor: Visitor, from: string, to: string): Promise<void> {
  await visitor.button(from).click()
  await visitor.dialog.getByRole('radio', { name: to }).check()
  await visitor.dialog.getByRole('button', { name: `Paint with ${to}` }).click()
  await visitor.seesPictures(await visitor.prompt.inputValue())
}

/** Where all that both painters have is. */
async function places({ page }: Visitor): Promise<unknown[]> {
  const settings = page.getByRole('group', { name: 'Settings' })
  const all = [settings, page.getByTestId('wall'), ...['Pictures', 'Truncation'].map((name) => page.getByRole('slider', { name }))]
  return Promise.all([...all, page.getByRole('textbox', { name: 'Seed' })].map((each) => each.boundingBox()))
}

async function look(visitor: Visitor): Promise<void> {
  for (const width of [320, 768, 1440]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await visitor.page.setViewportSize({ width, height: 900 })
      await visitor.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await picture(visitor, `strength ${width} ${colorScheme}`)
    }
  }
}
