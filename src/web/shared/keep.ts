/** localStorage that never throws: private windows and full disks must not stop a person from being heard. */

export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(`yihao.${key}`, JSON.stringify(value))
  } catch {
    // Nothing to do: the page works without memory.
  }
}

export function recall<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(`yihao.${key}`)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(`yihao.${key}`)
  } catch {
    // As above.
  }
}
