import { defaultExample } from '../model/examples'
import type { FormState } from './useForm'
import type { Generations } from './useGenerations'
import type { PaintersState } from './usePainters'
import type { SeedsState } from './useSeeds'

const FALLBACK_EXAMPLE = 'a red rose'

export interface GenerateInputs extends Generations {
  readonly form: FormState
  readonly painters: PaintersState
  readonly seeds: SeedsState
  readonly recordPrompt: () => void
}

export interface GenerateActions {
  /** Paints with new seeds, or again with locked ones. */
  generate: () => void
  choosePainter: (name: string) => void
}

/** The actions that paint anew: with new seeds, or with another painter. */
export function useGenerate(inputs: GenerateInputs): GenerateActions {
  const { comparison, form, generation, painters, seeds } = inputs
  const { message, mode, prompt, promptText, takesPrompt } = form

  function examplePrompts(): readonly string[] {
    return painters.painter.value?.examplePrompts ?? []
  }

  function generate(): void {
    if (prompt.value === '') {
      const example = defaultExample(examplePrompts()) ?? FALLBACK_EXAMPLE
      message.value = `The prompt is empty. Try “${example}”.`
      return
    }
    message.value = ''
    seeds.randomize()
    inputs.recordPrompt()
    if (seeds.locked.value || painters.promptOnly.value) generation.retry()
  }

  function choosePainter(name: string): void {
    painters.chosenName.value = name
    generation.data.value = null
    comparison.data.value = null
    if (takesPrompt.value && !examplePrompts().includes(prompt.value ?? '')) {
      promptText.value = defaultExample(examplePrompts()) ?? promptText.value
    }
    if (mode.value === 'variations' || (mode.value === 'compare' && !takesPrompt.value)) mode.value = 'paint'
  }

  return { generate, choosePainter }
}
