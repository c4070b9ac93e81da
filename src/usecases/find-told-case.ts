import type { Case } from '../cases/case.ts'
import { isFinal } from '../cases/case-state.ts'
import type { Outcome } from '../conversation/engine-context.ts'
import type { MatterDraft } from '../conversation/reply.ts'
import type { Slots } from '../conversation/state.ts'
import { areNearSubjects } from '../kernel/subject-path.ts'
import type { EffectContext } from './effect-context.ts'
import { rememberedCases } from './find-case.ts'
import { isReopenable } from './follow-up-case.ts'

/** A message of more characters that names neither place nor subject tells of something new rather than of what was told before. */
const LONGEST_BARE = 24
/** From this confidence on, a subject is another than that of the case. */
const SURE = 0.8

/**
 * Which case somebody means who says that it is solved, or not, or not any more: one that was answered, one that was closed not long
 * ago (then only that it is not solved), one that is worked on. A matter of another kind or place is a new one.
 */
export async function findToldCase(context: EffectContext, slots: Slots): Promise<Outcome> {
  const { line, tx, conversation, cases } = context
  const isResolved = slots.resolved === 'resolved-yes'
  const [draft] = (slots.matters ?? []) as MatterDraft[]
  const remembered = await rememberedCases(line, tx, conversation, slots, 'rate-case')
  const stored = await Promise.all(remembered.map(({ id }) => tx.caseById(id)))
  const meant = stored.flatMap(each =>
    each && isMeant(draft, String(slots.said), each.case) ? [each.case] : [],
  )
  const tiers: [string, Case[]][] = [
    ['rated', meant.filter(({ state }) => state === 'replied')],
    ['rated', isResolved ? [] : meant.filter(each => isReopenable(line, each))],
    [isResolved ? 'over' : 'waiting', meant.filter(({ state }) => !isFinal(state) && state !== 'replied')],
  ]
  const [name, found = []] = tiers.find(([, each]) => each.length > 0) ?? []
  if (!name)
    return { name: isResolved ? 'pleased' : isTelling(draft, String(slots.said)) ? 'new' : 'unknown' }
  const [only] = found
  if (found.length > 1) return { name }
  cases.set(only!.id, only!)
  return { name, slots: { caseId: only!.id } }
}

function isMeant(draft: MatterDraft | undefined, said: string, { subject, elements }: Case): boolean {
  if (!draft) return true
  const confidence = draft.subjectCandidates[0]?.confidence ?? 0
  if (draft.subject && subject && confidence >= SURE && !areNearSubjects(draft.subject, subject)) return false
  if (draft.place && elements.place) return isSamePlace(draft.place, elements.place)
  return draft.subject !== null || draft.place !== undefined || !isLong(said)
}

function isTelling(draft: MatterDraft | undefined, said: string): boolean {
  return draft !== undefined && (draft.subject !== null || draft.place !== undefined || isLong(said))
}

function isLong(said: string): boolean {
  return [...said].length > LONGEST_BARE
}

/** "人民路3号" and "人民路3号门口". */
function isSamePlace(one: string, other: string): boolean {
  return one.includes(other) || other.includes(one)
}
