import type { Case } from '../cases/case.ts'
import { isCaseNumber } from '../cases/case-number.ts'
import { isFinal } from '../cases/case-state.ts'
import type { Outcome } from '../conversation/engine-context.ts'
import type { Conversation } from '../conversation/message.ts'
import type { Slots } from '../conversation/state.ts'
import { DAY } from '../kernel/clock.ts'
import { aboutOf } from './about-of.ts'
import { toldCases } from './ask-by-sms.ts'
import { isCodeOf } from './is-code-of.ts'
import type { Line } from './line.ts'
import type { CaseSummary, Transaction } from './ports.ts'

const MOST_OFFERED = 5
const DAYS_REMEMBERED = 90

/** Which case a person means: the one chosen, the one of that number, or, when they do not say, their own. */
export async function findCase(
  line: Line,
  tx: Transaction,
  conversation: Conversation,
  slots: Slots,
  cases: Map<string, Case>,
  flow: string,
): Promise<Outcome> {
  if (typeof slots.caseNumber === 'string')
    return findByNumber(tx, conversation, slots.caseNumber, slots.queryCode, cases)
  if (typeof slots.caseId === 'string') return found(tx, slots.caseId, cases)
  const recent = fitting(flow, await rememberedCases(line, tx, conversation, slots, flow))
  if (recent.length === 0) return { name: 'needs-number' }
  if (recent.length === 1) return found(tx, recent[0]!.id, cases)
  const offered = recent.slice(0, MOST_OFFERED).map(({ id, number, summary }) => ({ id, number, summary }))
  return { name: 'several', slots: { cases: offered } }
}

/** The cases that somebody may mean who names none: their own of late and, for rating, the one that they were told of by SMS. */
export async function rememberedCases(
  line: Line,
  tx: Transaction,
  { channel, userId }: Conversation,
  slots: Slots,
  flow: string,
): Promise<Findable[]> {
  const since = line.clock.now().getTime() - DAYS_REMEMBERED * DAY
  const own = await tx.casesOf({ channel, channelUserId: userId }, 20)
  return [...own, ...(await toldOf(tx, slots, flow, own))].filter(
    each =>
      each.filedAt.getTime() > since && !(isFinal(each.state as Case['state']) && each.state !== 'closed'),
  )
}

/** States that a flow is about, most likely first: who rates means the case that was answered. */
const MEANT: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'rate-case': [['replied'], ['closed']],
  'add-information': [['waiting-resident', 'incomplete']],
}

type Findable = Pick<CaseSummary, 'id' | 'number' | 'summary' | 'state' | 'filedAt'>

/** Who was told of a case by SMS may rate it there: the latest that waits for it. Named by its number only: the phone may have been written down wrongly. */
async function toldOf(
  tx: Transaction,
  slots: Slots,
  flow: string,
  own: readonly Findable[],
): Promise<Findable[]> {
  if (flow !== 'rate-case') return []
  const told = await Promise.all(toldCases(slots).map(id => tx.caseById(id)))
  const others = told.flatMap(stored => (stored ? [stored.case] : []))
  const latest = others.findLast(({ state }) => state === 'replied') ?? others.at(-1)
  return latest && !own.some(({ id }) => id === latest.id) ? [{ ...latest, summary: '' }] : []
}

/** Of a person's cases those that they can mean, so that nobody is asked which without need. */
function fitting(flow: string, own: readonly Findable[]): readonly Findable[] {
  const open = own.filter(each => !isFinal(each.state as Case['state']))
  const tiers = (MEANT[flow] ?? []).map(states => own.filter(each => states.includes(each.state)))
  return [...tiers, open].find(tier => tier.length > 0) ?? own
}

async function findByNumber(
  tx: Transaction,
  conversation: Conversation,
  number: string,
  queryCode: unknown,
  cases: Map<string, Case>,
): Promise<Outcome> {
  if (!isCaseNumber(number)) return { name: 'wrong-number', clear: ['caseNumber', 'queryCode'] }
  const stored = await tx.caseByNumber(number)
  // Without the code, a stranger must not even learn whether a number exists.
  if (typeof queryCode !== 'string' && !(stored && (await isOwn(tx, conversation, stored.case.id))))
    return { name: 'needs-code' }
  if (!stored) return { name: 'not-found', clear: ['caseNumber', 'queryCode'] }
  const isOwner = await isOwn(tx, conversation, stored.case.id)
  if (!isOwner && !(await isCodeOf(tx, stored.case, String(queryCode))))
    return { name: 'wrong-code', clear: ['queryCode'] }
  cases.set(stored.case.id, stored.case)
  return {
    name: 'one',
    slots: { caseId: stored.case.id, about: aboutOf(stored.case) },
    params: { summary: stored.case.summary },
  }
}

async function isOwn(tx: Transaction, conversation: Conversation, caseId: string): Promise<boolean> {
  const person = await tx.personOf(caseId)
  return (
    person !== null && person.channel === conversation.channel && person.channelUserId === conversation.userId
  )
}

async function found(tx: Transaction, caseId: string, cases: Map<string, Case>): Promise<Outcome> {
  const stored = await tx.caseById(caseId)
  if (!stored) return { name: 'needs-number', clear: ['caseId'] }
  cases.set(caseId, stored.case)
  return {
    name: 'one',
    slots: { caseId, about: aboutOf(stored.case) },
    params: { summary: stored.case.summary },
  }
}
