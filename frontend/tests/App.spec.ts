import 'fake-indexeddb/auto'
import { mount, type DOMWrapper, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import App from '../src/App.vue'
import { dataUrlBytes } from '../src/media/files'
import { seedAfter } from '../src/model/seeds'
import { setApiKey } from '../src/server/apiKey'
import { FILES, pngWithText } from './media/files'
import { settle } from './scope'
import { refusal, paintings, painters, PNG, serve, serveAll, unplug, type Answer } from './fakeServer'

let page: VueWrapper

beforeEach(() => void vi.useFakeTimers())

afterEach(() => {
  page.unmount()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  history.replaceState(null, '', '/')
})

async function open(query = ''): Promise<void> {
  history.replaceState(null, '', `/${query}`)
  page = mount(App, { attachTo: document.body })
  await settle(100)
}

async function type(prompt: string): Promise<void> {
  await page.get('input[enterkeyhint=go]').setValue(prompt)
  await settle(100)
}

async function generate(): Promise<void> {
  await page.get('form').trigger('submit')
  await settle(100)
}

async function press(name: string): Promise<void> {
  const found = page.findAll('button').find((button) => [button.text(), button.attributes('aria-label')].includes(name))
  if (!found) throw new Error(`there is no button ${name}`)
  await found.trigger('click')
  await settle(100)
}

async function openPicture(nth: number): Promise<void> {
  await page.findAll('[data-testid=pictures] .open')[nth - 1]?.trigger('click')
  await settle(100)
}

/** Drops a file on the page; jsdom's own files cannot be read. */
function drop(content: Uint8Array<ArrayBuffer>): void {
  const file = { size: content.length, arrayBuffer: () => Promise.resolve(content.buffer) }
  window.dispatchEvent(Object.assign(new Event('drop'), { dataTransfer: { files: [file], types: ['Files'] } }))
}

function alts(): (string | undefined)[] {
  return page.findAll('[data-testid=pictures] img').map((image) => image.attributes('alt')?.replace(/, picture \d+ of \d+$/, ''))
}

function texts(selector: string): string[] {
  return page.findAll(selector).map((element) => element.text())
}

function sliderOf(name: string): DOMWrapper<HTMLInputElement> | undefined {
  return page.findAll<HTMLInputElement>('input[type=range]').find(({ element }) => element.labels?.[0]?.textContent === name)
}

function variations(): (string | undefined)[] {
  return page.findAll('[data-testid=variations] .open').map((button) => button.attributes('aria-label'))
}

/** Requests, with those of a grid's first picture and of the others as one. */
function joined(requests: readonly string[]): string[] {
  return requests.reduce<string[]>((found, request) => {
    const first = request.replace(/count=\d+/, 'count=1').replace(/&seed=(\d+)/, (_, seed) => `&seed=${seedAfter(Number(seed), -1)}`)
    const place = found.lastIndexOf(first)
    const whole = first.replace('count=1', `count=${1 + Number(seedsOf([request], 'count')[0])}`)
    return place < 0 ? [...found, request] : found.with(place, whole)
  }, [])
}

/** The seed, or another parameter, of each request. */
function seedsOf(requests: readonly string[], name = 'seed'): (string | null)[] {
  return requests.map((url) => new URL(url, 'http://server/').searchParams.get(name))
}

describe('the page', () => {
  it('paints the first example at once, with a seed for each picture', async () => {
    const requests = serveAll('flowers')
    await open()
    expect(requests[0]).toBe('/v1/painters')
    expect(joined(requests)[1]).toMatch(/^\/\?count=5&input=a\+blue\+flowers&seed=\d+$/)
    expect(alts()).toEqual(Array(5).fill('a blue flowers'))
    expect(page.get('h1').text()).toBe('Painting with Neural Nets')
  })

  it('inserts no example once typing has begun', async () => {
    let answer: (response: Answer) => void = () => undefined
    const slow = new Promise<Answer>((resolve) => (answer = resolve))
    serve((url) => (url.pathname === '/' ? paintings(url) : slow))
    await open()
    await type('r')
    await type('')
    answer(painters('flowers'))
    await settle(100)
    expect(page.get<HTMLInputElement>('input[enterkeyhint=go]').element.value).toBe('')
    await type('ros')
    expect(alts()).toEqual(Array(5).fill('ros'))
  })

  it('paints during typing, and keeps the seeds', async () => {
    const requests = serveAll('flowers')
    await open()
    await type('a blue iris')
    expect(alts()).toEqual(Array(5).fill('a blue iris'))
    const [first, second] = seedsOf(joined(requests).slice(1))
    expect(second).toBe(first)
  })

  it('sends nothing for an equal or an empty prompt', async () => {
    const requests = serveAll('flowers')
    await open()
    await type('  a blue   flowers ')
    await type('   ')
    expect(joined(requests).length).toBe(2)
  })

  it('draws new seeds on Paint others, except for a pinned picture', async () => {
    const requests = serveAll('flowers')
    await open('?prompt=a+rose&seed=100')
    await press('Pin picture 2')
    await generate()
    const [first, pinned, rest] = seedsOf(requests.slice(-3))
    expect(pinned).toBe('101')
    expect([first, rest]).not.toContain('100')
    expect(Number(rest)).toBe((Number(first) + 2) % 2 ** 32)
  })

  it('repeats locked seeds on Paint others', async () => {
    const requests = serveAll('flowers')
    await open('?prompt=a+rose&seed=100')
    await press('Hold seeds')
    await generate()
    expect(seedsOf(joined(requests)).filter((seed) => seed !== null)).toEqual(['100', '100'])
  })

  it('paints two prompts with the same seeds', async () => {
    const requests = serveAll('flowers')
    await open('?prompt=a+rose&seed=100')
    await press('Compare')
    expect(joined(requests).at(-1)).toBe('/?count=5&input=a+blue+flowers&seed=100')
    expect(alts().slice(0, 2)).toEqual(['a rose', 'a blue flowers'])
  })

  it('paints a link before the painters are loaded', async () => {
    const requests = serve((url) => (url.pathname === '/' ? paintings(url) : new Promise<Answer>(() => undefined)))
    await open('?prompt=a+lily&seed=7&painter=flowers&count=2&truncation=0.5')
    expect(joined(requests)).toContain('/?count=2&input=a+lily&seed=7&truncation=0.5&model=flowers')
    expect(alts()).toEqual(['a lily', 'a lily'])
  })

  it('reports an empty prompt, and sends nothing', async () => {
    const requests = serveAll('flowers')
    await open()
    await type('')
    await generate()
    expect(texts('[role=alert]')[0]).toMatch(/^The prompt is empty. Try “a blue flowers”\.$/)
    expect(joined(requests).length).toBe(2)
  })

  it('keeps its pictures when the server fails, and recovers', async () => {
    serveAll('flowers')
    await open()
    unplug()
    await type('a rose')
    expect(texts('[role=alert]')).toEqual(['The server is not responding. Is it running?'])
    expect(alts()).toEqual(Array(5).fill('a blue flowers'))
    serveAll('flowers')
    await press('Try again')
    expect(alts()).toEqual(Array(5).fill('a rose'))
    expect(texts('[role=alert]')).toEqual([])
  })

  it('shows when a busy server is retried', async () => {
    serve((url) => (url.pathname === '/' ? refusal(503, 'busy', { 'Retry-After': '9' }) : painters('flowers')))
    await open()
    expect(texts('.message p')).toEqual(['Busy. Retrying in 9 s.'])
  })

  it('sends no prompt to a painter that takes none', async () => {
    const requests = serveAll('digits')
    await open()
    expect(page.find('input[enterkeyhint=go]').exists()).toBe(false)
    expect(joined(requests)[1]).toMatch(/^\/\?count=5&seed=\d+$/)
    expect(alts()).toEqual(Array(5).fill('A painting'))
  })

  it('works with a server that has only the plain route', async () => {
    const requests = serve((url) => {
      return url.pathname === '/' ? { body: { images: [`${PNG}1`, `${PNG}2`] } } : { status: 404, body: {} }
    })
    await open()
    await type('rose')
    expect(requests.at(-1)).toBe('/?count=5&input=rose')
    expect(alts()).toEqual(['rose', 'rose'])
    expect(texts('nav button')).toEqual(['Paint', 'Gallery'])
    await generate()
    expect(requests.slice(-2)).toEqual(['/?count=5&input=rose', '/?count=5&input=rose'])
  })

  it('saves a picture, and shows it in the gallery', async () => {
    serveAll('flowers')
    await open('?prompt=a+kept+rose&seed=3')
    await press('Keep picture 1')
    await press('Gallery 1')
    expect(page.findAll('.pictures img').map((image) => image.attributes('alt'))).toEqual(['a kept rose, seed 3'])
  })

  it('lists what was painted in this visit, and paints it again', async () => {
    const requests = serveAll('flowers')
    await open('?prompt=a+rose&seed=100&painter=flowers')
    await generate()
    expect(page.find('.visit').text()).toBe('Painted')
    await press('a rose, seed 100')
    expect(joined(requests).at(-1)).toBe('/?count=5&input=a+rose&seed=100&model=flowers')
    expect(location.search).toBe('?prompt=a+rose&seed=100&painter=flowers')
  })

  it('changes the painter, and paints its first example', async () => {
    const requests = serveAll('flowers', 'shapes')
    await open()
    await press('flowers')
    await page.get('input[value=shapes]').setValue()
    await press('Paint with shapes')
    expect(joined(requests).at(-1)).toMatch(/^\/\?count=5&input=a\+blue\+shapes&seed=\d+&model=shapes$/)
  })

  it('shows a painter’s training and limits before its figures', async () => {
    const card = {
      data: { pictures: 7, description: 'Trained on photographs of garden flowers.' },
      limits: ['Hands come out badly.', 'It has seen no trees.'],
      figures: [{ id: 'label_accuracy', name: 'label accuracy', value: 0.9, split: 'test', extractor: 'a probe', protocol: 'By a linear probe.' }],
    }
    const requests = serve((url) => {
      if (url.pathname === '/v1/painters/flowers') return { body: { name: 'flowers', card } }
      return url.pathname === '/' ? paintings(url) : painters('flowers')
    })
    await open('?prompt=a+rose')
    expect(requests).not.toContain('/v1/painters/flowers')
    await press('flowers')
    const text = page.get('dialog').text()
    const order = ['Trained on photographs of garden flowers.', 'Hands come out badly.', 'It has seen no trees.', 'label accuracy']
    const positions = order.map((sentence) => text.indexOf(sentence))
    expect(positions).not.toContain(-1)
    expect(positions).toEqual([...positions].sort((one, other) => one - other))
    expect(text).not.toContain('Source')
    await press('Show all metrics')
    expect(page.get('.protocol').text()).toBe('By a linear probe.')
    expect(page.get('dialog').text()).toContain('label accuracy, test, extractor a probe')
  })

  it('asks for an API key if the server requires one, and sends it from then on', async () => {
    const keys: (string | null)[] = []
    serve((url, init) => {
      const key = new Headers(init.headers).get('X-API-Key')
      keys.push(key)
      if (key !== 'open sesame') return refusal(401, 'this server wants a key')
      return url.pathname === '/' ? paintings(url) : painters('flowers')
    })
    await open()
    await page.get('input[type=password]').setValue('open sesame')
    await page.get('.message form').trigger('submit')
    await settle(100)
    expect(keys.at(-1)).toBe('open sesame')
    expect(alts()).toEqual(Array(5).fill('a blue flowers'))
    setApiKey('')
  })

  it('repaints a dropped picture', async () => {
    const requests = serveAll('flowers')
    await open()
    drop(dataUrlBytes(`data:,${FILES.plain}`))
    await settle(100)
    expect(joined(requests).at(-1)).toBe('/?count=5&input=a+red+rose&seed=7&truncation=0.5&model=flowers')
  })

  it('sends a strength to a painter that takes one, and offers a slider for it', async () => {
    const requests = serveAll('flowers', 'bold')
    await open('?prompt=a+rose&seed=7&painter=bold&strength=0.5&count=1')
    expect(requests.filter((path) => path !== '/v1/painters').at(-1)).toBe('/?count=1&input=a+rose&seed=7&strength=0.5&model=bold')
    const slider = sliderOf('Strength')
    expect(slider?.element.value).toBe('0.5')
    await slider?.setValue('1.25')
    await settle(100)
    expect(requests.at(-1)).toBe('/?count=1&input=a+rose&seed=7&strength=1.25&model=bold')
    await vi.advanceTimersByTimeAsync(2000)
    expect(location.search).toBe('?prompt=a+rose&seed=7&painter=bold&strength=1.25&count=1')
    await openPicture(1)
    expect(page.get('dl').text()).toContain('Strength1.25')
  })

  it('sends no strength to a painter that takes none', async () => {
    const requests = serveAll('flowers', 'bold')
    await open('?prompt=a+rose&seed=7&painter=bold&strength=0.5')
    await press('bold')
    await page.get('input[value=flowers]').setValue()
    await press('Paint with flowers')
    expect(sliderOf('Strength')).toBeUndefined()
    expect(joined(requests).at(-1)).toMatch(/^\/\?count=5&input=[^&]+&seed=7&model=flowers$/)
  })

  it('shows variations of a picture, and repaints them as the strength changes', async () => {
    const requests = serveAll('flowers')
    await open('?prompt=a+rose&seed=100')
    await openPicture(2)
    await press('More like this')
    const [original, varied] = requests.slice(-2)
    expect(original).toBe('/?count=1&input=a+rose&seed=101&model=flowers')
    expect(varied).toMatch(/^\/\?count=6&input=a\+rose&seed=101&subseed=\d+&subseed_strength=0\.25&model=flowers$/)
    expect(variations()).toEqual(['Open a rose', ...[1, 2, 3, 4, 5, 6].map((index) => `Open a rose, variation ${index} at strength 0.25`)])
    await sliderOf('Variation strength')?.setValue('0.6')
    await settle(100)
    expect(requests.slice(-2)).toEqual([varied, varied?.replace('0.25', '0.6')])
    await press('New variations')
    expect(requests.at(-1)).toMatch(/^\/\?count=6&input=a\+rose&seed=101&subseed=\d+&subseed_strength=0\.6&model=flowers$/)
    expect(new Set(seedsOf(requests.slice(-2), 'subseed')).size).toBe(2)
  })

  it.each([
    ['a link', () => open('?prompt=a+rose&seed=7&painter=flowers&subseed=101&subseed_strength=0.123')],
    ['a dropped file', async () => {
      await open()
      drop(pngWithText({ prompt: 'a rose', seed: '7', painter: 'flowers', subseed: '101', subseed_strength: '0.123' }))
      await settle(100)
    }],
  ])('restores a variation from %s', async (_, restore) => {
    const requests = serveAll('flowers')
    await restore()
    expect(requests).toContain('/?count=6&input=a+rose&seed=7&subseed=101&subseed_strength=0.123&model=flowers')
    await press('Open a rose, variation 1 at strength 0.123')
    expect(texts('dd')).toEqual(['7', '101', '0.123', 'flowers', '64 × 64 px', '1'])
  })

  it('learns what a strength and a seed change, and goes on from a choice', async () => {
    const requests = serveAll('bold')
    await open('?prompt=a+rose&seed=7&painter=bold')
    await press('Learn')
    expect(texts('[data-testid=learn] h2')).toEqual([
      'If the prompt were another', 'If the words counted less, or more', 'If the seed were another', 'What the painter reads',
    ])
    await press('Strength 0.5')
    expect(requests).toContain('/?count=1&input=a+rose&seed=7&strength=0.5&model=bold')
    await press('Seed 7, 25% towards 9')
    await press('a white rose')
    await vi.advanceTimersByTimeAsync(300)
    expect(location.search).toBe('?prompt=a+white+rose&seed=7&painter=bold&strength=0.5&subseed=9&subseed_strength=0.25&view=learn')
    expect(page.findAll('[data-testid=learn] [aria-current]').map((step) => step.text())).toEqual(['a white rose', '0.5', '25% towards 9'])
    await press('Open a white rose')
    expect(texts('dd').slice(0, 3)).toEqual(['7', '9', '0.25'])
  })

  it('shows no variations if the server has none', async () => {
    serve((url) => (url.pathname === '/' ? { body: { images: [`${PNG}1`] } } : { status: 404, body: {} }))
    await open('?prompt=a+rose&seed=7&subseed=101&subseed_strength=0.2')
    expect(page.find('[data-testid=variations]').exists()).toBe(false)
    expect(alts()).toEqual(['a rose'])
    await openPicture(1)
    expect(texts('.actions button')).toEqual(['Keep', 'Download PNG'])
  })

  it('reports a dropped file without parameters', async () => {
    serveAll('flowers')
    await open()
    drop(new Uint8Array(7))
    await settle(100)
    expect(texts('[role=alert]')).toEqual(['This file contains no prompt or seed.'])
  })
})
