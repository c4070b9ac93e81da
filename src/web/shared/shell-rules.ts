/** What the page itself is made of, listed when it is built. */
export interface Shell {
  /** Changes with any file of it. */
  version: string
  /** Addresses of pages. */
  pages: string[]
  /** Addresses of all that they load; hashed, so that what is once fetched never changes. */
  assets: string[]
}

/** `page`: ask the network, and without one show what is kept; `asset`: what is kept is as good; null: never touched. */
export type Handling = { as: 'page'; path: string } | { as: 'asset' } | null

/**
 * What the worker does with a request: only what the shell consists of is ever kept. Interfaces, files that people sent, other pages and
 * other hosts go by as if there were no worker.
 */
export function handlingOf(
  { method, mode, url }: Pick<Request, 'method' | 'mode' | 'url'>,
  origin: string,
  shell: Pick<Shell, 'pages' | 'assets'>,
): Handling {
  const address = new URL(url)
  if (method !== 'GET' || address.origin !== origin) return null
  if (mode === 'navigate') {
    const path = address.pathname === '/' ? '/' : address.pathname.replace(/\/$/, '')
    return shell.pages.includes(path) ? { as: 'page', path } : null
  }
  // Also what an older page of ours still loads.
  return shell.assets.includes(address.pathname) || address.pathname.startsWith('/assets/')
    ? { as: 'asset' }
    : null
}

const PREFIX = 'shell-'
export const cacheName = ({ version }: Pick<Shell, 'version'>) => `${PREFIX}${version}`

/** Of the caches that there are, in order of their making, those that no page needs: one before stays for pages that are still open. */
export function outdatedCaches(names: readonly string[], current: string): string[] {
  const older = names.filter(name => name.startsWith(PREFIX) && name !== current)
  return older.slice(0, -1)
}
