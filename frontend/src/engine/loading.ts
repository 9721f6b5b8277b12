import { shallowRef } from 'vue'
import type { Loading } from '../browser/messages'

/** What the browser's own engine is loading; null for nothing. */
export const loading = shallowRef<Loading | null>(null)
