import { AppError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { Line } from './line.ts'
import type { PhoneCall } from './phone-call-ports.ts'
import type { Account } from './ports.ts'
import { checkSees } from './role-views.ts'
import { mobileNumber } from './sms-person.ts'

/** The channel of what agents file for people who call. */
const PHONE = 'phone'

/** @throws AppError `action-forbidden` for whoever does not answer calls */
export function checkAnswering(account: Account): void {
  checkSees(account, 'answering')
}

/** A call that is going on or is over. @throws AppError `phone-call-not-found` */
export async function callOf(line: Line, callId: string | null): Promise<PhoneCall | null> {
  if (callId === null) return null
  const [known] = await line.store.phoneCalls.load([{ callId, utteranceIds: [] }])
  if (!known) throw new AppError('phone-call-not-found')
  return known.call
}

/** The number of the other end, as it is kept: a mobile number without its country. */
export function numberOf(call: PhoneCall | null): string | null {
  if (call?.ani == null) return null
  return mobileNumber(call.ani) ?? call.ani
}

/** Who somebody is by their number; without one nobody else. */
export function callerBy(line: Line, number: string | null): { channel: string; channelUserId: string } {
  return { channel: PHONE, channelUserId: number ?? newId(line.clock.now(), line.chance) }
}
