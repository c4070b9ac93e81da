import type { FollowUp } from '../cases/case.ts'
import { MINUTE } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { followUpCase } from './follow-up-case.ts'
import type { Line } from './line.ts'
import type { CallOutcome, ListedCall } from './notice-ports.ts'
import type { Account, BusMessage, Transaction } from './ports.ts'
import { CENTRE, maySee, maySeeConfidential } from './work-at-desk.ts'

const MOST_CALLS = 200

export interface DeskCall extends ListedCall {
  stateName: string
}

/** What the caller heard; `no-answer` is tried again later, as often as the city says. */
export interface CallNote {
  outcome: Exclude<CallOutcome, 'unreached'> | 'no-answer'
  /** Of a call that asks: how it went. Needed when somebody was reached. */
  answers?: FollowUp | undefined
}

/** The calls to make now. @throws AppError `action-forbidden` for departments */
export async function listCalls(line: Line, account: Account, locale: Locale): Promise<DeskCall[]> {
  checkCentre(account)
  const includeConfidential = maySeeConfidential(line, account)
  const calls = await line.store.calls.list(line.clock.now(), { includeConfidential, limit: MOST_CALLS })
  return calls.map(call => ({ ...call, stateName: line.content.texts.of(locale, `state.${call.state}`) }))
}

/**
 * Notes how a call went. What was answered to one that asks closes the case or sends it back, in the same transaction.
 * @throws AppError `call-not-found` when somebody else has ended it, `action-forbidden`, `action-invalid` without answers
 */
export async function noteCall(
  line: Line,
  account: Account,
  callId: string,
  note: CallNote,
  keep: (tx: Transaction) => void = () => {},
): Promise<void> {
  checkCentre(account)
  const news = await line.store.transact(async tx => {
    const call = await tx.notices.call(callId)
    const stored = call && (await tx.caseById(call.caseId))
    if (!call || !stored || !maySee(line, account, stored.case)) throw new AppError('call-not-found')
    keep(tx)
    const now = line.clock.now()
    const { tries, againAfterMinutes } = line.content.notifications.calls
    if (note.outcome === 'no-answer') {
      const isLast = call.tries + 1 >= tries
      if (isLast) tx.notices.endCall(call, 'unreached', account.id, now)
      else tx.notices.postponeCall(call, new Date(now.getTime() + againAfterMinutes * MINUTE))
      return []
    }
    tx.notices.endCall(call, note.outcome, account.id, now)
    if (call.purpose === 'tell' || note.outcome !== 'reached') return []
    if (!note.answers) throw new AppError('action-invalid', { issues: ['answers: needed'] })
    const { case: after } = await followUpCase(line, tx, stored.case, callerOf(account), note.answers)
    return [{ topic: 'case', caseId: after.id, version: after.version } satisfies BusMessage]
  })
  line.bus.publish(news)
}

/** @throws AppError `action-forbidden` for departments */
export function checkCentre({ role }: Account): void {
  if (!CENTRE.includes(role)) throw new AppError('action-forbidden', { role })
}

/** An administrator who calls does so as an agent. */
function callerOf({ role, login }: Account) {
  return { role: role === 'admin' ? ('agent' as const) : role, id: login }
}
