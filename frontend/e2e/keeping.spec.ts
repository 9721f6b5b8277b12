import type { Locator } from 'playwright-core'
import { describe, expect } from 'vitest'
import { test } from './visit'
import type { Visitor } from './visitor'

const ROSE = 'a red rose'
const TULIP = 'a yellow tulip'

describe('files', () => {
  test('a PNG holds its prompt, seed and painter, and brings them back when it is dropped', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    await visitor.seesPictures(ROSE)
    const pixels = await visitor.pixelsOf(2)
    const [, seed] = await visitor.seeds()
    const dialog = await visitor.opensPicture(2)
    const { name, content } = await visitor.downloads(dialog.getByRole('button', { name: 'Download PNG' }))
    expect(name).toBe(`a-red-rose-flowers-${seed}.png`)
    for (const [key, text] of [['prompt', ROSE], ['seed', String(seed)], ['painter', 'flowers']] as const) {
      expect(content.includes(`tEXt${key}\0${text}`), key).toBe(true)
    }
    await visitor.open('?painter=digits')
    await visitor.seesPictures('A painting')
    await drop(visitor, content, 'image/png')
    await visitor.seesPictures(ROSE)
    expect(await visitor.prompt.inputValue()).toBe(ROSE)
    expect((await visitor.seeds())[0]).toBe(seed)
    expect(await visitor.button('flowers').count()).toBe(1)
    expect(await visitor.pixelsOf(1)).toBe(pixels)
  })

  test('a neighbour comes back as what it was, by its file and by its link', async ({ visitor }) => {
    await visitor.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await visitor.open(`?prompt=${ROSE}&seed=7`)
    await visitor.seesPictures(ROSE)
    await (await visitor.opensPicture(1)).getByRole('button', { name: 'More like this' }).click()
    const neighbour = visitor.page.getByTestId('near').getByRole('button', { name: /in direction 1$/ })
    const painted = await source(neighbour)
    await neighbour.click()
    const { content } = await visitor.downloads(visitor.dialog.getByRole('button', { name: 'Download PNG' }))
    for (const key of ['seed', 'subseed', 'subseed_strength']) expect(content.includes(`tEXt${key}\0`), key).toBe(true)
    await visitor.dialog.getByRole('button', { name: 'Copy link' }).click()
    await visitor.dialog.getByText('Link copied.').waitFor()
    const link = await visitor.page.evaluate(() => navigator.clipboard.readText())
    expect(link).toMatch(/seed=7&painter=flowers&subseed=\d+&subseed_strength=0\.25$/)
    await visitor.begin()
    await drop(visitor, content, 'image/png')
    await expect.poll(() => source(neighbour)).toBe(painted)
    await visitor.page.goto(link)
    await expect.poll(() => source(neighbour)).toBe(painted)
  })

  test('a file that says nothing is told, and changes nothing', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    const roses = await visitor.seesPictures(ROSE)
    await drop(visitor, Buffer.from('nothing of ours'), 'text/plain')
    await visitor.trouble.filter({ hasText: 'This file does not say what it was painted from.' }).waitFor()
    expect(await visitor.pictures()).toEqual(roses)
  })
})

describe('links', () => {
  test('a link paints the very same picture for whoever opens it', async ({ visitor }) => {
    await visitor.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await visitor.begin()
    await visitor.types(ROSE)
    await visitor.seesPictures(ROSE)
    const [, , seed] = await visitor.seeds()
    const dialog = await visitor.opensPicture(3)
    await dialog.getByRole('button', { name: 'Copy link' }).click()
    await dialog.getByText('Link copied.').waitFor()
    const link = await visitor.page.evaluate(() => navigator.clipboard.readText())
    expect(new URL(link).searchParams.toString()).toBe(`prompt=a+red+rose&seed=${seed}&painter=flowers`)
    const pixels = await visitor.pixelsOf(3)
    await visitor.page.goto(link)
    await visitor.seesPictures(ROSE)
    expect(await visitor.pixelsOf(1)).toBe(pixels)
  })

  test('the address follows what is seen: a reload paints it again', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(TULIP)
    await visitor.slides('Pictures', 3)
    const tulips = await visitor.seesPictures(TULIP, 3)
    await expect.poll(() => new URL(visitor.page.url()).searchParams.get('count')).toBe('3')
    await visitor.page.reload()
    expect(await visitor.seesPictures(TULIP, 3)).toEqual(tulips)
  })

  test('a painter that is not here is told, and another paints', async ({ visitor }) => {
    visitor.expectFaults()
    await visitor.open(`?prompt=${ROSE}&seed=7&painter=nobody`)
    await visitor.trouble.filter({ hasText: 'The painter “nobody” is not here; flowers paints.' }).waitFor()
    await visitor.seesPictures(ROSE)
  })
})

describe('what this browser keeps', () => {
  test('pictures and words are there after a reload, and go when they shall', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    const [first = ''] = await visitor.seesPictures(ROSE)
    const [seed] = await visitor.seeds()
    await visitor.button('Keep picture 1').click()
    await visitor.button('Generate').click()
    await visitor.seesOthersThan([first])
    await visitor.page.reload()
    await visitor.goTo('Kept')
    const kept = visitor.page.getByRole('region', { name: 'Pictures' })
    await kept.getByRole('img', { name: ROSE, exact: true }).waitFor()
    await visitor.page.getByRole('region', { name: 'Words' }).getByRole('button', { name: ROSE }).waitFor()
    await kept.getByRole('button', { name: `More about ${ROSE}, seed ${seed}` }).click()
    await visitor.dialog.getByRole('button', { name: 'Paint again' }).click()
    expect((await visitor.seesPictures(ROSE))[0]).toBe(first)
    await visitor.button('Keep picture 1').click()
    await visitor.goTo('Kept')
    await visitor.page.getByText('None yet.').waitFor()
    await visitor.button('Forget all').click()
    await visitor.page.getByText('What you had painted will be listed here.').waitFor()
    await visitor.begin() // without a link, whose words would be painted and remembered again
    await visitor.goTo('Kept')
    await visitor.page.getByText('None yet.').waitFor()
    expect(await visitor.page.getByRole('region', { name: 'Words' }).getByRole('button', { name: ROSE }).count()).toBe(0)
    expect(await kept.getByRole('img').count()).toBe(0)
  })

  test('all that is kept can be downloaded at once', async ({ visitor }) => {
    await visitor.open(`?prompt=${ROSE}&seed=7`)
    await visitor.seesPictures(ROSE)
    await visitor.button('Keep picture 1').click()
    await visitor.button('Keep picture 2').click()
    await visitor.goTo('Kept')
    const { content } = await visitor.downloads(visitor.button('Download all'))
    expect(namesIn(content)).toEqual(['a-red-rose-flowers-8.png', 'a-red-rose-flowers-7.png'])
  })
})

/** The file of the picture within an element. */
async function source(place: Locator): Promise<string | null> {
  return place.locator('img').getAttribute('src')
}

/** Drop a file on the page, as a browser tells it. */
async function drop(visitor: Visitor, file: Buffer, type: string): Promise<void> {
  const carried = await visitor.page.evaluateHandle(
    ([base64, kind]) => {
      const transfer = new DataTransfer()
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      transfer.items.add(new File([bytes], 'dropped', { type: kind }))
      return transfer
    },
    [file.toString('base64'), type] as const,
  )
  await visitor.page.dispatchEvent('body', 'dragover', { dataTransfer: carried })
  await visitor.page.getByText('Drop a painting, and it is painted again.').waitFor()
  await visitor.page.dispatchEvent('body', 'drop', { dataTransfer: carried })
}

/** Names in a zip's list at its end. */
function namesIn(file: Buffer): string[] {
  const names: string[] = []
  for (let at = file.indexOf('PK\x01\x02'); at >= 0; at = file.indexOf('PK\x01\x02', at + 46)) {
    names.push(file.toString('utf8', at + 46, at + 46 + file.readUInt16LE(at + 28)))
  }
  return names
}
