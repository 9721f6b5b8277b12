import { firstExample } from '../model/examples'
import { withFirstSeed } from '../model/grid'
import { DEFAULT_LEARN, withVariation } from '../model/learn'
import { randomSeed } from '../model/seeds'
import { recipeOnScreen, secondPromptOnScreen, type View } from '../model/view'
import type { FormState } from './useForm'
import type { Generations } from './useGenerations'
import type { Navigation } from './useNavigation'
import type { PaintersState } from './usePainters'

const FALLBACK_EXAMPLE = 'a red rose'
const HELD_MESSAGE = 'The seeds are held, so these are the same pictures. Release “Hold seeds” for others.'

export interface GenerateInputs extends Pick<Generations, 'generation'> {
  readonly form: FormState
  readonly navigation: Navigation
  readonly painters: PaintersState
  readonly record: () => void
}

export interface GenerateActions {
  /** Paints with new seeds, or again with held ones; other variations, where these are shown. */
  generate: () => void
  choosePainter: (name: string) => void
  choosePrompt: (prompt: string) => void
}

/** The actions that paint anew, each in a new entry of the browser's history. */
export function useGenerate(inputs: GenerateInputs): GenerateActions {
  const { form, generation, navigation, painters, record } = inputs
  const { message, recipe } = form
  const { show, view } = navigation

  function examplesOf(name: string | null): readonly string[] {
    return painters.painters.value.find((painter) => painter.name === name)?.examplePrompts ?? []
  }

  function generate(): void {
    if (recipe.value.prompt === '') {
      const example = firstExample(painters.painter.value?.examplePrompts ?? []) ?? FALLBACK_EXAMPLE
      message.value = `The prompt is empty. Try “${example}”.`
      return
    }
    message.value = ''
    if (view.value.mode === 'morph') return
    record()
    const { grid, mode } = view.value
    const isHeld = mode !== 'variations' && grid.locked
    if (isHeld) message.value = HELD_MESSAGE
    if (!isHeld && !painters.promptOnly.value) show(withOthers(view.value))
    else if (mode !== 'learn') generation.retry()
  }

  /** Replaces the examples of other painters; the user's own words stay. */
  function wordsFor(name: string, prompt: string | null): string | null {
    const isExample = painters.painters.value.some(({ examplePrompts }) => examplePrompts.includes(prompt ?? ''))
    return (prompt && !isExample) || examplesOf(name).includes(prompt ?? '') ? prompt : null
  }

  function choosePainter(name: string): void {
    record()
    const { grid, mode } = view.value
    const { prompt } = recipeOnScreen(view.value)
    const chosen = wordsFor(name, prompt) ?? firstExample(examplesOf(name)) ?? prompt
    const second = wordsFor(name, secondPromptOnScreen(view.value)) ?? examplesOf(name).find((example) => example !== chosen)
    const isConditional = painters.painters.value.find((painter) => painter.name === name)?.takesPrompt ?? true
    show({
      mode: mode === 'variations' ? 'paint' : mode,
      grid: { ...grid, recipe: { ...grid.recipe, painter: name, prompt: chosen } },
      secondPrompt: isConditional ? (second ?? '') : '',
      center: null,
      morph: null,
      learn: DEFAULT_LEARN,
    })
  }

  function choosePrompt(prompt: string): void {
    record()
    const { grid } = view.value
    show({ ...view.value, grid: { ...grid, recipe: { ...grid.recipe, prompt } } })
  }

  return { generate, choosePainter, choosePrompt }
}

/** Other seeds of the grid, or another subseed of the variations. */
function withOthers(view: View): View {
  const variation = view.center?.variation
  if (view.mode !== 'variations' || !view.center || !variation) {
    return { ...view, grid: withFirstSeed(view.grid, randomSeed()), learn: withVariation(view.learn, null) }
  }
  return { ...view, center: { ...view.center, variation: { ...variation, subseed: randomSeed() } } }
}
