import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const LONGEST_MS = 180_000 // bounds for what hangs, never a measure
const SEEN_WITHIN_MS = 60_000

/** `npm run e2e`, or with `--mode pace` how long things take. */
export default defineConfig(({ mode }) => ({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    environment: 'node',
    include: [mode === 'pace' ? '**/*.pace.ts' : '**/*.spec.ts'],
    globalSetup: ['start.ts'],
    // One browser, one page at a time: tests are about the page, not about a crowded machine.
    fileParallelism: false,
    isolate: false,
    testTimeout: LONGEST_MS,
    hookTimeout: LONGEST_MS,
    expect: { poll: { timeout: SEEN_WITHIN_MS, interval: 25 } },
  },
}))
