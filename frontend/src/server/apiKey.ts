const STORAGE_KEY = 'painting.api-key'

let apiKey: string | null = null

/** The authentication headers of a request; none without an API key. */
export function authHeaders(): Record<string, string> {
  apiKey ??= storedKey()
  return apiKey === '' ? {} : { 'X-API-Key': apiKey }
}

/** Sets the API key of all further requests, until the tab is closed. */
export function setApiKey(key: string): void {
  apiKey = key.trim()
  try {
    sessionStorage.setItem(STORAGE_KEY, apiKey)
  } catch {
    // Without storage, it lasts until the page is closed.
  }
}

function storedKey(): string {
  try {
    return sessionStorage.getItem(STORAGE_KEY) ?? ''
  } catch {
    return ''
  }
}
