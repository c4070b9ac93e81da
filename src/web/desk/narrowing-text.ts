import { t, textOrNull } from '../shared/texts.ts'
import type { Reference } from './desk-api.ts'
import type { Narrowing } from './list-narrowing.ts'

/** What the list is narrowed to, in words: `已超期 · 李石街道`. */
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
