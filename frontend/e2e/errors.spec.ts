import type { Route } from 'playwright-core'
import { describe, expect } from 'vitest'
import { serve, type Server } from './servers'
import { test } from './fixtures'
import { DEFAULT_COUNT } from './appPage'

const ROSE = 'a red rose'
const TULIP = 'a yellow tulip'
const PAINT_URL = /\/\?/

describe('a failing server', () => {
  test('a stopped server is reported, and found when it is started again', async ({ app }) => {
    app.allowFailures()
    let server: Server | null = await serve(['flowers'])
    try {
      app.address = server.address
      await app.openReady()
      await app.typePrompt(ROSE)
      const roses = await app.expectPictures(ROSE)
      expect(await server.stop(), 'exit code of the server').toBe(0)
      const { port } = server
      server = null
      await app.typePrompt(TULIP)
      await app.alert.filter({ hasText: 'The server is not responding. Is it running?' }).waitFor()
      await app.page.getByText(/Retrying in \d+ s\./).waitFor()
      expect(await app.pictures(), 'the pictures stay').toEqual(roses)
      server = await serve(['flowers'], port)
      await app.expectPictures(TULIP)
      await expect.poll(() => app.alert.count()).toBe(0)
    } finally {
      await server?.stop()
    }
  })

  test('a busy server is retried after Retry-After', async ({ app }) => {
    app.allowFailures()
    await app.openReady()
    await app.typePrompt(ROSE)
    await app.expectPictures(ROSE)
    let attempts = 0
    const answer = { error: { message: 'too many requests are waiting', type: 'server_error', param: null, code: null } }
    await app.page.route(PAINT_URL, async (route) => {
      attempts += 1
      if (attempts > 4) await route.continue() // two for each try: the first picture, and the others
      else await route.fulfill({ status: 503, headers: { 'Retry-After': '2' }, json: answer })
    })
    await app.prompt.fill(TULIP)
    await app.alert.filter({ hasText: 'Too many requests are waiting.' }).waitFor()
    await app.page.getByText('Retrying in 2 s.').waitFor()
    await app.expectPictures(TULIP)
    expect(attempts).toBe(6)
  })

  test('a slow server is reported, and the latest prompt wins', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    await app.expectPictures(ROSE)
    const held: Route[] = []
    await app.page.route(PAINT_URL, (route) => void held.push(route))
    await app.prompt.fill('a white daisy')
    await app.page.getByText('Still waiting for the pictures…').waitFor()
    await app.page.unroute(PAINT_URL)
    await app.prompt.fill(TULIP)
    const tulips = await app.expectPictures(TULIP)
    for (const route of held) await route.continue().catch(() => null) // aborted by the page
    await app.button('Pin picture 1').click()
    expect(await app.expectPictures(TULIP)).toEqual(tulips)
  })

  test.for([
    ['HTML', { status: 200, contentType: 'text/html', body: '<p>Hello</p>' }, 'The server sent an invalid response.'],
    ['other JSON', { status: 200, json: { images: [{ png: 1 }] } }, 'The server sent an invalid response.'],
    ['half a PNG', { status: 200, json: { images: ['iVBORw0KGgoAAAANSUhEUg=='] } }, 'The server sent an invalid response.'],
    ['an internal error', { status: 500, body: 'Internal Server Error' }, 'The server failed with an internal error.'],
  ] as const)('a response of %s is reported, and retried on a click', async ([, answer, message], { app }) => {
    app.allowFailures()
    await app.openReady()
    await app.typePrompt(ROSE)
    const roses = await app.expectPictures(ROSE)
    await app.page.route(PAINT_URL, (route) => route.fulfill(answer))
    await app.prompt.fill(TULIP)
    await app.alert.filter({ hasText: message }).waitFor()
    expect(await app.pictures()).toEqual(roses)
    await app.page.unroute(PAINT_URL)
    await app.button('Try again').click()
    await app.expectPictures(TULIP)
    await expect.poll(() => app.alert.count()).toBe(0)
  })

  test('an unreachable server is found after the page is opened', async ({ app }) => {
    app.allowFailures()
    await app.page.route('**/v1/painters', (route) => route.abort('connectionrefused'), { times: 1 })
    await app.open()
    await app.alert.filter({ hasText: 'The server is not responding.' }).waitFor()
    await app.expectOthersThan([])
    expect(await app.button('flowers').count()).toBe(1)
  })

  test('a failed morph is reported, and retried on a click', async ({ app }) => {
    app.allowFailures()
    await app.open(`?prompt=${ROSE}&seed=7`)
    await app.expectPictures(ROSE)
    await app.page.route('**/v1/morphs', (route) => route.fulfill({ status: 200, body: 'RIFF nonsense' }))
    await app.openMode('Morph')
    await app.alert.filter({ hasText: 'The server sent an invalid response.' }).waitFor()
    await app.page.unroute('**/v1/morphs')
    await app.button('Try again').click()
    await app.page.getByTestId('morph').getByRole('img').waitFor()
  })
})

test("the page paints with the thesis's server, whose API takes only a prompt", async ({ app }) => {
  app.allowFailures()
  const queries: URLSearchParams[] = []
  await app.page.route('**/v1/**', (route) => route.fulfill({ status: 404, body: 'Not Found' }))
  await app.page.route(PAINT_URL, async (route) => {
    const { searchParams } = new URL(route.request().url())
    if (!route.request().headers()['accept']?.includes('json')) return route.continue()
    queries.push(searchParams)
    const headers = { ...route.request().headers(), accept: 'application/json' }
    const answer = await route.fetch({ url: `${app.address}/?input=${searchParams.get('input')}`, headers })
    const { images } = (await answer.json()) as { images: string[] }
    return route.fulfill({ json: { images } })
  })
  await app.open()
  await app.typePrompt(ROSE)
  const roses = await app.expectPictures(ROSE)
  await app.button('Paint others').click()
  const others = await app.expectOthersThan(roses)
  expect(new Set([...roses, ...others]).size).toBe(2 * DEFAULT_COUNT)
  expect(queries.every((query) => !query.has('seed') && !query.has('model'))).toBe(true)
  await app.button('Keep picture 1').click()
  await app.openPicture(1)
  expect(await app.dialog.getByRole('button', { name: 'Download PNG' }).count()).toBe(1)
  expect(await app.dialog.getByRole('button', { name: /Morph|Copy link|like this/ }).count()).toBe(0)
})
