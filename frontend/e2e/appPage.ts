import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

export const DEFAULT_COUNT = 5

export interface Download {
  readonly name: string
  readonly content: Buffer
}

/** Page object: the page's elements, and what a user does and sees. */
export class AppPage {
  readonly problems: string[] = []
  private allowsFailures = false

  constructor(
    readonly page: Page,
    /** The server's URL, without a trailing slash. */
    public address: string,
  ) {}

  /** Opens the page, optionally with a link's query. */
  async open(query = ''): Promise<void> {
    await this.page.goto(`${this.address}/${query}`)
  }

  /** Opens the page and waits for its example, which could otherwise mix with a prompt that is typed meanwhile. */
  async openReady(): Promise<void> {
    await this.open()
    await this.expectOthersThan([])
  }

  /** From now on, failed requests are expected. */
  allowFailures(): void {
    this.allowsFailures = true
  }

  note(problem: string): void {
    this.problems.push(problem)
  }

  noteStatus(status: number, url: string): void {
    if (status >= 400 && !this.allowsFailures) this.note(`${status} for ${url}`)
  }

  noteRequest(url: string): void {
    const sameOrigin = url.startsWith(`${this.address}/`) || /^(data|blob):/.test(url)
    if (!sameOrigin) this.note(`a request to ${url}`)
  }

  get prompt(): Locator {
    return this.page.getByRole('textbox', { name: 'Prompt', exact: true })
  }

  get grid(): Locator {
    return this.page.getByTestId('pictures')
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  get alert(): Locator {
    return this.page.getByRole('alert')
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  slider(name: string): Locator {
    return this.page.getByRole('slider', { name, exact: true })
  }

  /** Switches the mode. */
  async openMode(mode: 'Paint' | 'Compare' | 'Morph' | 'Learn' | 'Gallery'): Promise<void> {
    const modes = this.page.getByRole('navigation', { name: 'Mode' })
    await modes.getByRole('button', { name: new RegExp(`^${mode}`) }).click()
  }

  /** Waits until the grid holds decoded pictures of a prompt; a digest of each file. */
  async expectPictures(prompt: string, count = DEFAULT_COUNT): Promise<string[]> {
    await expect.poll(() => this.altTexts()).toEqual(Array.from({ length: count }, () => prompt))
    return this.pictures()
  }

  /** Waits until the grid holds other pictures than these, and the last of them has arrived. */
  async expectOthersThan(before: readonly string[]): Promise<string[]> {
    await expect.poll(() => this.pictures()).not.toEqual(before)
    await expect.poll(() => this.grid.getAttribute('aria-busy')).toBe('false')
    return this.pictures()
  }

  async pictures(): Promise<string[]> {
    const files = await this.images().evaluateAll((found) => found.map((image) => (image as HTMLImageElement).src))
    return files.map(digest)
  }

  /** The seeds below the pictures. */
  async seeds(): Promise<number[]> {
    return (await this.grid.getByTitle(/^Seed \d+$/).allTextContents()).map(Number)
  }

  /** Types a prompt key by key. */
  async typePrompt(prompt: string, field = this.prompt): Promise<void> {
    await field.fill('')
    await field.pressSequentially(prompt)
  }

  /** Sets a slider's value. */
  async setSlider(name: string, value: number): Promise<void> {
    await this.slider(name).fill(String(value))
  }

  /** Opens the dialog of a picture, counted from 1. */
  async openPicture(nth: number): Promise<Locator> {
    await this.grid.getByRole('button', { name: new RegExp(`, picture ${nth} of`) }).first().click()
    return this.dialog
  }

  /** Clicks an element that downloads a file. */
  async download(element: Locator): Promise<Download> {
    const [file] = await Promise.all([this.page.waitForEvent('download'), element.click()])
    return { name: file.suggestedFilename(), content: await buffer(await file.createReadStream()) }
  }

  /** Drops a file on the page by the browser's events. */
  async dropFile(file: Buffer, type: string): Promise<void> {
    const dataTransfer = await this.page.evaluateHandle(
      ([base64, mime]) => {
        const transfer = new DataTransfer()
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
        transfer.items.add(new File([bytes], 'dropped', { type: mime }))
        return transfer
      },
      [file.toString('base64'), type] as const,
    )
    const hint = this.page.getByText('Drop a picture or a morph')
    await expect.poll(async () => {
      await this.page.dispatchEvent('body', 'dragover', { dataTransfer })
      return hint.count()
    }).toBe(1)
    await this.page.dispatchEvent('body', 'drop', { dataTransfer })
  }

  /** A strip of the view Learn. */
  strip(title: string): Locator {
    return this.page.getByTestId('learn').getByRole('region', { name: title })
  }

  /** Digests of the pictures of a strip, or of all strips, of the view Learn. */
  async learnPictures(strip: Locator = this.page.getByTestId('learn')): Promise<string[]> {
    const files = await strip.locator('li .crossfade img').evaluateAll((found) => found.map((image) => (image as HTMLImageElement).src))
    return files.map(digest)
  }

  /** A digest of a picture's pixels; pictures count from 1. */
  async pixelDigest(nth: number): Promise<string> {
    const pixels = await this.images().nth(nth - 1).evaluate((image) => {
      const { naturalWidth: width, naturalHeight: height } = image as HTMLImageElement
      const context = new OffscreenCanvas(width, height).getContext('2d')
      context?.drawImage(image as HTMLImageElement, 0, 0)
      return `${width} px: ${context?.getImageData(0, 0, width, height).data.join(' ')}`
    })
    return digest(pixels)
  }

  /** A digest of what a canvas shows. */
  async canvasDigest(canvas: Locator): Promise<string> {
    return digest(await canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL()))
  }

  private images(): Locator {
    return this.grid.getByRole('img')
  }

  /** The prompts in the alt texts of the pictures; empty for one that is not decoded. */
  private async altTexts(): Promise<string[]> {
    return this.images().evaluateAll((found) => {
      return (found as HTMLImageElement[]).map((image) => (image.naturalWidth > 0 && image.complete ? image.alt.replace(/, picture .*/, '') : ''))
    })
  }
}

/** A short hash, readable in the message of a failed test. */
function digest(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12)
}
