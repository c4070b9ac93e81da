import type { Case } from './case.ts'

/**
 * What somebody is to decide or say while the case goes on: the centre about a return, an extension or a claim to be out of duty,
 * the department about a supervision order.
 */
export const AWAITED = ['ruling', 'extension', 'out-of-duty', 'order'] as const
export type Awaited = (typeof AWAITED)[number]

/** What a case waits for, in the order of `AWAITED`. */
export function awaitedBy({ state, extensionRequest, dutyClaim, supervision }: Case): Awaited[] {
  const isAwaited: Record<Awaited, boolean> = {
    ruling: state === 'returned',
    // Only there it can be decided; what was asked before is void elsewhere.
    extension: extensionRequest !== null && (state === 'handling' || state === 'waiting-resident'),
    'out-of-duty': dutyClaim?.decision === null && (state === 'replied' || state === 'closed'),
    order: supervision?.answer === null,
  }
  return AWAITED.filter(each => isAwaited[each])
}
