/** A setting that this browser stores; null for none, or where it stores nothing. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null // private windows may forbid storage
  }
}

/** Stores a setting; without storage, it lasts until the page is closed. */
export function writeSetting(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // Private windows may forbid storage.
  }
}
