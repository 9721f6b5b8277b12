import { createApp, nextTick, type App as VueApp } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import App from '../src/App.vue'
import { painter, paintings, refusal, serve, unplug, type Answer } from './server'

let app: VueApp | null = null

/** Open the page on a server that paints with `answer`. */
async function open(about: Answer, answer: (prompt: string | null) => Answer | Promise<Answer>): Promise<string[]> {
  const asked = serve((url) => (url.pathname === '/' ? answer(url.searchParams.get('input')) : about))
  await mount()
  return asked
}

async function mount(): Promise<void> {
  document.body.innerHTML = '<div id="app"></div>'
  app = createApp(App)
  app.mount('#app')
  await settle()
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve))
  await nextTick()
}

async function generate(prompt: string): Promise<void> {
  const input = find<HTMLInputElement>('#prompt')
  input.value = prompt
  input.dispatchEvent(new Event('input'))
  find('form').dispatchEvent(new Event('submit', { cancelable: true }))
  await settle()
}

function find<Found extends Element = HTMLElement>(selector: string): Found {
  const found = document.querySelector<Found>(selector)
  if (!found) throw new Error(`no ${selector}`)
  return found
}

function texts(selector: string): string[] {
  return [...document.querySelectorAll(selector)].map((element) => element.textContent?.trim() ?? '')
}

afterEach(() => {
  app?.unmount()
  vi.unstubAllGlobals()
})

describe('the page', () => {
  it('paints its first example at once', async () => {
    const asked = await open(painter('flowers', true, ['a red rose', 'an iris']), paintings)
    expect(asked).toEqual(['/v1/painters', '/?count=5&input=a+red+rose'])
    expect(find<HTMLInputElement>('#prompt').value).toBe('a red rose')
    expect(texts('.examples button')).toEqual(['a red rose', 'an iris'])
  })

  it('shows five pictures, each with the prompt as its text and its own seed, and who painted', async () => {
    await open(painter(), paintings)
    await generate('a blue iris')
    const images = [...document.querySelectorAll('img')]
    expect(images.map(({ alt }) => alt)).toEqual(Array(5).fill('a blue iris'))
    expect(texts('figcaption')).toEqual(['seed 7', 'seed 8', 'seed 9', 'seed 10', 'seed 11'])
    expect(texts('.painter')).toEqual(['Painted by flowers'])
    expect(texts('[role=status]')).toEqual(['5 pictures of “a blue iris”.'])
  })

  it('says that it paints while it does', async () => {
    await open(painter(), () => new Promise(() => undefined))
    await generate('a blue iris')
    expect(texts('[role=status]')).toEqual(['Painting…'])
    expect(find('form').classList).toContain('busy')
  })

  it('paints an example that is chosen', async () => {
    const asked = await open(painter('flowers', true, ['a red rose', 'an iris']), paintings)
    document.querySelectorAll<HTMLButtonElement>('.examples button')[1]?.click()
    await settle()
    expect(asked.at(-1)).toBe('/?count=5&input=an+iris')
    expect(find<HTMLInputElement>('#prompt').value).toBe('an iris')
  })

  it('shows why a prompt is refused, and offers no second try', async () => {
    await open(painter(), () => refusal(400, 'the prompt is empty'))
    await generate('  ')
    expect(texts('[role=alert]')).toEqual(['The prompt is empty.'])
    expect(texts('.notice button')).toEqual([])
  })

  it('keeps its pictures when the server goes, and tries again', async () => {
    await open(painter(), paintings)
    await generate('a blue iris')
    unplug()
    await generate('a rose')
    expect(texts('[role=alert]')).toEqual(['The server does not answer. Is it still running?'])
    expect(document.querySelectorAll('img').length).toBe(5)
    serve(() => paintings('a rose'))
    find('.notice button').click()
    await settle()
    expect(texts('[role=status]')).toEqual(['5 pictures of “a rose”.'])
    expect(texts('[role=alert]')).toEqual([])
  })

  it('tells when a busy server is asked again', async () => {
    await open(painter(), () => refusal(503, 'busy', { 'Retry-After': '9' }))
    await generate('a rose')
    expect(texts('.notice p')).toEqual(['The server is busy. Asking again in 9 s.'])
  })

  it('asks a painter that takes no words for pictures alone', async () => {
    const asked = await open(painter('digits', false), () => paintings(null))
    expect(document.querySelector('#prompt')).toBeNull()
    expect(asked.at(-1)).toBe('/?count=5')
    expect(find<HTMLImageElement>('img').alt).toBe('A painting')
  })

  it('works on a server that has nothing but the plain route', async () => {
    await open({ status: 404, body: {} }, (prompt) => ({ body: { images: [`iVBORw0KGgo${prompt}`] } }))
    await generate('rose')
    expect(document.querySelectorAll('img').length).toBe(1)
    expect(texts('figcaption')).toEqual([])
    expect(texts('[role=status]')).toEqual(['One picture of “rose”.'])
  })
})
