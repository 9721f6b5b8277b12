import type { Route } from 'playwright-core'
import { describe, expect } from 'vitest'
import { serve, type Server } from './servers'
import { test } from './visit'
import { USUAL_COUNT } from './visitor'

const ROSE = 'a red rose'
const TULIP = 'a yellow tulip'
const PAINTS = /\/\?/ // what asks for pictures

describe('a server in trouble', () => {
  test('one that is stopped is missed, looked for, and found when it is started again', async ({ visitor }) => {
    visitor.expectFaults()
    let server: Server | null = await serve(['flowers'])
    try {
      visitor.address = server.address
      await visitor.begin()
      await visitor.types(ROSE)
      const roses = await visitor.seesPictures(ROSE)
      expect(await server.stop(), 'how the server left').toBe(0)
      const { port } = server
      server = null
      await visitor.types(TULIP)
      await visitor.trouble.filter({ hasText: 'The server does not answer. Is it still running?' }).waitFor()
      await visitor.page.getByText(/Asking again in \d+ s\./).waitFor()
      expect(await visitor.pictures(), 'what was there stays').toEqual(roses)
      server = await serve(['flowers'], port)
      await visitor.seesPictures(TULIP)
      await expect.poll(() => visitor.trouble.count()).toBe(0)
    } finally {
      await server?.stop()
    }
  })

  test('one that is full is asked again when it said to', async ({ visitor }) => {
    visitor.expectFaults()
    await visitor.begin()
    await visitor.types(ROSE)
    await visitor.seesPictures(ROSE)
    let refused = 0
    const answer = { error: { message: 'too many requests are waiting', type: 'server_error', param: null, code: null } }
    await visitor.page.route(PAINTS, async (route) => {
      refused += 1
      if (refused > 2) await route.continue()
      else await route.fulfill({ status: 503, headers: { 'Retry-After': '2' }, json: answer })
    })
    await visitor.prompt.fill(TULIP)
    await visitor.trouble.filter({ hasText: 'Too many requests are waiting.' }).waitFor()
    await visitor.page.getByText('Asking again in 2 s.').waitFor()
    await visitor.seesPictures(TULIP)
    expect(refused).toBe(3)
  })

  test('one that is slow is waited for, and the newest words win', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    await visitor.seesPictures(ROSE)
    const held: Route[] = []
    await visitor.page.route(PAINTS, (route) => void held.push(route))
    await visitor.prompt.fill('a white daisy')
    await visitor.page.getByText('The server takes its time…').waitFor()
    await visitor.page.unroute(PAINTS)
    await visitor.prompt.fill(TULIP)
    const tulips = await visitor.seesPictures(TULIP)
    for (const route of held) await route.continue().catch(() => null) // aborted by the page
    await visitor.button('Pin picture 1').click()
    expect(await visitor.seesPictures(TULIP)).toEqual(tulips)
  })

  test.for([
    ['a page', { status: 200, contentType: 'text/html', body: '<p>Hello</p>' }, 'something that is not a painting'],
    ['other JSON', { status: 200, json: { images: [{ png: 1 }] } }, 'something that is not a painting'],
    ['half a PNG', { status: 200, json: { images: ['iVBORw0KGgoAAAANSUhEUg=='] } }, 'something that is not a painting'],
    ['a mistake of its own', { status: 500, body: 'Internal Server Error' }, 'The server made a mistake.'],
  ] as const)('one that answers %s is told of, and asked again at a press', async ([, answer, told], { visitor }) => {
    visitor.expectFaults()
    await visitor.begin()
    await visitor.types(ROSE)
    const roses = await visitor.seesPictures(ROSE)
    await visitor.page.route(PAINTS, (route) => route.fulfill(answer))
    await visitor.prompt.fill(TULIP)
    await visitor.trouble.filter({ hasText: told }).waitFor()
    expect(await visitor.pictures()).toEqual(roses)
    await visitor.page.unroute(PAINTS)
    await visitor.button('Try again').click()
    await visitor.seesPictures(TULIP)
    await expect.poll(() => visitor.trouble.count()).toBe(0)
  })

  test('one that is gone when the page is opened is found by it', async ({ visitor }) => {
    visitor.expectFaults()
    await visitor.page.route('**/v1/painters', (route) => route.abort('connectionrefused'), { times: 1 })
    await visitor.open()
    await visitor.trouble.filter({ hasText: 'The server does not answer.' }).waitFor()
    await visitor.seesOthersThan([])
    expect(await visitor.button('flowers').count()).toBe(1)
  })

  test('a morph that fails is told of, and made at a press', async ({ visitor }) => {
    visitor.expectFaults()
    await visitor.open(`?prompt=${ROSE}&seed=7`)
    await visitor.seesPictures(ROSE)
    await visitor.page.route('**/v1/morphs', (route) => route.fulfill({ status: 200, body: 'RIFF nonsense' }))
    await visitor.goTo('Morph')
    await visitor.trouble.filter({ hasText: 'something that is not a painting' }).waitFor()
    await visitor.page.unroute('**/v1/morphs')
    await visitor.button('Try again').click()
    await visitor.page.getByTestId('morph').getByRole('img').waitFor()
  })
})

test("the thesis's server, which knows no more than to paint a prompt, is painted with", async ({ visitor }) => {
  visitor.expectFaults()
  const asked: URLSearchParams[] = []
  await visitor.page.route('**/v1/**', (route) => route.fulfill({ status: 404, body: 'Not Found' }))
  await visitor.page.route(PAINTS, async (route) => {
    const { searchParams } = new URL(route.request().url())
    if (!route.request().headers()['accept']?.includes('json')) return route.continue()
    asked.push(searchParams)
    const answer = await route.fetch({ url: `${visitor.address}/?input=${searchParams.get('input')}` })
    const { images } = (await answer.json()) as { images: string[] }
    return route.fulfill({ json: { images } })
  })
  await visitor.open()
  await visitor.types(ROSE)
  const roses = await visitor.seesPictures(ROSE)
  await visitor.button('Generate').click()
  const others = await visitor.seesOthersThan(roses)
  expect(new Set([...roses, ...others]).size).toBe(2 * USUAL_COUNT)
  expect(asked.every((query) => !query.has('seed') && !query.has('model'))).toBe(true)
  await visitor.button('Keep picture 1').click()
  await visitor.opensPicture(1)
  expect(await visitor.dialog.getByRole('button', { name: 'Download PNG' }).count()).toBe(1)
  expect(await visitor.dialog.getByRole('button', { name: /Morph|Copy link|like this/ }).count()).toBe(0)
})
