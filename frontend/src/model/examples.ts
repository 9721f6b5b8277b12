/** The example that the page starts with: a painter's list begins with what it paints best. */
export function firstExample(prompts: readonly string[]): string | null {
  return prompts[0] ?? null
}

/** The examples to show: of each kind the first one, then the others, all in their order; without kinds the first ones. */
export function shownExamples(prompts: readonly string[], kinds: readonly string[], count: number): string[] {
  const shown = new Set<string>()
  const first = prompts.filter((prompt) => {
    const kind = kinds.find((name) => prompt.toLowerCase().includes(name.toLowerCase()))
    return kind !== undefined && !shown.has(kind) && shown.add(kind)
  })
  return [...new Set([...first, ...prompts])].slice(0, count)
}
