import type { Case } from '../cases/case.ts'
import { type Alarm, nextAlarms } from '../cases/case-alarms.ts'
import type { Actor } from '../cases/case-event.ts'
import { recomputationOf } from '../cases/clock-changes.ts'
import { decide } from '../cases/decide.ts'
import { type Action, transitionOf } from '../cases/workflow.ts'
import { isAppError } from '../kernel/errors.ts'
import { recordFact } from './act-on-case.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'

const CLOCK: Actor = { role: 'clock', id: 'clock' }
const BATCH = 200

/** What passing the due time does by itself, by clock: the first of these that the case's state allows. */
const AT_DUE: Partial<Record<Alarm['clock'], readonly { action: Action; input: unknown }[]>> = {
  // Whoever asked goes on with what there is.
  resident: [
    { action: 'resident-answer', input: { text: '—' } },
    { action: 'complete', input: { text: '—' } },
  ],
  // The review date of a suspended case: somebody must look at it again.
  review: [{ action: 'resume', input: {} }],
  // No answer within the limit is its own outcome: closed, neither solved nor unsolved.
  'follow-up': [{ action: 'follow-up', input: { contacted: null, resolved: null, satisfied: null } }],
}

/**
 * Rings every alarm that is due: warnings and breaches become events, once, however many instances sweep. Then counts again
 * what an older calendar had worked out.
 * @returns how many cases were changed
 */
export async function sweepClocks(line: Line): Promise<number> {
  const now = line.clock.now()
  const due = await line.store.dueClocks(now, BATCH)
  const rung = await eachCase(line, new Set(due.map(({ caseId }) => caseId)), (tx, current) =>
    ringNext(line, tx, current),
  )
  const outdated = await line.store.casesTimedBefore(line.policy.calendar.version, BATCH)
  return rung + (await eachCase(line, outdated, (tx, current) => countAgain(line, tx, current, now)))
}

type Change = (tx: Transaction, current: Case) => Case | null

/** Changes each case; returns how many were changed. */
async function eachCase(line: Line, caseIds: Iterable<string>, change: Change): Promise<number> {
  const ids = [...caseIds]
  const changed = await changeTogether(line, ids, change).catch(() => changeOneByOne(line, ids, change))
  line.bus.publish(changed.map(({ id, version }) => ({ topic: 'case', caseId: id, version })))
  return changed.length
}

type Changed = Pick<Case, 'id' | 'version'>

/** All in one transaction: a hundred cost little more than a few. One that cannot be changed refuses them all. */
async function changeTogether(line: Line, ids: readonly string[], change: Change): Promise<Changed[]> {
  if (ids.length === 0) return []
  return line.store.transact(async tx => {
    const cases = await tx.casesById(ids)
    return ids.flatMap(id => {
      const current = cases.get(id)
      return (current && change(tx, current)) ?? []
    })
  })
}

/** Each in a transaction of its own, so that nothing but the one that somebody else changed is left for the next sweep. */
async function changeOneByOne(line: Line, ids: readonly string[], change: Change): Promise<Changed[]> {
  const changed: Changed[] = []
  for (const id of ids) {
    const version = await changeCase(line, id, change)
    if (version !== null) changed.push({ id, version })
  }
  return changed
}

async function changeCase(line: Line, caseId: string, change: Change): Promise<number | null> {
  try {
    return await line.store.transact(async tx => {
      const stored = await tx.caseById(caseId)
      return (stored && change(tx, stored.case)?.version) ?? null
    })
  } catch (error) {
    // Another instance was there first, or somebody acted: the next sweep looks again.
    if (isAppError(error, 'version-conflict')) return null
    throw error
  }
}

/**
 * Rings the next alarm of a case that is due now, and does what its due time does by itself. One alarm a transaction: the one
 * after it, if it is due too, rings in the next sweep.
 * @returns the case as it is then; null when nothing is due
 */
export function ringNext(line: Line, tx: Transaction, current: Case): Case | null {
  const now = line.clock.now()
  const alarm = nextAlarms(current).find(each => each.at <= now)
  if (!alarm) return null
  const { clock, percent, after } = alarm
  const input = { clock, dueAt: alarm.dueAt.toISOString(), percent }
  if (after) return act(line, tx, current, 'chase', { ...input, after }, now)
  if (percent < 100) return act(line, tx, current, 'warn', input, now)
  const breached = act(line, tx, current, 'breach', input, now)
  const automatic = AT_DUE[clock]?.find(({ action }) => isPossible(breached, action))
  return automatic ? act(line, tx, breached, automatic.action, automatic.input, now) : breached
}

/** The old promise stays in the history; the new one is what the calendar says now. */
function countAgain(line: Line, tx: Transaction, current: Case, now: Date): Case | null {
  const recomputation = recomputationOf(current, line.policy.calendar)
  return recomputation && act(line, tx, current, 'recompute', recomputation, now)
}

function act(line: Line, tx: Transaction, current: Case, action: Action, input: unknown, at: Date): Case {
  const fact = decide(current, { action, actor: CLOCK, at, input }, line.policy)
  return recordFact(line, tx, current, fact).case
}

function isPossible(current: Case, action: Action): boolean {
  const { from } = transitionOf(action)
  return from !== 'new' && from.includes(current.state)
}
