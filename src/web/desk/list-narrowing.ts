import { t, textOrNull } from '../shared/texts.ts'
import type { Reference } from './desk-api.ts'
import type { ListQuery } from './overview-api.ts'

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

/** The same in words: `已超期 · 李石街道`. */
export function narrowingText({ what, query }: Narrowing, { departments }: Reference): string {
  const nameOf = (id: string) => departments.find(each => each.id === id)?.name ?? id
  const parts = [
    textOrNull(what),
    query.returnedBy && query.passedTo
      ? `${nameOf(query.returnedBy)} → ${query.passedTo === 'nobody' ? t('overview.nobody') : nameOf(query.passedTo)}`
      : null,
    query.order && query.order !== 'any' ? t(`overview.level.${query.order}`) : null,
    query.order && query.order !== 'any' && query.orderIs ? t(`overview.order.${query.orderIs}`) : null,
    query.place ?? null,
    query.department ? nameOf(query.department) : null,
  ]
  return parts.filter(part => part).join(' · ')
}

/** What the server is asked: names for the reader are not among it. */
export function askedOf({ query: { place: _, ...asked } }: Narrowing): ListQuery {
  return asked
}
