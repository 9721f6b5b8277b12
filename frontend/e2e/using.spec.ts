import { describe, expect } from 'vitest'
import { test } from './fixtures'

const ROSE = 'a red rose'
const LINK = `?prompt=${ROSE}&seed=7&painter=flowers&truncation=0.5`

describe('using a picture', () => {
  test('a picture is downloaded and copied larger than it was painted, and all of the grid at once', async ({ app }) => {
    await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await app.open(LINK)
    await app.expectPictures(ROSE)
    const dialog = await app.openPicture(2)
    expect(await dialog.locator('dd').allTextContents()).toEqual(['8', 'flowers', '128 × 128 px', '1', '0.5'])
    await dialog.getByRole('combobox', { name: 'File size' }).selectOption('512 × 512 px, enlarged')
    const { content } = await app.download(dialog.getByRole('button', { name: 'Download PNG' }))
    expect([content.readUInt32BE(16), content.readUInt32BE(20)]).toEqual([512, 512])
    expect(content.includes('tEXtseed\x008') && content.includes('tEXttruncation\x000.5')).toBe(true)
    await dialog.getByRole('button', { name: 'Copy picture' }).click()
    await dialog.getByText('Picture copied.').waitFor()
    const copied = await app.page.evaluate(async () => {
      const [item] = await navigator.clipboard.read()
      const image = item && (await createImageBitmap(await item.getType('image/png')))
      return image?.width
    })
    expect(copied).toBe(512)
    const zip = await app.download(dialog.getByRole('button', { name: 'Download all 5' }))
    expect(zip.name).toBe('paintings-512px.zip')
    expect(zip.content.toString('latin1').match(/PK\x01\x02/g)).toHaveLength(5)
  })

  test.skipIf(process.env['PAGE_ENGINE'] === 'browser')('the code beside a picture paints it', async ({ app }) => {
    await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await app.open(LINK)
    await app.expectPictures(ROSE)
    const dialog = await app.openPicture(1)
    await app.page.setViewportSize({ width: 360, height: 740 })
    await dialog.getByText('As code').click()
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
    await dialog.getByRole('button', { name: 'Copy curl' }).click()
    await dialog.getByText('curl copied.').waitFor()
    const code = await app.page.evaluate(() => navigator.clipboard.readText())
    const data = [...code.matchAll(/--data-urlencode '(\w+)=([^']+)'/g)].map(([, name = '', value = '']) => [name, value])
    const [, address = ''] = /curl --get '([^']+)'/.exec(code) ?? []
    const response = await app.page.request.get(`${address}?${new URLSearchParams(data)}`)
    const { content } = await app.download(dialog.getByRole('button', { name: 'Download PNG' }))
    expect((await response.body()).equals(content)).toBe(true)
    expect(await dialog.getByRole('region', { name: 'Command line' }).locator('code').textContent()).toBe(
      "painting paint --painter 'flowers' --count 1 --seed 7 --truncation 0.5 -- 'a red rose'",
    )
  })
})
