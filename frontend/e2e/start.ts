import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { serve } from './servers'

const BROWSER = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync']

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser is spoken to. */
    browser: string
    /** Of a server with two painters: flowers, and digits, which takes no words. */
    address: string
  }
}

/** One browser and one server for all tests; those that stop a server start one of their own. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const server = await serve(['flowers', 'digits'])
  const browser = await chromium.launchServer({ executablePath: BROWSER, headless: true, args: FLAGS })
  project.provide('browser', browser.wsEndpoint())
  project.provide('address', server.address)
  return async () => {
    await browser.close()
    await server.stop()
  }
}
