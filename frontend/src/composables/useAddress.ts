import { formatLink, type PaintParams } from '../model/link'
import type { PaintersState } from './usePainters'

export interface Address {
  /** The full URL of a link. */
  linkTo: (params: Partial<PaintParams>) => string
  /** Shows a link in the address bar, without a new entry in the browser's history. */
  replaceAddress: (params: Partial<PaintParams>) => void
}

/** The page's links: to copy, and in the address bar. */
export function useAddress({ painter }: PaintersState): Address {
  function linkTo(params: Partial<PaintParams>): string {
    const name = params.painter ?? painter.value?.name ?? null
    return new URL(location.pathname + formatLink({ ...params, painter: name }), location.href).href
  }

  function replaceAddress(params: Partial<PaintParams>): void {
    history.replaceState(null, '', formatLink(params) || '.')
  }

  return { linkTo, replaceAddress }
}
