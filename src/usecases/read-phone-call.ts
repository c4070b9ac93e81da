import { DAY } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'
import { checkCentre } from './make-calls.ts'
import type { FinalUtterance, PhoneCall } from './phone-call-ports.ts'
import type { Account } from './ports.ts'
import { maskPhone } from './present-person.ts'

/** Most utterances of one page of a transcript. */
export const TRANSCRIPT_PAGE = 200
const MOST_RUNNING = 500

/** A call as the desk sees it: the caller's number masked. */
export interface DeskPhoneCall extends Omit<PhoneCall, 'ani' | 'received' | 'version'> {
  caller: string | null
}

/** Calls that go on now, the newest first. @throws AppError `action-forbidden` for departments */
export async function runningCalls(line: Line, account: Account): Promise<DeskPhoneCall[]> {
  checkCentre(account)
  const since = new Date(line.clock.now().getTime() - DAY)
  return (await line.store.phoneCalls.running(since, MOST_RUNNING)).map(deskCall)
}

/**
 * The call as it stands and what was said in it after a position, oldest first.
 * @throws AppError `phone-call-not-found`, `action-forbidden` for departments
 */
export async function readPhoneCall(
  line: Line,
  account: Account,
  callId: string,
  after: number,
): Promise<{ call: DeskPhoneCall; utterances: FinalUtterance[] }> {
  checkCentre(account)
  // First the utterances: then the call's last position is never behind them.
  const utterances = await line.store.phoneCalls.utterancesAfter(callId, after, TRANSCRIPT_PAGE)
  const [known] = await line.store.phoneCalls.load([{ callId, utteranceIds: [] }])
  if (!known) throw new AppError('phone-call-not-found')
  return { call: deskCall(known.call), utterances }
}

function deskCall({ ani, received: _received, version: _version, ...call }: PhoneCall): DeskPhoneCall {
  return { ...call, caller: ani && maskPhone(ani) }
}
