import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { describe, expect } from 'vitest'
import { STATES } from './states'
import { screenshot, test as base } from './fixtures'
import type { AppPage } from './appPage'

const WIDTHS_PX = [320, 768, 1440]
const COLOUR_SCHEMES = ['light', 'dark'] as const
/** Where axe runs: the narrowest layout for target sizes, and each colour scheme once for contrast. */
const AXE_COMBINATIONS = ['320 light', '1440 dark']
const AXE_PATH = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

declare global {
  interface Window {
    axe: { run: () => Promise<AxeResults> }
  }
}

// Without motion, so that screenshots are stable.
const test = base.extend({ options: { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' as const } })

describe('at three widths, light and dark', () => {
  test.for(STATES)('%s: accessible, without horizontal overflow', async ([name, openState], { app }) => {
    await openState(app)
    await app.page.evaluate(await readFile(AXE_PATH, 'utf8'))
    for (const width of WIDTHS_PX) {
      await app.page.setViewportSize({ width, height: width < 600 ? 700 : 900 })
      for (const colorScheme of COLOUR_SCHEMES) {
        await app.page.emulateMedia({ colorScheme })
        await expect.poll(() => animationCount(app), { message: 'running animations' }).toBe(0)
        await expect.poll(() => overflowWidth(app), { message: `overflow at ${width} px` }).toBe(0)
        await screenshot(app, `${name} ${width} ${colorScheme}`)
        if (AXE_COMBINATIONS.includes(`${width} ${colorScheme}`)) expect(await violations(app), `axe at ${width} px, ${colorScheme}`).toEqual([])
      }
    }
  })
})

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
