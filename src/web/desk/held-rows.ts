/** What must be known of a row to keep it in its place. */
interface Row {
  id: string
}

/** A list that somebody points at: nothing moves in it, and what is new waits to be let in. */
export interface HeldRows<T extends Row> {
  rows: T[]
  /** Ids of rows that belong here no more; they stay until the list is let go. */
  gone: Set<string>
  /** How many new ones wait. */
  waiting: number
}

/**
 * News of a list while it is held: rows that it still has are renewed where they stand, what left stays and is marked, what came is counted.
 * `reach`: how many of the rows the news tell about, from the top.
 */
export function holdRows<T extends Row>(
  before: readonly T[],
  news: readonly T[],
  { isWhole, reach }: { isWhole: boolean; reach: number },
): HeldRows<T> {
  const fresh = new Map(news.map(row => [row.id, row]))
  const known = new Set(before.map(({ id }) => id))
  // Of rows beyond what was asked for nothing is known.
  const mayBeGone = before.filter((_, index) => isWhole || index < reach)
  return {
    rows: before.map(row => fresh.get(row.id) ?? row),
    gone: new Set(mayBeGone.filter(({ id }) => !fresh.has(id)).map(({ id }) => id)),
    waiting: news.filter(({ id }) => !known.has(id)).length,
  }
}
