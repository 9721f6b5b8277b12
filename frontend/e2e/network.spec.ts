import { describe, expect } from 'vitest'
import type { AppPage } from './appPage'
import { test } from './fixtures'

const TULIP = 'a yellow tulip'
const MAX_KEY_BYTES = 45_000
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 }

describe('network', () => {
  test('a key press costs little, and its first picture is shown before the last has arrived', async ({ app }) => {
    await app.open('?prompt=a red rose&seed=7')
    await app.expectPictures('a red rose')
    const network = await app.page.context().newCDPSession(app.page)
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', SLOW)
    // Chromium reports a stream that was read to its end as loaded or as aborted, so that its bytes are added up.
    const bytes = new Map<string, number>()
    network.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (request.url.includes('input=')) bytes.set(requestId, 0)
    })
    for (const event of ['Network.responseReceived', 'Network.dataReceived'] as const) network.on(event, (received) => {
      const size = 'response' in received ? received.response.encodedDataLength : received.encodedDataLength
      const before = bytes.get(received.requestId)
      if (before !== undefined) bytes.set(received.requestId, before + size)
    })
    const seen = await countsOfNewPictures(app, TULIP, () => app.prompt.fill(TULIP))
    expect(bytes.size, 'requests: of the first picture, and of the others').toBe(2)
    const size = [...bytes.values()].reduce((sum, part) => sum + part)
    expect(size).toBeLessThan(MAX_KEY_BYTES)
    expect(size).toBeGreaterThan(MAX_KEY_BYTES / 10)
    expect(seen.map(({ count }) => count)).toContain(1)
    console.info(`${size} bytes; pictures after ${seen.map(({ count, ms }) => `${count}: ${ms} ms`).join(', ')}`)
  })

  test('cards and samples of painters are loaded when they are opened', async ({ app }) => {
    const paths: string[] = []
    app.page.on('request', (request) => paths.push(new URL(request.url()).pathname))
    await app.openReady()
    expect(paths).not.toContain('/v1/painters/flowers')
    await app.button('flowers').click()
    await app.dialog.getByRole('img', { name: 'Samples of flowers' }).waitFor()
    await app.dialog.getByText('Evaluation').waitFor()
    const requested = paths.filter((path) => path.startsWith('/v1/painters/')).sort()
    expect(requested).toEqual(['/v1/painters/flowers', '/v1/painters/flowers/samples.webp'])
  })
})

/** How many pictures of a prompt the grid showed, and when after the input, until it showed five. */
async function countsOfNewPictures({ page }: AppPage, prompt: string, act: () => Promise<void>): Promise<{ count: number; ms: number }[]> {
  const seen = page.evaluate(async (alt) => {
    const found: { count: number; ms: number }[] = []
    let start = 0
    addEventListener('input', ({ timeStamp }) => (start = timeStamp), { capture: true, once: true })
    while (found.at(-1)?.count !== 5) {
      await new Promise((resolve) => requestAnimationFrame(resolve))
      const count = [...document.querySelectorAll<HTMLImageElement>('[data-testid=pictures] img')].filter((image) => image.alt.startsWith(alt)).length
      if (count > (found.at(-1)?.count ?? 0)) found.push({ count, ms: Math.round(performance.now() - start) })
    }
    return found
  }, prompt)
  await act()
  return seen
}
