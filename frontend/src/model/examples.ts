/**
 * The example prompt that the page starts with: the middle one of the painter's list.
 *
 * The list is sorted, so its first entries resemble one another; always taking the same entry keeps the choice free of
 * cherry-picking.
 */
export function defaultExample(prompts: readonly string[]): string | null {
  return prompts[Math.floor(prompts.length / 2)] ?? null
}
