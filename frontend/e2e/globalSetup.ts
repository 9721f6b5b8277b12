import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { serve } from './servers'

const CHROMIUM_PATH = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

declare module 'vitest' {
  interface ProvidedContext {
    /** WebSocket endpoint of the browser. */
    browser: string
    /** URL of a server with two painters: flowers, and digits, which takes no prompt. */
    address: string
  }
}

/** Starts one browser and one server for all tests; tests that stop a server start their own. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const server = await serve(['flowers', 'digits'])
  const browser = await chromium.launchServer({ executablePath: CHROMIUM_PATH, headless: true, args: CHROMIUM_FLAGS })
  project.provide('browser', browser.wsEndpoint())
  project.provide('address', server.address)
  return async () => {
    await browser.close()
    await server.stop()
  }
}
