import type { Case } from './case.ts'
import type { CaseState } from './case-state.ts'

/**
 * What somebody is to decide or say while the case goes on: the centre about a return, an extension or a claim to be out of duty,
 * the department about a supervision order.
 */
export const AWAITED = ['ruling', 'extension', 'out-of-duty', 'order'] as const
export type Awaited = (typeof AWAITED)[number]

/** Where an order is void: nobody can answer it there. */
const ORDERLESS: readonly CaseState[] = ['withdrawn', 'merged', 'not-accepted', 'joined']

/** The supervision order that is open and can be answered. */
export function openOrderOf({
  supervision,
  state,
}: Pick<Case, 'supervision' | 'state'>): Case['supervision'] {
  return ORDERLESS.includes(state) ? null : supervision
}

/** What a case waits for, in the order of `AWAITED`. */
export function awaitedBy(current: Case): Awaited[] {
  const { state, extensionRequest, dutyClaim } = current
  const isAwaited: Record<Awaited, boolean> = {
    ruling: state === 'returned',
    // Only there it can be decided; what was asked before is void elsewhere.
    extension: extensionRequest !== null && (state === 'handling' || state === 'waiting-resident'),
    'out-of-duty': dutyClaim?.decision === null && (state === 'replied' || state === 'closed'),
    order: openOrderOf(current)?.answer === null,
  }
  return AWAITED.filter(each => isAwaited[each])
}
