/**
 * Drives the page on a real server as a person would, and keeps screenshots.
 *
 *   node e2e/page.mjs SCREENSHOT_FOLDER COMMAND… — the command that serves, without its --port
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'

const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium'
const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const WIDTHS = [320, 800, 1400]
const [folder, ...command] = process.argv.slice(2)
const servers = []

async function serve(port) {
  const [program, ...parameters] = command
  const server = spawn(program, [...parameters, '--port', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
  servers.push(server)
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /http:\/\/\S+/.exec(line)
    if (address) return { server, address: address[0] }
  }
  throw new Error('the server ended before it said where it listens')
}

async function stop(server) {
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  const [code] = await ended
  assert.equal(code, 0, 'the server leaves with exit code 0')
}

/** Wait until five pictures of a prompt are there and decoded, and give their seeds. */
async function picturesOf(page, prompt) {
  await page.getByRole('status').filter({ hasText: `of “${prompt}”` }).waitFor({ state: 'attached' })
  const images = page.getByRole('img', { name: prompt, exact: true })
  assert.equal(await images.count(), 5)
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0))
  const sources = await images.evaluateAll((found) => found.map((image) => image.src))
  assert.equal(new Set(sources).size, 5, 'five different pictures')
  return page.locator('figcaption').allInnerTexts()
}

async function screenshots(page, name) {
  for (const width of WIDTHS) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: width < 600 ? 700 : 900 })
      await page.emulateMedia({ colorScheme })
      await page.waitForTimeout(500) // pictures fade in
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(wide <= width, `nothing sticks out at ${width} px, but it is ${wide} px wide`)
      await page.screenshot({ path: path.join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true })
    }
  }
  await page.setViewportSize({ width: 1400, height: 900 })
}

async function drive(page, started) {
  const prompt = page.getByRole('textbox', { name: 'What shall be painted?' })
  await page.goto(started.address)
  assert.equal(await page.title(), 'Painting with Neural Nets')
  await page.getByRole('img').first().waitFor() // an example is painted at once

  await prompt.fill('a yellow flower')
  await page.getByRole('button', { name: 'Generate' }).click()
  const seeds = await picturesOf(page, 'a yellow flower')
  assert.equal(new Set(seeds).size, 5, 'each picture tells its own seed')
  await screenshots(page, 'paintings')

  await prompt.focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction((old) => document.querySelector('figcaption')?.textContent !== old, seeds[0])
  assert.notDeepEqual(await picturesOf(page, 'a yellow flower'), seeds, 'Enter paints with other seeds')

  const example = page.getByRole('region', { name: 'Try' }).getByRole('button').last()
  const words = await example.innerText()
  await example.click()
  await picturesOf(page, words)
  assert.equal(await prompt.inputValue(), words)

  await prompt.fill('   ')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: /prompt/i }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0)
  await screenshots(page, 'refused')

  await stop(started.server)
  await prompt.fill('a red flower')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: 'The server does not answer' }).waitFor()
  await screenshots(page, 'gone')

  const again = await serve(new URL(started.address).port)
  await page.getByRole('button', { name: 'Try again' }).click()
  await picturesOf(page, 'a red flower')
  await stop(again.server)
}

await mkdir(folder, { recursive: true })
const started = await serve(0)
const browser = await chromium.launch({ executablePath: BROWSER, headless: true, args: BROWSER_FLAGS })
const complaints = []
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // The browser itself notes every failed request, and two of ours are meant to fail.
    if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  await drive(page, started)
  assert.deepEqual(complaints, [], 'the page complains about nothing')
} finally {
  await browser.close()
  for (const server of servers) server.kill('SIGKILL')
}
console.log('the page works')
