import type { Case } from '../cases/case.ts'
import { isFinal } from '../cases/case-state.ts'
import { isTelling, mayBeOfCase } from '../conversation/about-case.ts'
import type { Outcome } from '../conversation/engine-context.ts'
import type { MatterDraft } from '../conversation/reply.ts'
import type { Slots } from '../conversation/state.ts'
import { aboutOf } from './about-of.ts'
import type { EffectContext } from './effect-context.ts'
import { rememberedCases } from './find-case.ts'
import { isReopenable } from './follow-up-case.ts'

/**
 * Which case somebody means who says that it is solved, or not, or not any more: one that was answered, one that was closed not long
 * ago (then only that it is not solved), one that is worked on. A matter of another kind or place is a new one.
 */
export async function findToldCase(context: EffectContext, slots: Slots): Promise<Outcome> {
  const { line, tx, conversation, cases } = context
  const isResolved = slots.resolved === 'resolved-yes'
  const [draft] = (slots.matters ?? []) as MatterDraft[]
  const isMoreTold = slots.isMoreTold === true
  const remembered = await rememberedCases(line, tx, conversation, slots, 'rate-case')
  const stored = await Promise.all(remembered.map(({ id }) => tx.caseById(id)))
  const meant = stored.flatMap(each =>
    each && (!draft || mayBeOfCase(draft, isMoreTold, aboutOf(each.case))) ? [each.case] : [],
  )
  const tiers: [string, Case[]][] = [
    ['rated', meant.filter(({ state }) => state === 'replied')],
    ['rated', isResolved ? [] : meant.filter(each => isReopenable(line, each))],
    [isResolved ? 'over' : 'waiting', meant.filter(({ state }) => !isFinal(state) && state !== 'replied')],
  ]
  const [name, found = []] = tiers.find(([, each]) => each.length > 0) ?? []
  const isNew = isMoreTold && draft !== undefined && isTelling(draft)
  if (!name) return { name: isResolved ? 'pleased' : isNew ? 'new' : 'unknown' }
  const [only] = found
  if (found.length > 1) return { name }
  cases.set(only!.id, only!)
  return { name, slots: { caseId: only!.id } }
}
