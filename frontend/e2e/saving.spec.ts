import type { Locator } from 'playwright-core'
import { describe, expect } from 'vitest'
import { AppPage } from './appPage'
import { test } from './fixtures'

const ROSE = 'a red rose'
const TULIP = 'a yellow tulip'

describe('files', () => {
  test('a PNG holds its prompt, seed and painter, and restores them when it is dropped', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    await app.expectPictures(ROSE)
    const pixels = await app.pixelDigest(2)
    const [, seed] = await app.seeds()
    const dialog = await app.openPicture(2)
    const { name, content } = await app.download(dialog.getByRole('button', { name: 'Download PNG' }))
    expect(name).toBe(`a-red-rose-flowers-${seed}.png`)
    for (const [key, text] of [['prompt', ROSE], ['seed', String(seed)], ['painter', 'flowers']] as const) {
      expect(content.includes(`tEXt${key}\0${text}`), key).toBe(true)
    }
    await app.open('?painter=digits')
    await app.expectPictures('A painting')
    await app.dropFile(content, 'image/png')
    await app.expectPictures(ROSE)
    expect(await app.prompt.inputValue()).toBe(ROSE)
    expect((await app.seeds())[0]).toBe(seed)
    expect(await app.button('flowers').count()).toBe(1)
    expect(await app.pixelDigest(1)).toBe(pixels)
  })

  test('a variation is restored by its file and by its link', async ({ app }) => {
    await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await app.open(`?prompt=${ROSE}&seed=7`)
    await app.expectPictures(ROSE)
    await (await app.openPicture(1)).getByRole('button', { name: 'More like this' }).click()
    const variation = app.page.getByTestId('variations').getByRole('button', { name: /variation 1 at/ })
    const painted = await source(variation)
    await variation.click()
    const { content } = await app.download(app.dialog.getByRole('button', { name: 'Download PNG' }))
    for (const key of ['seed', 'subseed', 'subseed_strength']) expect(content.includes(`tEXt${key}\0`), key).toBe(true)
    await app.dialog.getByRole('button', { name: 'Copy link' }).click()
    await app.dialog.getByText('Link copied.').waitFor()
    const link = await app.page.evaluate(() => navigator.clipboard.readText())
    expect(link).toMatch(/seed=7&painter=flowers&subseed=\d+&subseed_strength=0\.25&open=1$/)
    await app.openReady()
    await app.dropFile(content, 'image/png')
    await expect.poll(() => source(variation)).toBe(painted)
    await app.page.goto(link)
    expect(await app.dialog.getByRole('img').first().getAttribute('src')).toBe(painted)
    await app.page.keyboard.press('Escape')
    await expect.poll(() => source(variation)).toBe(painted)
  })

  test('a file without parameters is reported, and changes nothing', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    const roses = await app.expectPictures(ROSE)
    await app.dropFile(Buffer.from('no PNG'), 'text/plain')
    await app.alert.filter({ hasText: 'This file contains no prompt or seed.' }).waitFor()
    expect(await app.pictures()).toEqual(roses)
  })
})

describe('links', () => {
  test('a link reproduces the picture', async ({ app }) => {
    await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await app.openReady()
    await app.typePrompt(ROSE)
    await app.expectPictures(ROSE)
    const [, , seed] = await app.seeds()
    const dialog = await app.openPicture(3)
    await dialog.getByRole('button', { name: 'Copy link' }).click()
    await dialog.getByText('Link copied.').waitFor()
    const link = await app.page.evaluate(() => navigator.clipboard.readText())
    expect(new URL(link).searchParams.toString()).toBe(`prompt=a+red+rose&seed=${seed}&painter=flowers&open=1`)
    const pixels = await app.pixelDigest(3)
    await app.page.goto(link)
    await app.dialog.getByText('Picture 1 of 5').waitFor()
    await app.page.keyboard.press('Escape')
    await app.expectPictures(ROSE)
    expect(await app.pixelDigest(1)).toBe(pixels)
  })

  test('the address bar follows the pictures: a reload repaints them', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(TULIP)
    await app.setSlider('Pictures', 3)
    const tulips = await app.expectPictures(TULIP, 3)
    await expect.poll(() => new URL(app.page.url()).searchParams.get('count')).toBe('3')
    await app.page.reload()
    expect(await app.expectPictures(TULIP, 3)).toEqual(tulips)
  })

  test('a missing painter is reported, and another one paints', async ({ app }) => {
    app.allowFailures()
    await app.open(`?prompt=${ROSE}&seed=7&painter=missing`)
    await app.alert.filter({ hasText: 'The painter “missing” is not available; using flowers.' }).waitFor()
    await app.expectPictures(ROSE)
  })
})

describe('gallery', () => {
  test('a saved picture is a PNG that states its recipe, also without the server', async ({ app }) => {
    await app.open(`?prompt=${ROSE}&seed=7`)
    await app.expectPictures(ROSE)
    await app.button('Keep picture 1').click()
    const painted = await app.download((await app.openPicture(1)).getByRole('button', { name: 'Download PNG' }))
    await app.page.keyboard.press('Escape')
    await app.openMode('Gallery')
    app.allowFailures()
    await app.page.route('**/v1/pictures*', (route) => route.abort())
    await app.button(`Details of ${ROSE}, seed 7`).click()
    const { name, content } = await app.download(app.dialog.getByRole('button', { name: 'Download PNG' }))
    expect(name).toBe('a-red-rose-flowers-7.png')
    expect(content.includes(`tEXtprompt\0${ROSE}`) && content.includes('tEXtseed\x007')).toBe(true)
    expect(content.equals(painted.content)).toBe(true)
  })

  test('pictures and prompts survive a reload, and can be removed', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    const [first = ''] = await app.expectPictures(ROSE)
    const [seed] = await app.seeds()
    await app.button('Keep picture 1').click()
    await app.button('Paint others').click()
    await app.expectOthersThan([first])
    await app.page.reload()
    await app.openMode('Gallery')
    const saved = app.page.getByRole('region', { name: 'Pictures' })
    await saved.getByRole('img', { name: `${ROSE}, seed ${seed}` }).waitFor()
    await app.page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: ROSE }).first().waitFor()
    await saved.getByRole('button', { name: `Details of ${ROSE}, seed ${seed}` }).click()
    await app.dialog.getByRole('button', { name: 'Paint again' }).click()
    expect((await app.expectPictures(ROSE))[0]).toBe(first)
    await app.button('Keep picture 1').click()
    await app.openMode('Gallery')
    await app.page.getByText('No pictures yet.').waitFor()
    await app.button('Clear history').click()
    await app.page.getByText('Prompts that you paint appear here.').waitFor()
    await app.openReady() // without a link, whose prompt would enter the history again
    await app.openMode('Gallery')
    await app.page.getByText('No pictures yet.').waitFor()
    expect(await app.page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: ROSE }).count()).toBe(0)
    expect(await saved.getByRole('img').count()).toBe(0)
  })

  test('another tab follows what is saved and what is cleared', async ({ app }) => {
    const other = new AppPage(await app.page.context().newPage(), app.address)
    await other.openReady()
    await other.openMode('Gallery')
    await app.open(`?prompt=${ROSE}&seed=7`)
    await app.expectPictures(ROSE)
    await app.button('Keep picture 1').click()
    await app.button('Paint others').click()
    const row = other.page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: ROSE }).first()
    await row.waitFor()
    await other.page.getByRole('region', { name: 'Pictures' }).getByRole('img', { name: ROSE }).waitFor()
    await app.openMode('Gallery')
    await app.button('Clear history').click()
    await row.waitFor({ state: 'detached' })
  })

  test('a thousand pictures are listed by small copies, and opened as they were', async ({ app }) => {
    await app.open(`?prompt=${ROSE}&seed=7`)
    const [rose = ''] = await app.expectPictures(ROSE)
    await app.button('Keep picture 1').click()
    await expect.poll(() => copySaved(app, 999)).toBe(1000)
    await app.open(`?prompt=${TULIP}&seed=7`)
    await app.expectPictures(TULIP)
    await app.openMode('Gallery')
    const saved = app.page.getByRole('region', { name: 'Pictures' })
    await expect.poll(() => saved.getByRole('img').count()).toBe(60)
    expect(await saved.locator('canvas').count()).toBe(0)
    const sizes = await saved.getByRole('img').evaluateAll((found) => found.map((image) => (image as HTMLImageElement).src.length))
    expect(Math.max(...sizes)).toBeLessThan(20_000)
    await saved.getByRole('button', { name: 'Show all 1000' }).click()
    await expect.poll(() => saved.getByRole('img').count()).toBe(1000)
    await saved.getByRole('button', { name: /^Details of/ }).first().click()
    await app.dialog.getByRole('button', { name: 'Paint again' }).click()
    expect((await app.expectPictures(ROSE))[0]).toBe(rose)
  })

  test('all saved pictures can be downloaded at once', async ({ app }) => {
    await app.open(`?prompt=${ROSE}&seed=7`)
    await app.expectPictures(ROSE)
    await app.button('Keep picture 1').click()
    await app.button('Keep picture 2').click()
    await app.openMode('Gallery')
    const { content } = await app.download(app.button('Download all'))
    expect(namesIn(content)).toEqual(['a-red-rose-flowers-8.png', 'a-red-rose-flowers-7.png'])
  })
})

/** The data URL of the picture within an element. */
async function source(element: Locator): Promise<string | null> {
  return element.locator('img').getAttribute('src')
}

/** Copies the one saved picture under other keys; the number of all once it is stored. */
async function copySaved({ page }: AppPage, count: number): Promise<number> {
  return page.evaluate(async (copies) => {
    const done = <Result>(request: IDBRequest<Result>): Promise<Result> => {
      return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    }
    const database = await done(indexedDB.open('painting-gallery'))
    const transaction = database.transaction(['pictures', 'files'], 'readwrite')
    const [pictures, files] = [transaction.objectStore('pictures'), transaction.objectStore('files')]
    const [picture] = await done(pictures.getAll() as IDBRequest<{ key: string }[]>)
    if (!picture) return 0
    const file: unknown = await done(files.get(picture.key))
    for (let copy = 0; copy < copies; copy += 1) {
      pictures.put({ ...picture, key: `copy ${copy}` })
      files.put(file, `copy ${copy}`)
    }
    const all = await done(pictures.count())
    database.close()
    return all
  }, count)
}

/** The names in a zip's central directory. */
function namesIn(file: Buffer): string[] {
  const names: string[] = []
  for (let at = file.indexOf('PK\x01\x02'); at >= 0; at = file.indexOf('PK\x01\x02', at + 46)) {
    names.push(file.toString('utf8', at + 46, at + 46 + file.readUInt16LE(at + 28)))
  }
  return names
}
