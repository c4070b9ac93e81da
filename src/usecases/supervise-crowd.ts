import type { Case } from '../cases/case.ts'
import { crowdDays, orderForCrowd } from '../followup/supervision-rules.ts'
import { DAY } from '../kernel/clock.ts'
import { supervise } from './act-on-case.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'

/**
 * A new case may be one of many from one place, or of many people: then the first of them that is still open is supervised,
 * and they have one order between them. Who joined is one of them, in whatever words they named the place.
 */
export async function superviseCrowd(line: Line, tx: Transaction, filed: Case): Promise<void> {
  const { rules } = line.content.supervision
  const days = crowdDays(rules)
  const { subject } = filed
  const { place } = filed.elements
  if (days === 0 || subject === null || place === null) return
  const now = line.clock.now()
  const alike = await tx.casesAlike({
    subject,
    place,
    handled: filed.joined?.to ?? null,
    since: new Date(now.getTime() - days * DAY),
  })
  const open = alike.find(each => each.isOpen)
  // The usual case is alone; only a crowd is worth another look at the store.
  if (!open || !orderForCrowd(rules, filed, alike, now)) return
  const first = open.id === filed.id ? filed : (await tx.caseById(open.id))?.case
  if (first) supervise(line, tx, first, orderForCrowd(rules, first, alike, now))
}
