import 'fake-indexeddb/auto'
import { mount, type DOMWrapper, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import App from '../src/App.vue'
import { bytesOf } from '../src/media/files'
import { useKey } from '../src/server/key'
import { FILES, told } from './media/files'
import { settle } from './scope'
import { refusal, paintings, painters, PNG, serve, serveAll, unplug, type Answer } from './server'

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

async function type(words: string): Promise<void> {
  await page.get('input[enterkeyhint=go]').setValue(words)
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

/** Drop a file on the page; jsdom's own files cannot be read. */
function drop(content: Uint8Array<ArrayBuffer>): void {
  const file = { size: content.length, arrayBuffer: () => Promise.resolve(content.buffer) }
  window.dispatchEvent(Object.assign(new Event('drop'), { dataTransfer: { files: [file], types: ['Files'] } }))
}

function alts(): (string | undefined)[] {
  return page.findAll('[data-testid=wall] img').map((image) => image.attributes('alt'))
}

function texts(selector: string): string[] {
  return page.findAll(selector).map((element) => element.text())
}

function slideOf(name: string): DOMWrapper<HTMLInputElement> | undefined {
  return page.findAll<HTMLInputElement>('input[type=range]').find(({ element }) => element.labels?.[0]?.textContent === name)
}

function neighbours(): (string | undefined)[] {
  return page.findAll('[data-testid=near] button').map((button) => button.attributes('aria-label'))
}

/** Of each picture that was asked for: the seed. */
function seedsOf(asked: readonly string[], name = 'seed'): (string | null)[] {
  return asked.map((address) => new URL(address, 'http://server/').searchParams.get(name))
}

describe('the page', () => {
  it('paints the middle one of its examples at once, with a seed for each picture', async () => {
    const asked = serveAll('flowers')
    await open()
    expect(asked[0]).toBe('/v1/painters')
    expect(asked[1]).toMatch(/^\/\?count=5&input=a\+red\+flowers&seed=\d+$/)
    expect(alts()).toEqual(Array(5).fill('a red flowers'))
    expect(page.get('h1').text()).toBe('Painting with Neural Nets')
  })

  it('puts no example between the letters of somebody who is faster than the server', async () => {
    let answer: (told: Answer) => void = () => undefined
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

  it('paints while somebody types, and keeps the seeds', async () => {
    const asked = serveAll('flowers')
    await open()
    await type('a blue iris')
    expect(alts()).toEqual(Array(5).fill('a blue iris'))
    const [first, second] = seedsOf(asked.slice(1))
    expect(second).toBe(first)
  })

  it('asks for nothing when words come to the same, or are no words', async () => {
    const asked = serveAll('flowers')
    await open()
    await type('  a red   flowers ')
    await type('   ')
    expect(asked.length).toBe(2)
  })

  it('paints with other seeds on Generate, but for a picture that is pinned', async () => {
    const asked = serveAll('flowers')
    await open('?prompt=a+rose&seed=100')
    await press('Pin picture 2')
    await generate()
    const [first, pinned, rest] = seedsOf(asked.slice(-3))
    expect(pinned).toBe('101')
    expect([first, rest]).not.toContain('100')
    expect(Number(rest)).toBe((Number(first) + 2) % 2 ** 32)
  })

  it('paints the same seeds again when they are locked', async () => {
    const asked = serveAll('flowers')
    await open('?prompt=a+rose&seed=100')
    await press('Keep seeds')
    await generate()
    expect(seedsOf(asked).filter((seed) => seed !== null)).toEqual(['100', '100'])
  })

  it('paints two prompts with the same seeds', async () => {
    const asked = serveAll('flowers')
    await open('?prompt=a+rose&seed=100')
    await press('Compare')
    expect(asked.at(-1)).toBe('/?count=5&input=a+blue+flowers&seed=100')
    expect(alts().slice(0, 2)).toEqual(['a rose', 'a blue flowers'])
  })

  it('paints what a link says, before it is told who paints', async () => {
    const asked = serve((url) => (url.pathname === '/' ? paintings(url) : new Promise<Answer>(() => undefined)))
    await open('?prompt=a+lily&seed=7&painter=flowers&count=2&truncation=0.5')
    expect(asked).toContain('/?count=2&input=a+lily&seed=7&truncation=0.5&model=flowers')
    expect(alts()).toEqual(['a lily', 'a lily'])
  })

  it('says that there are no words, and asks for none', async () => {
    const asked = serveAll('flowers')
    await open()
    await type('')
    await generate()
    expect(texts('[role=alert]')[0]).toMatch(/^The prompt is empty: say what to paint, for example “a red flowers”/)
    expect(asked.length).toBe(2)
  })

  it('keeps its pictures when the server goes, and finds it again', async () => {
    serveAll('flowers')
    await open()
    unplug()
    await type('a rose')
    expect(texts('[role=alert]')).toEqual(['The server does not answer. Is it still running?'])
    expect(alts()).toEqual(Array(5).fill('a red flowers'))
    serveAll('flowers')
    await press('Try again')
    expect(alts()).toEqual(Array(5).fill('a rose'))
    expect(texts('[role=alert]')).toEqual([])
  })

  it('tells when a busy server is asked again', async () => {
    serve((url) => (url.pathname === '/' ? refusal(503, 'busy', { 'Retry-After': '9' }) : painters('flowers')))
    await open()
    expect(texts('.notice p')).toEqual(['Busy. Asking again in 9 s.'])
  })

  it('asks a painter that takes no words for pictures alone', async () => {
    const asked = serveAll('digits')
    await open()
    expect(page.find('input[enterkeyhint=go]').exists()).toBe(false)
    expect(asked[1]).toMatch(/^\/\?count=5&seed=\d+$/)
    expect(alts()).toEqual(Array(5).fill('A painting'))
  })

  it('works on a server that has nothing but the plain route', async () => {
    const asked = serve((url) => {
      return url.pathname === '/' ? { body: { images: [`${PNG}1`, `${PNG}2`] } } : { status: 404, body: {} }
    })
    await open()
    await type('rose')
    expect(asked.at(-1)).toBe('/?count=5&input=rose')
    expect(alts()).toEqual(['rose', 'rose'])
    expect(texts('nav button')).toEqual(['Paint', 'Kept'])
    await generate()
    expect(asked.slice(-2)).toEqual(['/?count=5&input=rose', '/?count=5&input=rose'])
  })

  it('keeps a picture, and shows it in the gallery', async () => {
    serveAll('flowers')
    await open('?prompt=a+kept+rose&seed=3')
    await press('Keep picture 1')
    await press('Kept 1')
    expect(page.findAll('.gallery img').map((image) => image.attributes('alt'))).toEqual(['a kept rose'])
  })

  it('changes the painter, and paints its first example', async () => {
    const asked = serveAll('flowers', 'shapes')
    await open()
    await press('flowers')
    await page.get('input[value=shapes]').setValue()
    await press('Paint with shapes')
    expect(asked.at(-1)).toMatch(/^\/\?count=5&input=a\+red\+shapes&seed=\d+&model=shapes$/)
  })

  it('says of a painter what it was trained on and what it does badly, before its figures', async () => {
    const card = {
      data: { pictures: 7, description: 'Trained on photographs of garden flowers.' },
      limits: ['Hands come out badly.', 'It has seen no trees.'],
      figures: [{ name: 'read back', value: 0.9, split: 'test', extractor: 'a judge', protocol: 'Asked of a judge.' }],
    }
    serve((url) => (url.pathname === '/' ? paintings(url) : { body: { painters: [{ name: 'flowers', card }] } }))
    await open('?prompt=a+rose')
    await press('flowers')
    const told = page.get('dialog').text()
    const order = ['Trained on photographs of garden flowers.', 'Hands come out badly.', 'It has seen no trees.', 'read back']
    const places = order.map((sentence) => told.indexOf(sentence))
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((one, other) => one - other))
    expect(told).not.toContain('They are')
    await press('All figures, and how they were measured')
    expect(page.get('.protocol').text()).toBe('Asked of a judge.')
    expect(page.get('dialog').text()).toContain('read back, test, seen by a judge')
  })

  it('asks for a key where the server does, and sends it from then on', async () => {
    const keys: (string | null)[] = []
    serve((url, init) => {
      const key = new Headers(init.headers).get('X-API-Key')
      keys.push(key)
      if (key !== 'open sesame') return refusal(401, 'this server wants a key')
      return url.pathname === '/' ? paintings(url) : painters('flowers')
    })
    await open()
    await page.get('input[type=password]').setValue('open sesame')
    await page.get('.notice form').trigger('submit')
    await settle(100)
    expect(keys.at(-1)).toBe('open sesame')
    expect(alts()).toEqual(Array(5).fill('a red flowers'))
    useKey('')
  })

  it('paints what a dropped picture was painted from', async () => {
    const asked = serveAll('flowers')
    await open()
    drop(bytesOf(`data:,${FILES.plain}`))
    await settle(100)
    expect(asked.at(-1)).toBe('/?count=5&input=a+red+rose&seed=7&truncation=0.5&model=flowers')
  })

  it('asks a painter for a strength that it can be told, and lets somebody choose it', async () => {
    const asked = serveAll('flowers', 'bold')
    await open('?prompt=a+rose&seed=7&painter=bold&strength=0.5&count=1')
    expect(asked.filter((path) => path !== '/v1/painters').at(-1)).toBe('/?count=1&input=a+rose&seed=7&strength=0.5&model=bold')
    const slider = slideOf('Strength')
    expect(slider?.element.value).toBe('0.5')
    await slider?.setValue('1.25')
    await settle(100)
    expect(asked.at(-1)).toBe('/?count=1&input=a+rose&seed=7&strength=1.25&model=bold')
    await vi.advanceTimersByTimeAsync(2000)
    expect(location.search).toBe('?prompt=a+rose&seed=7&painter=bold&count=1&strength=1.25')
    await press('More about picture 1')
    expect(page.get('dl').text()).toContain('strength1.25')
  })

  it('says nothing of a strength to a painter that can be told none', async () => {
    const asked = serveAll('flowers', 'bold')
    await open('?prompt=a+rose&seed=7&painter=bold&strength=0.5')
    await press('bold')
    await page.get('input[value=flowers]').setValue()
    await press('Paint with flowers')
    expect(slideOf('Strength')).toBeUndefined()
    expect(asked.at(-1)).toMatch(/^\/\?count=5&input=[^&]+&seed=7&model=flowers$/)
  })

  it('shows what lies around a picture, and paints it anew as the distance changes', async () => {
    const asked = serveAll('flowers')
    await open('?prompt=a+rose&seed=100')
    await press('More about picture 2')
    await press('More like this')
    const [itself, around] = asked.slice(-2)
    expect(itself).toBe('/?count=1&input=a+rose&seed=101')
    expect(around).toMatch(/^\/\?count=6&input=a\+rose&seed=101&subseed=\d+&subseed_strength=0\.25$/)
    expect(neighbours()).toEqual(['Open a rose', ...[1, 2, 3, 4, 5, 6].map((way) => `Open a rose, 0.25 of the way in direction ${way}`)])
    await slideOf('How far')?.setValue('0.6')
    await settle(100)
    expect(asked.slice(-2)).toEqual([around, around?.replace('0.25', '0.6')])
    await press('Other directions')
    expect(asked.at(-1)).toMatch(/^\/\?count=6&input=a\+rose&seed=101&subseed=\d+&subseed_strength=0\.6$/)
    expect(new Set(seedsOf(asked.slice(-2), 'subseed')).size).toBe(2)
  })

  it.each([
    ['a link', () => open('?prompt=a+rose&seed=7&painter=flowers&subseed=101&subseed_strength=0.123')],
    ['a dropped file', async () => {
      await open()
      drop(told({ prompt: 'a rose', seed: '7', painter: 'flowers', subseed: '101', subseed_strength: '0.123' }))
      await settle(100)
    }],
  ])('comes back to a neighbour by %s', async (_, come) => {
    const asked = serveAll('flowers')
    await come()
    expect(asked).toContain('/?count=6&input=a+rose&seed=7&subseed=101&subseed_strength=0.123&model=flowers')
    await press('Open a rose, 0.123 of the way in direction 1')
    expect(texts('dd')).toEqual(['7', '101', '0.123', 'flowers'])
  })

  it('looks for no neighbours where the server knows none', async () => {
    serve((url) => (url.pathname === '/' ? { body: { images: [`${PNG}1`] } } : { status: 404, body: {} }))
    await open('?prompt=a+rose&seed=7&subseed=101&subseed_strength=0.2')
    expect(page.find('[data-testid=near]').exists()).toBe(false)
    expect(alts()).toEqual(['a rose'])
    await press('More about picture 1')
    expect(texts('.deeds button')).toEqual(['Keep', 'Download PNG'])
  })

  it('says of a dropped file that it knows nothing of it', async () => {
    serveAll('flowers')
    await open()
    drop(new Uint8Array(7))
    await settle(100)
    expect(texts('[role=alert]')).toEqual(['This file does not say what it was painted from.'])
  })
})
