const NAME = 'painting.key'

let key: string | null = null

/** What a request says of who asks, where the server lets only those paint who have a key. */
export function keyHeaders(): Record<string, string> {
  key ??= stored()
  return key === '' ? {} : { 'X-API-Key': key }
}

/** Use a key from now on, until the tab is closed. */
export function useKey(given: string): void {
  key = given.trim()
  try {
    sessionStorage.setItem(NAME, key)
  } catch {
    // Then it holds until the page is left.
  }
}

function stored(): string {
  try {
    return sessionStorage.getItem(NAME) ?? ''
  } catch {
    return ''
  }
}
