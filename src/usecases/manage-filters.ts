import { AppError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { SavedFilter } from './handler-ports.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'

/** More than these nobody finds again. */
export const MOST_FILTERS = 20

/** A filter as its account sees it. */
export type OwnFilter = Pick<SavedFilter, 'id' | 'name' | 'filter'> & { isShared: boolean; isOwn: boolean }

/** An account's filters and those that its department shares; the centre is one department. */
export async function listFilters({ store }: Line, account: Account): Promise<OwnFilter[]> {
  const saved = await store.filters.list(account.id, shareOf(account))
  return saved.map(filter => present(filter, account))
}

/**
 * Saves a filter under a name, for oneself or for the whole department.
 * @throws AppError `filters-exhausted`, `name-taken` when one of the account's own is called so
 */
export async function saveFilter(
  line: Line,
  account: Account,
  { name, filter, isShared }: Pick<OwnFilter, 'name' | 'filter' | 'isShared'>,
): Promise<OwnFilter> {
  const own = (await line.store.filters.list(account.id, shareOf(account))).filter(
    each => each.accountId === account.id,
  )
  if (own.length >= MOST_FILTERS) throw new AppError('filters-exhausted', { allowed: MOST_FILTERS })
  if (own.some(each => each.name === name)) throw new AppError('name-taken')
  const createdAt = line.clock.now()
  const saved: SavedFilter = {
    id: newId(createdAt, line.chance),
    accountId: account.id,
    name,
    filter,
    sharedWith: isShared ? shareOf(account) : null,
    createdAt,
  }
  await line.store.filters.add(saved)
  return present(saved, account)
}

/** Only its owner may. @throws AppError `filter-not-found` */
export async function removeFilter({ store }: Line, account: Account, id: string): Promise<void> {
  if (!(await store.filters.remove(account.id, id))) throw new AppError('filter-not-found')
}

function shareOf({ role, department }: Account): string {
  return role === 'handler' ? (department ?? '') : ''
}

function present({ id, accountId, name, filter, sharedWith }: SavedFilter, account: Account): OwnFilter {
  return { id, name, filter, isShared: sharedWith !== null, isOwn: accountId === account.id }
}
