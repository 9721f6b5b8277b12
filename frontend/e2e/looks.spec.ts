import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { describe, expect } from 'vitest'
import { STATES } from './states'
import { picture, test as base } from './visit'
import type { Visitor } from './visitor'

const WIDTHS = [320, 768, 1440]
const COLOURS = ['light', 'dark'] as const
/** The narrowest for what is small or out of place, and each colour once for contrast. */
const AXE_AT = ['320 light', '1440 dark']
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

declare global {
  interface Window {
    axe: { run: () => Promise<AxeResults> }
  }
}

// Nothing moves, so that what is seen is what stays.
const test = base.extend({ options: { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' as const } })

describe('at three widths, dark and light', () => {
  test.for(STATES)('%s: nobody is left out, and nothing sticks out', async ([name, arrive], { visitor }) => {
    await arrive(visitor)
    await visitor.page.evaluate(await readFile(AXE, 'utf8'))
    for (const width of WIDTHS) {
      await visitor.page.setViewportSize({ width, height: width < 600 ? 700 : 900 })
      for (const colorScheme of COLOURS) {
        await visitor.page.emulateMedia({ colorScheme })
        await expect.poll(() => moving(visitor), { message: 'what still moves' }).toBe(0)
        await expect.poll(() => widthOfAll(visitor), { message: `px of all that is on ${width} px` }).toBe(width)
        await picture(visitor, `${name} ${width} ${colorScheme}`)
        if (AXE_AT.includes(`${width} ${colorScheme}`)) expect(await violations(visitor), `axe at ${width} px, ${colorScheme}`).toEqual([])
      }
    }
  })
})

async function widthOfAll({ page }: Visitor): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth)
}

async function moving({ page }: Visitor): Promise<number> {
  return page.evaluate(() => document.getAnimations().length)
}

/** What axe finds, a line for each place. */
async function violations({ page }: Visitor): Promise<string[]> {
  const found = await page.evaluate(async () => (await window.axe.run()).violations)
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ html, any }) => `${id}: ${help}: ${html} ${any[0]?.message ?? ''}`))
}
