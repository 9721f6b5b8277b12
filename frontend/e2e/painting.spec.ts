import { describe, expect } from 'vitest'
import { test } from './visit'
import { USUAL_COUNT } from './visitor'

const ROSE = 'a red rose'

describe('painting as one types', () => {
  test('an example is painted at once, and the page says what it is and who paints', async ({ visitor }) => {
    await visitor.open()
    await expect.poll(() => visitor.prompt.inputValue()).not.toBe('')
    const pictures = await visitor.seesPictures(await visitor.prompt.inputValue())
    expect(new Set(pictures).size, 'different pictures').toBe(USUAL_COUNT)
    expect(await visitor.page.title()).toBe('Painting with Neural Nets')
    expect(await visitor.page.getByRole('banner').innerText()).toContain('A small neural network paints as you type.')
    expect(await visitor.button('flowers').count()).toBe(1)
  })

  test('pictures follow the words and nothing else: the seeds stay', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types('a yellow tulip')
    const tulips = await visitor.seesPictures('a yellow tulip')
    const seeds = await visitor.seeds()
    await visitor.types(ROSE)
    const roses = await visitor.seesPictures(ROSE)
    expect(new Set([...tulips, ...roses]).size).toBe(2 * USUAL_COUNT)
    expect(await visitor.seeds()).toEqual(seeds)
    await visitor.page.getByRole('status').filter({ hasText: '5 pictures of “a red rose”.' }).waitFor({ state: 'attached' })
    await visitor.types('  a   yellow tulip ')
    expect(await visitor.seesPictures('a yellow tulip')).toEqual(tulips)
  })

  test('Generate and Enter paint the same words with other seeds', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    const first = await visitor.seesPictures(ROSE)
    const seeds = await visitor.seeds()
    await visitor.button('Generate').click()
    const second = await visitor.seesOthersThan(first)
    expect(await visitor.seeds()).not.toEqual(seeds)
    await visitor.prompt.press('Enter')
    const third = await visitor.seesOthersThan(second)
    expect(await visitor.seesPictures(ROSE)).toEqual(third)
    expect(new Set([...first, ...second, ...third]).size).toBe(3 * USUAL_COUNT)
  })

  test('an example is painted at a click', async ({ visitor }) => {
    await visitor.open()
    const example = visitor.page.getByRole('region', { name: 'Try' }).getByRole('button').nth(2)
    const words = await example.innerText()
    await example.click()
    await visitor.seesPictures(words)
    expect(await visitor.prompt.inputValue()).toBe(words)
  })

  test('where there are no words, they are asked for', async ({ visitor }) => {
    await visitor.open()
    const example = await visitor.seesOthersThan([])
    await visitor.types('   ')
    await visitor.prompt.press('Enter')
    await visitor.trouble.filter({ hasText: 'The prompt is empty' }).waitFor()
    expect(await visitor.pictures()).toEqual(example)
    await visitor.types(ROSE)
    await visitor.seesPictures(ROSE)
    await expect.poll(() => visitor.trouble.count()).toBe(0)
  })

  test('words are words, whatever they hold', async ({ visitor }) => {
    await visitor.open()
    for (const words of ['<img src=x onerror=alert(1)> & "50 %"', '한국 장미 🌹', 'ورد أحمر']) {
      await visitor.prompt.fill(words)
      await visitor.seesPictures(words)
    }
  })

  test('a link that makes no sense does no harm', async ({ visitor }) => {
    await visitor.open('?prompt=%3Cscript%3E&painter=&subseed=1&subseed_strength=99&more=1')
    await visitor.seesOthersThan([])
    await visitor.types(ROSE)
    await visitor.seesPictures(ROSE)
  })
})

describe('what can be set', () => {
  test('one to sixteen pictures, and nothing around them is pushed about', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    const five = await visitor.seesPictures(ROSE)
    const places = async (): Promise<unknown> => [await visitor.prompt.boundingBox(), await visitor.slider('Truncation').boundingBox()]
    const before = await places()
    await visitor.slides('Pictures', 16)
    const sixteen = await visitor.seesPictures(ROSE, 16)
    expect(sixteen.slice(0, USUAL_COUNT)).toEqual(five)
    expect(new Set(sixteen).size).toBe(16)
    expect(await places()).toEqual(before)
    await visitor.slides('Pictures', 1)
    expect(await visitor.seesPictures(ROSE, 1)).toEqual(five.slice(0, 1))
    expect(await places()).toEqual(before)
  })

  test('truncation paints the same seeds more alike', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    const free = await visitor.seesPictures(ROSE)
    const seeds = await visitor.seeds()
    await visitor.slides('Truncation', 0.3)
    await visitor.seesOthersThan(free)
    expect(await visitor.seeds()).toEqual(seeds)
    await visitor.slides('Truncation', 1)
    await expect.poll(() => visitor.pictures()).toEqual(free)
  })

  test('a seed that is typed is painted; what is none is not', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    await visitor.seesPictures(ROSE)
    const seed = visitor.page.getByRole('textbox', { name: 'Seed' })
    await seed.fill('4294967295')
    await expect.poll(() => visitor.seeds()).toEqual([4294967295, 0, 1, 2, 3])
    await seed.fill('4294967296')
    expect(await seed.getAttribute('aria-invalid')).toBe('true')
    await seed.blur()
    expect(await seed.inputValue()).toBe('4294967295')
  })
})

describe('painters', () => {
  test('one is chosen by its card and samples; digits need no words', async ({ visitor }) => {
    await visitor.begin()
    await visitor.types(ROSE)
    await visitor.seesPictures(ROSE)
    await visitor.button('flowers').click()
    expect(await visitor.dialog.innerText()).toMatch(/What it cannot/)
    await visitor.dialog.getByRole('radio', { name: 'digits' }).check()
    const samples = visitor.dialog.getByRole('img', { name: 'Samples of digits' })
    await expect.poll(() => samples.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)
    await visitor.dialog.getByRole('button', { name: 'Paint with digits' }).click()
    const digits = await visitor.seesPictures('A painting')
    expect(await visitor.prompt.count()).toBe(0)
    expect(await visitor.button('Compare').count()).toBe(0)
    await visitor.button('Generate').click()
    const others = await visitor.seesOthersThan(digits)
    expect(new Set([...digits, ...others]).size).toBe(2 * USUAL_COUNT)
  })
})
