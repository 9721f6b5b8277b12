import { describe, expect } from 'vitest'
import { test } from './fixtures'
import { DEFAULT_COUNT } from './appPage'

const ROSE = 'a red rose'

describe('painting during typing', () => {
  test('an example is painted at once, and the header names the page and the painter', async ({ app }) => {
    await app.open()
    await expect.poll(() => app.prompt.inputValue()).not.toBe('')
    const pictures = await app.expectPictures(await app.prompt.inputValue())
    expect(new Set(pictures).size, 'different pictures').toBe(DEFAULT_COUNT)
    expect(await app.page.title()).toBe(`${await app.prompt.inputValue()} · Painting with Neural Nets`)
    expect(await app.page.getByRole('banner').innerText()).toContain('A small neural network paints as you type.')
    expect(await app.button('flowers').count()).toBe(1)
  })

  test('the seeds stay while the prompt changes', async ({ app }) => {
    await app.openReady()
    await app.typePrompt('a yellow tulip')
    const tulips = await app.expectPictures('a yellow tulip')
    const seeds = await app.seeds()
    await app.typePrompt(ROSE)
    const roses = await app.expectPictures(ROSE)
    expect(new Set([...tulips, ...roses]).size).toBe(2 * DEFAULT_COUNT)
    expect(await app.seeds()).toEqual(seeds)
    await app.page.getByRole('status').filter({ hasText: '5 pictures of “a red rose”.' }).waitFor({ state: 'attached' })
    await app.typePrompt('  a   yellow tulip ')
    expect(await app.expectPictures('a yellow tulip')).toEqual(tulips)
  })

  test('Paint others and Enter paint the same prompt with new seeds', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    const first = await app.expectPictures(ROSE)
    const seeds = await app.seeds()
    await app.button('Paint others').click()
    const second = await app.expectOthersThan(first)
    expect(await app.seeds()).not.toEqual(seeds)
    await app.prompt.press('Enter')
    const third = await app.expectOthersThan(second)
    expect(await app.expectPictures(ROSE)).toEqual(third)
    expect(new Set([...first, ...second, ...third]).size).toBe(3 * DEFAULT_COUNT)
  })

  test('an example is painted on a click', async ({ app }) => {
    await app.open()
    const example = app.page.getByRole('region', { name: 'Try' }).getByRole('button').nth(2)
    const prompt = await example.innerText()
    await example.click()
    await app.expectPictures(prompt)
    expect(await app.prompt.inputValue()).toBe(prompt)
  })

  test('an empty prompt is reported', async ({ app }) => {
    await app.open()
    const example = await app.expectOthersThan([])
    await app.typePrompt('   ')
    await app.prompt.press('Enter')
    await app.alert.filter({ hasText: 'The prompt is empty' }).waitFor()
    expect(await app.pictures()).toEqual(example)
    await app.typePrompt(ROSE)
    await app.expectPictures(ROSE)
    await expect.poll(() => app.alert.count()).toBe(0)
  })

  test('prompts are plain text, in any script', async ({ app }) => {
    await app.open()
    for (const prompt of ['<img src=x onerror=alert(1)> & "50 %"', '한국 장미 🌹', 'ورد أحمر']) {
      await app.prompt.fill(prompt)
      await app.expectPictures(prompt)
    }
  })

  test('an invalid link does no harm', async ({ app }) => {
    await app.open('?prompt=%3Cscript%3E&painter=&subseed=1&subseed_strength=99&more=1')
    await app.expectOthersThan([])
    await app.typePrompt(ROSE)
    await app.expectPictures(ROSE)
  })
})

describe('settings', () => {
  test('one to sixteen pictures fit, and nothing around them shifts', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    const five = await app.expectPictures(ROSE)
    const boxes = async (): Promise<unknown> => [await app.prompt.boundingBox(), await app.slider('Truncation').boundingBox()]
    const before = await boxes()
    await app.setSlider('Pictures', 16)
    const sixteen = await app.expectPictures(ROSE, 16)
    expect(sixteen.slice(0, DEFAULT_COUNT)).toEqual(five)
    expect(new Set(sixteen).size).toBe(16)
    expect(await boxes()).toEqual(before)
    await app.setSlider('Pictures', 1)
    expect(await app.expectPictures(ROSE, 1)).toEqual(five.slice(0, 1))
    expect(await boxes()).toEqual(before)
  })

  test('truncation changes the pictures of the same seeds', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    const full = await app.expectPictures(ROSE)
    const seeds = await app.seeds()
    await app.setSlider('Truncation', 0.3)
    await app.expectOthersThan(full)
    expect(await app.seeds()).toEqual(seeds)
    await app.setSlider('Truncation', 1)
    await expect.poll(() => app.pictures()).toEqual(full)
  })

  test('a valid seed is painted, an invalid one is marked and reset', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    await app.expectPictures(ROSE)
    const seed = app.page.getByRole('textbox', { name: 'Seed' })
    await seed.fill('4294967295')
    await expect.poll(() => app.seeds()).toEqual([4294967295, 0, 1, 2, 3])
    await seed.fill('4294967296')
    expect(await seed.getAttribute('aria-invalid')).toBe('true')
    await seed.blur()
    expect(await seed.inputValue()).toBe('4294967295')
  })
})

describe('painters', () => {
  test('another painter is chosen in the dialog; digits takes no prompt', async ({ app }) => {
    await app.openReady()
    await app.typePrompt(ROSE)
    await app.expectPictures(ROSE)
    await app.button('flowers').click()
    expect(await app.dialog.innerText()).toMatch(/Limitations/)
    await app.dialog.getByRole('radio', { name: 'digits' }).check()
    const samples = app.dialog.getByRole('img', { name: 'Samples of digits' })
    await expect.poll(() => samples.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)
    await app.dialog.getByRole('button', { name: 'Paint with digits' }).click()
    const digits = await app.expectPictures('A painting')
    expect(await app.prompt.count()).toBe(0)
    expect(await app.button('Compare').count()).toBe(0)
    await app.button('Paint others').click()
    const others = await app.expectOthersThan(digits)
    expect(new Set([...digits, ...others]).size).toBe(2 * DEFAULT_COUNT)
  })
})
