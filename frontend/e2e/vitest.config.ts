import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// These only stop what hangs; they are no performance budgets.
const TEST_TIMEOUT_MS = 180_000
const POLL_TIMEOUT_MS = 60_000

/** Tests of what a server alone does: its errors, its connection, its API. */
const SERVER_SPECS = ['errors', 'network', 'reach', 'appearance', 'transparency']
const onBrowser = process.env['PAGE_ENGINE'] === 'browser'

/** `npm run e2e`, of a server's page, or with PAGE_ENGINE=browser of a static site; with `--mode bench`, the benchmark. */
export default defineConfig(({ mode }) => ({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    environment: 'node',
    include: [mode === 'bench' ? '**/*.bench.ts' : '**/*.spec.ts'],
    exclude: onBrowser ? SERVER_SPECS.map((name) => `${name}.spec.ts`) : ['site.spec.ts'],
    globalSetup: ['globalSetup.ts'],
    // One page at a time, so that tests do not slow one another down.
    fileParallelism: false,
    isolate: false,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    expect: { poll: { timeout: POLL_TIMEOUT_MS, interval: 25 } },
  },
}))
