import type { Case } from '../cases/case.ts'
import type { ClockKind } from '../clocks/service-levels.ts'

/** A supervision order that a rule opens. `cause` names the rule. */
export interface SupervisionOrder {
  level: 'remind' | 'order' | 'notice'
  cause: string
}

/** Does the passing of this clock's due time open a supervision order? One is open at a time. */
export function orderAfterBreach(current: Case, clock: ClockKind): SupervisionOrder | null {
  if (current.supervision !== null) return null
  if (clock === 'handle') return { level: 'order', cause: 'overdue' }
  if (clock === 'sign' && current.grade === 'danger') return { level: 'notice', cause: 'danger-unsigned' }
  return clock === 'sign' ? { level: 'remind', cause: 'unsigned' } : null
}
