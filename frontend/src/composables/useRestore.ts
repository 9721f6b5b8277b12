import { paramsFromPng } from '../media/pngParams'
import type { PaintParams } from '../model/link'
import { DEFAULT_OPTIONS } from '../model/paintOptions'
import type { Picture } from '../model/picture'
import { randomSeed } from '../model/seeds'
import { variationCenterOf, type FormState } from './useForm'
import type { PaintersState } from './usePainters'
import type { SeedsState } from './useSeeds'

const DEFAULT_VARIATION_STRENGTH = 0.25
const MAX_FILE_BYTES = 32 * 1024 * 1024

export interface RestoreActions {
  /** Fills the form with a picture's parameters, which paints it again. */
  restore: (params: Partial<PaintParams>) => void
  /** Restores the parameters in a PNG's text chunks. */
  restoreFile: (file: File) => Promise<void>
  showVariations: (picture: Picture) => void
}

/** The actions that return to a picture: from the gallery, the history or a file. */
export function useRestore(form: FormState, painters: PaintersState, seeds: SeedsState): RestoreActions {
  const { chosenOptions, message, mode, promptText, variationCenter } = form

  function restore(params: Partial<PaintParams>): void {
    const isKnown = painters.painters.value.some(({ name }) => name === params.painter)
    if (params.painter && isKnown) painters.chosenName.value = params.painter
    if (params.prompt != null) promptText.value = params.prompt
    if (params.seed != null) seeds.startFrom(params.seed)
    chosenOptions.value = params.options ?? DEFAULT_OPTIONS
    variationCenter.value = variationCenterOf(params)
    mode.value = variationCenter.value && !painters.promptOnly.value ? 'variations' : 'paint'
    const warning = params.painter && !isKnown ? `The painter “${params.painter}” is not available; using another one.` : ''
    void Promise.resolve().then(() => (message.value = warning)) // after the watcher of the prompt has cleared it
  }

  async function restoreFile(file: File): Promise<void> {
    const bytes = file.size > MAX_FILE_BYTES ? null : await file.arrayBuffer().catch(() => null)
    const params = bytes && paramsFromPng(new Uint8Array(bytes))
    if (params) restore(params)
    else message.value = 'This file contains no prompt or seed.'
  }

  function showVariations({ prompt, seed }: Picture): void {
    if (seed === null) return
    if (prompt !== null) promptText.value = prompt
    variationCenter.value = { seed, variation: { subseed: randomSeed(), strength: DEFAULT_VARIATION_STRENGTH } }
    mode.value = 'variations'
  }

  return { restore, restoreFile, showVariations }
}
