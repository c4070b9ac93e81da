import { MINUTE } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { type Chance, newId } from '../kernel/ids.ts'
import type { Locale } from '../language/understanding.ts'
import type { Line } from './line.ts'
import type { SmsGateway } from './notice-ports.ts'
import { mobileNumber } from './sms-person.ts'

/** How long a code holds, how often it may be tried, and how long another one waits. */
export const CODE_MINUTES = 5
export const MOST_TRIALS = 3
export const AGAIN_AFTER_SECONDS = 60
/** How long the cases of a proved number stay open. */
export const SESSION_MINUTES = 30
const DIGITS = 6
const KEYED_AT_ONCE = 500
const SECOND = 1000

/** The number as it is kept. @throws AppError `phone-invalid` when no short message can reach it */
export function phoneToProve(text: string): string {
  const phone = mobileNumber(text.normalize('NFKC').replace(/[\s-]/g, ''))
  if (phone === null) throw new AppError('phone-invalid')
  return phone
}

/**
 * Sends a code to a number, whether any case names it or not: nobody learns from it who has complained.
 * @throws AppError `rate-limited` while the one before is fresh, `phone-invalid` when the gateway knows no such number,
 * `vendor-away`
 */
export async function sendPhoneCode(
  line: Line,
  gateway: SmsGateway,
  { phone, locale }: { phone: string; locale: Locale },
): Promise<void> {
  const { phoneProofs } = line.store
  const sentAt = line.clock.now()
  const code = newDigits(line.chance)
  const until = new Date(sentAt.getTime() + CODE_MINUTES * MINUTE)
  const againAfterMs = AGAIN_AFTER_SECONDS * SECOND
  const waitUntil = await phoneProofs.keepCode(phone, code, { sentAt, until, againAfterMs })
  if (waitUntil) {
    const seconds = Math.ceil((waitUntil.getTime() - sentAt.getTime()) / SECOND)
    throw new AppError('rate-limited', { retryAfterSeconds: Math.max(1, seconds) })
  }
  const params = { line: line.names.line(locale), code, minutes: String(CODE_MINUTES) }
  const text = line.content.texts.of(locale, 'sms.phone-code', params)
  const key = `phone-code.${newId(sentAt, line.chance)}`
  // A code that nobody got must not make them wait for the next.
  const outcome = await gateway
    .send({ to: phone, text, key, of: { key: 'sms.phone-code', params } })
    .catch(async cause => {
      await phoneProofs.dropCode(phone)
      throw new AppError('vendor-away', {}, { cause })
    })
  if (outcome === 'sent') return
  await phoneProofs.dropCode(phone)
  throw new AppError('phone-invalid')
}

/**
 * Opens the cases of a number to whoever read the code that was sent to it.
 * @throws AppError `phone-code-wrong`, the same for a wrong code, one too old, one tried too often and none at all
 */
export async function openByPhoneCode(
  line: Line,
  { phone, code }: { phone: string; code: string },
): Promise<{ token: string; until: Date }> {
  const { phoneProofs } = line.store
  const now = line.clock.now()
  const written = code.normalize('NFKC').replace(/\s/g, '')
  if (!(await phoneProofs.tryCode(phone, written, { now, mostTrials: MOST_TRIALS })))
    throw new AppError('phone-code-wrong')
  const until = new Date(now.getTime() + SESSION_MINUTES * MINUTE)
  return { token: await phoneProofs.openSession(phone, until), until }
}

/** Makes the cases that were filed before numbers could be proved findable by them, a few at a time. */
export async function keyOlderCases({ store: { phoneProofs } }: Pick<Line, 'store'>): Promise<void> {
  while ((await phoneProofs.keyOlderCases(KEYED_AT_ONCE)) > 0);
}

function newDigits(chance: Chance): string {
  return Array.from({ length: DIGITS }, () => chance.below(10)).join('')
}
