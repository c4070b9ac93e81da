import type { Case } from '../cases/case.ts'
import type { Outcome } from '../conversation/engine.ts'
import type { Slots } from '../conversation/state.ts'
import { caseCard, leadOf } from './case-card.ts'
import { act, type EffectContext } from './flow-effects.ts'

/** May the resident rate this case now, and what is it that they rate? */
export function ratingOutcome(context: EffectContext, current: Case): Outcome {
  if (current.state === 'replied')
    return { name: 'open', params: { answer: current.reply?.text ?? current.answer ?? '' } }
  if (
    current.state === 'closed' ||
    current.state === 'withdrawn' ||
    current.state === 'merged' ||
    current.state === 'not-accepted'
  )
    return { name: 'too-late' }
  return { name: 'too-early', params: { status: caseCard(context.line, current, context.locale).statusText } }
}

/** The resident's rating: solved closes the case, not solved sends it back to the department with fresh clocks. */
export function rateCase(context: EffectContext, current: Case, slots: Slots): Outcome {
  const isResolved = slots.resolved === 'resolved-yes'
  const input = {
    contacted: slots.contacted === 'contacted-yes',
    resolved: isResolved,
    satisfied: slots.satisfied,
    text: typeof slots.why === 'string' ? slots.why : '',
  }
  const after = act(
    context,
    current,
    isResolved ? 'follow-up' : canRework(current) ? 'rework' : 'follow-up',
    input,
  )
  if (after.state === 'closed') return { name: 'closed' }
  const { dueBy } = caseCard(context.line, after, context.locale)
  return {
    name: 'rework',
    params: {
      department: { is: 'department', id: leadOf(context.line, after) },
      due: dueBy ? { is: 'due', at: dueBy } : { is: 'text', key: 'due.none' },
    },
    cases: [{ caseId: after.id }],
  }
}

/** Only a department can do it again; an answer given by the line itself has none. */
function canRework(current: Case): boolean {
  return current.dispatch !== null
}
