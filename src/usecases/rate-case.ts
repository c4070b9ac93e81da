import type { Case, FollowUp } from '../cases/case.ts'
import { isContent } from '../cases/follow-up-answers.ts'
import type { Outcome } from '../conversation/engine-context.ts'
import type { Slots } from '../conversation/state.ts'
import { leadOf } from './case-card.ts'
import { cardOf, type EffectContext, handledCase, residentOf } from './effect-context.ts'
import { followUpCase, isReopenable } from './follow-up-case.ts'

/** May the resident rate this case now, and what is it that they rate? */
export function ratingOutcome(context: EffectContext, current: Case): Outcome {
  if (current.state === 'replied')
    return {
      name: 'open',
      params: { answer: current.reply?.text ?? current.answer ?? '' },
      // What the centre answered at once brought nobody to the door.
      slots: current.reply ? {} : { contacted: null },
    }
  if (current.state === 'closed' && isReopenable(context.line, current)) return { name: 'closed' }
  if (['closed', 'withdrawn', 'merged', 'not-accepted'].includes(current.state)) return { name: 'too-late' }
  return { name: 'too-early', params: { status: cardOf(context, current).statusText } }
}

/** The resident's rating: solved closes the case, not solved sends it back with fresh clocks, also when it was closed not long ago. */
export async function rateCase(context: EffectContext, current: Case, slots: Slots): Promise<Outcome> {
  const isResolved = slots.resolved === 'resolved-yes'
  const satisfied = (slots.satisfied ?? null) as FollowUp['satisfied']
  // While they were being asked the time for it has run out.
  if (!['replied', 'closed'].includes(current.state)) return { name: 'too-late' }
  if (current.state === 'closed' && !isReopenable(context.line, current)) return { name: 'too-late' }
  if (isResolved && current.state === 'closed') return { name: 'still-closed' }
  const { line, tx, cases } = context
  const { case: after, joined } = await followUpCase(line, tx, current, residentOf(context), {
    contacted: slots.contacted == null ? null : slots.contacted === 'contacted-yes',
    resolved: isResolved,
    // Content was said before they changed their mind about whether it is solved.
    satisfied: isResolved || !isContent(satisfied) ? satisfied : null,
    text: typeof slots.why === 'string' ? slots.why : '',
  })
  for (const each of joined ? [after, joined] : [after]) cases.set(each.id, each)
  if (isResolved) return { name: 'closed' }
  const { dueBy } = cardOf(context, after)
  return {
    name: 'rework',
    params: {
      department: { is: 'department', id: leadOf(line, handledCase(context, after)) },
      due: dueBy ? { is: 'due', at: dueBy } : { is: 'text', key: 'due.none' },
    },
    cases: [{ caseId: after.id }],
  }
}
