import type { Case, FollowUp } from '../cases/case.ts'
import type { Outcome } from '../conversation/engine-context.ts'
import type { Slots } from '../conversation/state.ts'
import { leadOf } from './case-card.ts'
import { cardOf, type EffectContext, handledCase, residentOf } from './effect-context.ts'
import { followUpCase, isReopenable } from './follow-up-case.ts'

/** May the resident rate this case now, and what is it that they rate? What they have said already is not asked again. */
export function ratingOutcome(context: EffectContext, current: Case, slots: Slots): Outcome {
  const said = slots.resolved === undefined ? saidIn(context, String(slots.said ?? '')) : {}
  if (current.state === 'replied')
    return {
      name: 'open',
      params: { answer: current.reply?.text ?? current.answer ?? '' },
      // What the centre answered at once brought nobody to the door.
      slots: { ...said, ...(current.reply ? {} : { contacted: null }) },
    }
  if (current.state === 'closed' && isReopenable(context.line, current))
    return { name: 'closed', slots: said }
  if (['closed', 'withdrawn', 'merged', 'not-accepted'].includes(current.state)) return { name: 'too-late' }
  return { name: 'too-early', params: { status: cardOf(context, current).statusText } }
}

/** The resident's rating: solved closes the case, not solved sends it back with fresh clocks, also when it was closed not long ago. */
export async function rateCase(context: EffectContext, current: Case, slots: Slots): Promise<Outcome> {
  const isResolved = slots.resolved === 'resolved-yes'
  // While they were being asked the time for it has run out.
  if (!['replied', 'closed'].includes(current.state)) return { name: 'too-late' }
  if (current.state === 'closed' && !isReopenable(context.line, current)) return { name: 'too-late' }
  if (isResolved && current.state === 'closed') return { name: 'still-closed' }
  const { line, tx, cases } = context
  const { case: after, joined } = await followUpCase(line, tx, current, residentOf(context), {
    contacted: slots.contacted == null ? null : slots.contacted === 'contacted-yes',
    resolved: isResolved,
    satisfied: (slots.satisfied ?? null) as FollowUp['satisfied'],
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

const DENIES = /[没沒未不]|\bnot\b|n't/iu

/**
 * "没解决" in the message that begins the rating answers the question whether it is solved; "解决了，很满意" also how satisfied they
 * are.
 */
function saidIn({ line, locale }: EffectContext, said: string): Slots {
  const isSaid = (key: string) => said.includes(line.content.texts.of(locale, `rate-case.${key}`))
  if (isSaid('resolved.choices.resolved-no')) return { resolved: 'resolved-no' }
  if (!isSaid('resolved.choices.resolved-yes') || DENIES.test(said)) return {}
  const satisfied = ['very', 'satisfied'].find(id => isSaid(`satisfied.choices.${id}`))
  return { resolved: 'resolved-yes', ...(satisfied ? { satisfied } : {}) }
}
