import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { authHeaders } from '../server/apiKey'

/** The address of an image that is requested with the server's key, which an `<img>` would not send; null until it is there. */
export function useImageFile(url: Readonly<Ref<string | null>>): Ref<string | null> {
  const address = ref<string | null>(null)
  let controller: AbortController | null = null

  function release(): void {
    controller?.abort()
    if (address.value !== null) URL.revokeObjectURL(address.value)
    address.value = null
  }

  async function load(wanted: string, { signal }: AbortController): Promise<void> {
    const response = await fetch(wanted, { signal, headers: authHeaders() })
    const file = await response.blob()
    if (response.ok && !signal.aborted) address.value = URL.createObjectURL(file)
  }

  watch(url, (wanted) => {
    release()
    controller = new AbortController()
    if (wanted !== null) void load(wanted, controller).catch(() => null) // the page that it illustrates does without
  }, { immediate: true })
  onScopeDispose(release)
  return address
}
