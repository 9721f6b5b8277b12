/**
 * The prompt that a page begins with: always the same one of a painter, from the middle of its list.
 *
 * Painters list their examples by name, so that the first ones all begin with the same letters, and none of them was put
 * there because it shows best what the painter does.
 */
export function firstExample(prompts: readonly string[]): string | null {
  return prompts[Math.floor(prompts.length / 2)] ?? null
}
