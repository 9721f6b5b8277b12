import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { serve, serveSite, type Server } from './servers'

const CHROMIUM_PATH = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What serves the page, by the engine that it paints with: a static site has no headers for threads. */
const SERVERS: Readonly<Record<string, (painters: readonly string[]) => Promise<Server>>> = {
  'server': serve,
  'browser': serveSite,
  'browser-threads': (painters) => serve(painters, 0, { PAINTING_ENGINE: 'browser' }),
}

declare module 'vitest' {
  interface ProvidedContext {
    /** WebSocket endpoint of the browser. */
    browser: string
    /** URL of a page with two painters: flowers, and digits, which takes no prompt. */
    address: string
  }
}

/** Starts one browser and one server for all tests; tests that stop a server start their own. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const server = await SERVERS[process.env['PAGE_ENGINE'] ?? 'server']?.(['flowers', 'digits'])
  if (!server) throw new Error(`PAGE_ENGINE must be one of ${Object.keys(SERVERS).join(', ')}`)
  const browser = await chromium.launchServer({ executablePath: CHROMIUM_PATH, headless: true, args: CHROMIUM_FLAGS })
  project.provide('browser', browser.wsEndpoint())
  project.provide('address', server.address)
  return async () => {
    await browser.close()
    await server.stop()
  }
}
