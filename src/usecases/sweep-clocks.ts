import { type Alarm, type Case, nextAlarms } from '../cases/case.ts'
import type { Actor } from '../cases/case-event.ts'
import { decide } from '../cases/decide.ts'
import { type Action, transitionOf } from '../cases/workflow.ts'
import { orderAfterBreach } from '../followup/supervision-rules.ts'
import { isAppError } from '../kernel/errors.ts'
import { recordFact } from './act-on-case.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'

const CLOCK: Actor = { role: 'clock', id: 'clock' }
const BATCH = 200

/** What passing the due time does by itself, by clock. */
const AT_DUE: Partial<Record<Alarm['clock'], { action: Action; input: unknown }>> = {
  // The department goes on with what it has.
  resident: { action: 'resident-answer', input: { text: '—' } },
  // No answer within the limit is its own outcome: closed, neither solved nor unsolved.
  'follow-up': { action: 'follow-up', input: { contacted: null, resolved: null, satisfied: null } },
}

/**
 * Rings every alarm that is due: warnings and breaches become events, once, however many instances sweep.
 * @returns how many cases rang
 */
export async function sweepClocks(line: Line): Promise<number> {
  const now = line.clock.now()
  const due = await line.store.dueClocks(now, BATCH)
  const caseIds = [...new Set(due.map(({ caseId }) => caseId))]
  let rung = 0
  for (const caseId of caseIds) if (await ringCase(line, caseId, now)) rung++
  return rung
}

async function ringCase(line: Line, caseId: string, now: Date): Promise<boolean> {
  try {
    const version = await line.store.transact(tx => ring(line, tx, caseId, now))
    if (version !== null) line.bus.publish([{ topic: 'case', caseId, version }])
    return version !== null
  } catch (error) {
    // Another instance rang it, or somebody acted: the next sweep looks again.
    if (isAppError(error, 'version-conflict')) return false
    throw error
  }
}

async function ring(line: Line, tx: Transaction, caseId: string, now: Date): Promise<number | null> {
  const stored = await tx.caseById(caseId)
  const alarm = stored && nextAlarms(stored.case).find(each => each.at <= now)
  if (!alarm) return null
  return ringAlarm(line, tx, stored.case, alarm, now).version
}

/** One alarm a transaction: the next one, if it is due too, rings in the next sweep. */
function ringAlarm(line: Line, tx: Transaction, current: Case, alarm: Alarm, now: Date): Case {
  const isBreach = alarm.percent === 100
  const input = { clock: alarm.clock, dueAt: alarm.dueAt.toISOString(), percent: alarm.percent }
  let after = act(line, tx, current, isBreach ? 'breach' : 'warn', input, now, null)
  if (!isBreach) return after
  const automatic = AT_DUE[alarm.clock]
  if (automatic && isPossible(after, automatic.action))
    after = act(line, tx, after, automatic.action, automatic.input, now, null)
  const order = orderAfterBreach(after, alarm.clock)
  if (order && isPossible(after, 'supervise'))
    after = act(line, tx, after, 'supervise', order, now, order.cause)
  return after
}

function act(
  line: Line,
  tx: Transaction,
  current: Case,
  action: Action,
  input: unknown,
  at: Date,
  reason: string | null,
): Case {
  return recordFact(tx, current, decide(current, { action, actor: CLOCK, at, input, reason }, line.policy))
    .case
}

function isPossible(current: Case, action: Action): boolean {
  const { from } = transitionOf(action)
  return from !== 'new' && from.includes(current.state)
}
