import type { Outcome } from '../conversation/engine-context.ts'
import type { MatterDraft, Neighbours } from '../conversation/reply.ts'
import type { Slots } from '../conversation/state.ts'
import { DAY } from '../kernel/clock.ts'
import { areOtherEntrances } from '../language/slots/spot.ts'
import type { EffectContext } from './effect-context.ts'
import { neighbourKeyOf } from './file-case.ts'
import type { Line } from './line.ts'
import type { Neighbour, Transaction } from './ports.ts'

/**
 * Of another leaf of the subject it must say at least this share of the words. On pairs of our own most of what is the same is
 * below it and all that is not: the question is better not asked than asked of something else. What is passed around in a
 * group of neighbours and sent word for word is found.
 */
const ALIKE = 0.2

/**
 * Looks for each matter whether others told of the same thing at the same spot. What is found is offered once; of the others
 * nothing is told but how many they are, which department has it, and by when.
 */
export async function findNeighbours(context: EffectContext, slots: Slots): Promise<Outcome> {
  const matters = slots.matters as MatterDraft[]
  return { name: 'looked', slots: { matters: await Promise.all(matters.map(each => look(context, each))) } }
}

async function look(context: EffectContext, draft: MatterDraft): Promise<MatterDraft> {
  const { joining, ...unasked } = draft
  const key = neighbourKeyOf(context.line, unasked)
  const found = key === null ? null : await offerOf(context, unasked, key)
  // An answer holds as long as what it was about is the same; who wants it apart is not asked again.
  const before = draft.neighbours
  const isAnswered = joining !== undefined && before != null && before.key === key
  if (isAnswered && (joining !== 'join' || found?.caseId === before.caseId))
    return { ...draft, neighbours: found }
  return { ...unasked, neighbours: found }
}

/** Open cases of the same thing at the same spot, the likeliest first, those of the person too; none where it is nobody else's business. */
export async function neighboursOf(
  line: Line,
  tx: Transaction,
  draft: MatterDraft,
  person: { channel: string; channelUserId: string },
): Promise<Neighbour[]> {
  const key = neighbourKeyOf(line, draft)
  if (key === null) return []
  const { jurisdiction } = line.content.city
  const since = new Date(line.clock.now().getTime() - line.content.elements.shared.days * DAY)
  return alikeOf(line, draft, await tx.neighbours({ jurisdiction, key, since }, person))
}

async function offerOf(
  { line, tx, conversation }: EffectContext,
  draft: MatterDraft,
  key: string,
): Promise<Neighbours | null> {
  const person = { channel: conversation.channel, channelUserId: conversation.userId }
  const alike = await neighboursOf(line, tx, draft, person)
  const [best] = alike
  // Who is among them already needs no second case; they are asked nothing and may still file one.
  if (!best || alike.some(each => each.isOwn)) return null
  return {
    caseId: best.id,
    key,
    params: {
      count: alike.reduce((people, each) => people + each.people, 0),
      department: { is: 'department', id: best.lead },
      due: best.dueAt ? { is: 'due', at: best.dueAt.toISOString() } : { is: 'text', key: 'due.none' },
    },
  }
}

/** What of a matter, or of a case, says whether others are about the same. */
type Told = Pick<MatterDraft, 'subject' | 'street' | 'place' | 'words'>

/** Those about the same thing, the likeliest first: of the same leaf, then what says more of the same, then what more people told. */
export function alikeOf(line: Line, draft: Told, all: readonly Neighbour[]): Neighbour[] {
  const near = all.filter(
    each =>
      (!draft.street || !each.street || each.street === draft.street) &&
      !areOtherEntrances(draft.place, each.place),
  )
  const shares = new Map(near.map(each => [each, shareOf(line, draft, each)]))
  const isSameLeaf = ({ subject }: Neighbour) => subject === draft.subject
  return near
    .filter(each => isSameLeaf(each) || shares.get(each)! >= ALIKE)
    .toSorted(
      (a, b) =>
        Number(isSameLeaf(b)) - Number(isSameLeaf(a)) ||
        shares.get(b)! - shares.get(a)! ||
        b.people - a.people,
    )
}

/** How much of what is told stands in what was told before. One by one: what a share means depends on what it is searched among. */
function shareOf(line: Line, draft: Told, { id, summary, place }: Neighbour): number {
  const index = line.searchOver([{ id, text: withoutPlace(summary, place) }])
  return index.search(withoutPlace(draft.words, draft.place), 1)[0]?.share ?? 0
}

/** That the spot is the same is known; what is compared is what happens there. */
function withoutPlace(words: string, place: string | null | undefined): string {
  return place ? words.replaceAll(place, '') : words
}
