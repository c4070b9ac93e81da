import type { ListQuery } from './overview-shapes.ts'

/** What a number of another page opens: the cases that it counts, and what it is called. */
export interface Narrowing {
  query: ListQuery
  /** Key of its name. */
  what: string
}

/** Address of the list of cases behind a number. */
export function listAddress(what: string, query: ListQuery): string {
  return `#/?${new URLSearchParams({ what, ...query })}`
}

/** What the list is narrowed to; null when it shows what its own filter says. */
export function narrowingOfHash(hash: string): Narrowing | null {
  const search = /^#\/(?:cases\/[\w-]+)?\?(.+)$/.exec(hash)?.[1]
  if (!search) return null
  const { what = '', ...query } = Object.fromEntries(new URLSearchParams(search))
  return Object.keys(query).length > 0 ? { query, what } : null
}

/** What the server is asked: names for the reader are not among it. */
export function askedOf({ query: { place: _, ...asked } }: Narrowing): ListQuery {
  return asked
}
