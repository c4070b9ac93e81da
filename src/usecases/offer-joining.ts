import type { Case } from '../cases/case.ts'
import { DAY } from '../kernel/clock.ts'
import type { Locale } from '../language/understanding.ts'
import { alikeOf } from './find-neighbours.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'
import { sayDue } from './say-due.ts'

/** A case of others that somebody may join with theirs; nothing is told of it but this. */
export interface JoinOffer {
  /** How many people told of it. */
  people: number
  departmentName: string
  dueText: string
}

/** Before a department works on it by itself. */
const MAY_JOIN: readonly Case['state'][] = ['received', 'accepted', 'returned', 'dispatched']

/** The case of others about the same thing at the same spot that was there before this one; null when there is none to join. */
export async function neighbourOf(
  line: Line,
  tx: Transaction,
  current: Case,
): Promise<{ id: string; people: number; lead: string; dueAt: Date | null } | null> {
  const { neighbourKey: key, jurisdiction, subject, words, elements, filedAt, id } = current
  if (key === null || current.supervision || !MAY_JOIN.includes(current.state)) return null
  const person = await tx.personOf(id)
  if (!person) return null
  const since = new Date(line.clock.now().getTime() - line.content.elements.shared.days * DAY)
  const alike = alikeOf(
    line,
    { subject, words, place: elements.place, street: elements.street },
    await tx.neighbours({ jurisdiction, key, since }, person),
  )
  const earlier = alike.filter(each => each.id !== id && !each.isOwn && each.filedAt < filedAt)
  const [best] = earlier
  return best ? { ...best, people: earlier.reduce((people, each) => people + each.people, 0) } : null
}

/** The same as its owner is told of it. */
export async function joinOffer(
  line: Line,
  tx: Transaction,
  current: Case,
  locale: Locale,
): Promise<JoinOffer | null> {
  const found = await neighbourOf(line, tx, current)
  if (!found) return null
  const { texts } = line.content
  return {
    people: found.people,
    departmentName: line.names.department(found.lead, locale),
    dueText: found.dueAt ? sayDue(found.dueAt, locale, texts) : texts.of(locale, 'due.none'),
  }
}
