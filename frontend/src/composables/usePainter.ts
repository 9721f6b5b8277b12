import { fetchPainter, type PainterFacts } from '../api'
import { useRequest, type RequestState } from './useRequest'

/** What the server's painter is called and can be asked for. */
export function usePainter(): RequestState<[], PainterFacts> {
  return useRequest(fetchPainter)
}
