import type { Case, FollowUp } from '../cases/case.ts'
import { MINUTE } from '../kernel/clock.ts'
import { AppError, isAppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { followUpCase } from './follow-up-case.ts'
import type { Line } from './line.ts'
import type { CallClaim, CallOutcome, ListedCall } from './notice-ports.ts'
import type { Account, BusMessage, Transaction } from './ports.ts'
import { checkSees, maySee, maySeeReporters } from './role-views.ts'

const MOST_CALLS = 200
/** So long a call is kept for whoever has taken it: who forgets it holds nobody up for longer. */
const CLAIM_MINUTES = 10

export interface DeskCall extends Omit<ListedCall, 'claim'> {
  stateName: string
  /** Who makes it now; null when anybody may. */
  taken: { by: string; isMine: boolean; until: Date } | null
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
  const includeConfidential = maySeeReporters(line, account)
  const calls = await line.store.calls.list(line.clock.now(), { includeConfidential, limit: MOST_CALLS })
  return calls.map(({ claim, ...call }) => ({
    ...call,
    stateName: line.content.texts.of(locale, `state.${call.state}`),
    taken: claim && { by: claim.displayName, isMine: claim.accountId === account.id, until: claim.until },
  }))
}

/**
 * Takes a call, so that nobody else makes it for ten minutes; taken again by the same account it is kept for ten more.
 * @returns until when
 * @throws AppError `call-taken` while it is somebody else's, `call-not-found` when it need not be made any more, `action-forbidden`
 */
export async function takeCall(line: Line, account: Account, callId: string): Promise<{ until: Date }> {
  checkCentre(account)
  const now = line.clock.now()
  const claim: CallClaim = { accountId: account.id, until: new Date(now.getTime() + CLAIM_MINUTES * MINUTE) }
  try {
    const current = await line.store.transact(async tx => {
      const { call, case: its } = await openCall(line, tx, account, callId)
      if (call.purpose === 'ask' && its.state !== 'replied') throw new AppError('call-not-found')
      tx.notices.claimCall(call, claim, now)
      return its
    })
    line.bus.publish([changeOf(current)])
  } catch (error) {
    // Two took it at once, and the other was faster.
    if (isAppError(error, 'version-conflict')) throw new AppError('call-taken', {}, { cause: error })
    throw error
  }
  return { until: claim.until }
}

/** Gives a call back that was not made. Somebody else's stays theirs. @throws AppError `call-not-found`, `action-forbidden` */
export async function releaseCall(line: Line, account: Account, callId: string): Promise<void> {
  checkCentre(account)
  const current = await line.store.transact(async tx => {
    const { call, case: its } = await findCall(line, tx, account, callId)
    tx.notices.releaseCall(call, account.id)
    return its
  })
  line.bus.publish([changeOf(current)])
}

/**
 * Notes how a call went. What was answered to one that asks closes the case or sends it back, in the same transaction.
 * @throws AppError `call-not-found` when somebody else has ended it, `call-taken` while somebody else makes it, `action-forbidden`,
 * `action-invalid` without answers
 */
export async function noteCall(
  line: Line,
  account: Account,
  callId: string,
  note: CallNote,
  keep: (tx: Transaction) => void = () => {},
): Promise<void> {
  checkCentre(account)
  const after = await line.store.transact(async tx => {
    const { call, case: current } = await openCall(line, tx, account, callId)
    keep(tx)
    const now = line.clock.now()
    const { tries, againAfterMinutes } = line.content.notifications.calls
    if (note.outcome === 'no-answer') {
      const isLast = call.tries + 1 >= tries
      if (isLast) tx.notices.endCall(call, 'unreached', account.id, now)
      else tx.notices.postponeCall(call, new Date(now.getTime() + againAfterMinutes * MINUTE))
      return current
    }
    tx.notices.endCall(call, note.outcome, account.id, now)
    if (call.purpose === 'tell' || note.outcome !== 'reached') return current
    if (!note.answers) throw new AppError('action-invalid', { issues: ['answers: needed'] })
    return (await followUpCase(line, tx, current, callerOf(account), note.answers)).case
  })
  line.bus.publish([changeOf(after)])
}

/** A call that waits, with its case. @throws AppError `call-not-found` also when the account may not know of the case */
async function findCall(line: Line, tx: Transaction, account: Account, callId: string) {
  const call = await tx.notices.call(callId)
  const stored = call && (await tx.caseById(call.caseId))
  if (!call || !stored || !maySee(line, account, stored.case)) throw new AppError('call-not-found')
  return { call, case: stored.case }
}

/** One that nobody else makes at present. @throws AppError `call-not-found`, `call-taken` */
async function openCall(line: Line, tx: Transaction, account: Account, callId: string) {
  const found = await findCall(line, tx, account, callId)
  const { claim } = found.call
  if (claim && claim.accountId !== account.id && claim.until > line.clock.now())
    throw new AppError('call-taken')
  return found
}

/** Desks ask anew for their calls whenever one of their cases is named, changed or not. */
function changeOf({ id: caseId, version }: Case): BusMessage {
  return { topic: 'case', caseId, version }
}

/** @throws AppError `action-forbidden` for who makes and hears no calls */
export function checkCentre(account: Account): void {
  checkSees(account, 'calls')
}

/** An administrator who calls does so as an agent. */
function callerOf({ role, login }: Account) {
  return { role: role === 'admin' ? ('agent' as const) : role, id: login }
}
