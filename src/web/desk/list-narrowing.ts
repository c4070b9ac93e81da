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

/** What the pairs of an address narrow the list to; null when they are only those of the list's `own` filter, or a name of nothing. */
export function narrowingIn(
  pairs: Readonly<Record<string, string>>,
  own: readonly string[],
): Narrowing | null {
  const { what, ...query } = pairs
  const names = Object.keys(query)
  const isNarrowed = what !== undefined || names.some(name => !own.includes(name))
  return isNarrowed && names.length > 0 ? { query, what: what ?? '' } : null
}

/** What the server is asked: names for the reader are not among it. */
export function askedOf({ query: { place: _, ...asked } }: Narrowing): ListQuery {
  return asked
}
