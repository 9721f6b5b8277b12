import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { describe, expect } from 'vitest'
import { STATES } from './states'
import { screenshot, test as base } from './fixtures'
import type { AppPage } from './appPage'

/** The widths in px and the colours of each state's screenshots; every one adds seconds. */
const APPEARANCES = [
  [320, 'light'],
  [320, 'dark'],
  [768, 'light'],
  [768, 'dark'],
  [1280, 'forced'],
  [1440, 'dark'],
  [2560, 'light'],
] as const
/** Where axe runs: the narrowest layout for target sizes, and each colour scheme once for contrast. */
const AXE_APPEARANCES = ['320 light', '1440 dark']
const AXE_PATH = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

declare global {
  interface Window {
    axe: { run: () => Promise<AxeResults> }
  }
}

// Without motion, so that screenshots are stable.
const test = base.extend({ options: { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' as const } })

describe('from phones to large screens, light, dark and in forced colours', () => {
  test.for(STATES)('%s: accessible, without horizontal overflow', async ([name, openState], { app }) => {
    await openState(app)
    await app.page.evaluate(await readFile(AXE_PATH, 'utf8'))
    for (const [width, scheme] of APPEARANCES) {
      const appearance = `${width} ${scheme}`
      await app.page.setViewportSize({ width, height: heightOf(width) })
      await app.page.emulateMedia(scheme === 'forced' ? { forcedColors: 'active' } : { colorScheme: scheme, forcedColors: 'none' })
      await expect.poll(() => animationCount(app), { message: 'running animations' }).toBe(0)
      await expect.poll(() => overflowWidth(app), { message: `overflow at ${width} px` }).toBe(0)
      await screenshot(app, `${name} ${appearance}`)
      if (AXE_APPEARANCES.includes(appearance)) expect(await violations(app), `axe at ${appearance}`).toEqual([])
    }
  })
})

function heightOf(width: number): number {
  if (width < 600) return 700
  return width > 2000 ? 1440 : 900
}

/** In px, beyond the room that is left beside a scroll bar or its gutter (which clientWidth has in it). */
async function overflowWidth({ page }: AppPage): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.getBoundingClientRect().width)
}

async function animationCount({ page }: AppPage): Promise<number> {
  return page.evaluate(() => document.getAnimations().length)
}

/** Axe's violations, one line for each element. */
async function violations({ page }: AppPage): Promise<string[]> {
  const found = await page.evaluate(async () => (await window.axe.run()).violations)
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ html, any }) => `${id}: ${help}: ${html} ${any[0]?.message ?? ''}`))
}
