import { DAY } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { newCode } from '../kernel/ids.ts'
import { type Draft, draftSchema } from '../registration/facts.ts'
import type { Line } from './line.ts'

/** 31^10: nobody tries them all against a limit by address. */
const CODE_LENGTH = 10
const KEPT_MS = 30 * DAY
const CODE = /^[0-9A-Z]{10}$/

/** Keeps a draft under a code: a new one, or the one that it was opened by. */
export async function keepRegistrationDraft(
  line: Line,
  draft: Draft,
  known: string | null,
): Promise<{ code: string; until: Date }> {
  const now = line.clock.now()
  // Only who has the code of a draft that is still there goes on under it.
  const isOwn = known !== null && (await findDraft(line, known)) !== null
  const code = isOwn ? plainCode(known) : newCode(CODE_LENGTH, line.chance)
  const until = new Date(now.getTime() + KEPT_MS)
  await line.store.registrationDrafts.keep(code, JSON.stringify(draft), until)
  return { code, until }
}

/** @throws AppError `registration-draft-not-found` */
export async function openRegistrationDraft(line: Line, code: string): Promise<Draft> {
  const kept = await findDraft(line, code)
  if (kept === null) throw new AppError('registration-draft-not-found')
  return draftSchema.parse(JSON.parse(kept))
}

/** After it was handed in nobody needs it. */
export async function forgetRegistrationDraft(line: Line, code: string): Promise<void> {
  await line.store.registrationDrafts.forget(plainCode(code))
}

async function findDraft(line: Line, code: string): Promise<string | null> {
  const plain = plainCode(code)
  return CODE.test(plain) ? line.store.registrationDrafts.open(plain, line.clock.now()) : null
}

/** As people type it: small letters, spaces and hyphens. */
function plainCode(code: string): string {
  return code.replace(/[\s-]/g, '').toUpperCase()
}
