import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

export const USUAL_COUNT = 5

export interface Downloaded {
  readonly name: string
  readonly content: Buffer
}

/** Somebody before the page: where things are, what can be done, and what can be seen of it. */
export class Visitor {
  readonly complaints: string[] = []
  private expectsFaults = false

  constructor(
    readonly page: Page,
    /** Of the server, without a slash at its end. */
    public address: string,
  ) {}

  /** Open the page, with the query of a link or without. */
  async open(query = ''): Promise<void> {
    await this.page.goto(`${this.address}/${query}`)
  }

  /** Open the page and wait for the example that it paints, which would mix with words that are typed meanwhile. */
  async begin(): Promise<void> {
    await this.open()
    await this.seesOthersThan([])
  }

  /** From now on requests may fail, since that is what is tested. */
  expectFaults(): void {
    this.expectsFaults = true
  }

  note(complaint: string): void {
    this.complaints.push(complaint)
  }

  noteStatus(status: number, address: string): void {
    if (status >= 400 && !this.expectsFaults) this.note(`${status} for ${address}`)
  }

  noteRequest(address: string): void {
    const within = address.startsWith(`${this.address}/`) || /^(data|blob):/.test(address)
    if (!within) this.note(`a request to ${address}`)
  }

  get prompt(): Locator {
    return this.page.getByRole('textbox', { name: 'What shall be painted?' })
  }

  get wall(): Locator {
    return this.page.getByTestId('wall')
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  get trouble(): Locator {
    return this.page.getByRole('alert')
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  slider(name: string): Locator {
    return this.page.getByRole('slider', { name, exact: true })
  }

  /** Go to another way of working. */
  async goTo(way: 'Paint' | 'Compare' | 'Morph' | 'Kept'): Promise<void> {
    const ways = this.page.getByRole('navigation', { name: 'What to do' })
    await ways.getByRole('button', { name: new RegExp(`^${way}`) }).click()
  }

  /** Wait until the wall holds pictures of a prompt, all of them decoded; what tells each file from others. */
  async seesPictures(prompt: string, count = USUAL_COUNT): Promise<string[]> {
    await expect.poll(() => this.namesOfPictures()).toEqual(Array.from({ length: count }, () => prompt))
    return this.pictures()
  }

  /** Wait until the wall holds other pictures than those. */
  async seesOthersThan(before: readonly string[]): Promise<string[]> {
    await expect.poll(() => this.pictures()).not.toEqual(before)
    return this.pictures()
  }

  async pictures(): Promise<string[]> {
    const files = await this.images().evaluateAll((found) => found.map((image) => (image as HTMLImageElement).src))
    return files.map(digest)
  }

  /** The seeds that are told below the pictures. */
  async seeds(): Promise<number[]> {
    return (await this.wall.getByTitle(/^Seed \d+$/).allTextContents()).map(Number)
  }

  /** Type into a line as people do: a key after the other. */
  async types(words: string, line = this.prompt): Promise<void> {
    await line.fill('')
    await line.pressSequentially(words)
  }

  /** Move a slider to a value. */
  async slides(name: string, value: number): Promise<void> {
    await this.slider(name).fill(String(value))
  }

  /** Open the dialog of a picture, counted from 1. */
  async opensPicture(nth: number): Promise<Locator> {
    await this.button(`More about picture ${nth}`).click()
    return this.dialog
  }

  /** Press what gives a file. */
  async downloads(press: Locator): Promise<Downloaded> {
    const [file] = await Promise.all([this.page.waitForEvent('download'), press.click()])
    return { name: file.suggestedFilename(), content: await buffer(await file.createReadStream()) }
  }

  /** What tells the pixels of a picture, counted from 1, from others. */
  async pixelsOf(nth: number): Promise<string> {
    const pixels = await this.images().nth(nth - 1).evaluate((image) => {
      const { naturalWidth: width, naturalHeight: height } = image as HTMLImageElement
      const context = new OffscreenCanvas(width, height).getContext('2d')
      context?.drawImage(image as HTMLImageElement, 0, 0)
      return `${width} px: ${context?.getImageData(0, 0, width, height).data.join(' ')}`
    })
    return digest(pixels)
  }

  /** What tells that which a canvas shows from others. */
  async drawn(canvas: Locator): Promise<string> {
    return digest(await canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL()))
  }

  private images(): Locator {
    return this.wall.getByRole('img')
  }

  /** Their alternative texts; nothing for one that is not decoded. */
  private async namesOfPictures(): Promise<string[]> {
    return this.images().evaluateAll((found) => {
      return (found as HTMLImageElement[]).map((image) => (image.naturalWidth > 0 && image.complete ? image.alt : ''))
    })
  }
}

/** Short, so that a test which fails can tell it. */
function digest(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12)
}
