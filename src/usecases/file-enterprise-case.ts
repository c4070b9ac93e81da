import { createHash } from 'node:crypto'
import type { Case } from '../cases/case.ts'
import { canonical } from '../cases/case-event.ts'
import type { RequestType } from '../cases/case-inputs.ts'
import { AppError } from '../kernel/errors.ts'
import type { Coordinates } from '../language/coordinate-systems.ts'
import type { Locale } from '../language/understanding.ts'
import { draftSubmission, sayDanger } from './draft-submission.ts'
import { type EnterpriseCaseWithHistory, wholeEnterpriseCase } from './enterprise-case.ts'
import { ENTERPRISE_CHANNEL } from './enterprise-channel.ts'
import { emergencyDraft, fileCase } from './file-case.ts'
import type { Line } from './line.ts'
import type { EnterpriseCaller } from './manage-keys.ts'
import type { Transaction } from './ports.ts'
import { refuseFields } from './refuse-field.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** One matter that an enterprise's system files; null is what it leaves to the line to read from the words. */
export interface EnterpriseSubmission {
  /** By which that system knows the matter, unlike all its others. */
  externalId: string | null
  words: string
  /** Full id of a subject of the third level. */
  subject: string | null
  type: RequestType | null
  time: string | null
  place: string | null
  /** WGS-84. */
  at: Coordinates | null
  /** Whom the department may ask; the phone in digits. */
  contact: { name: string | null; phone: string | null }
}

export interface FiledEnterpriseCase {
  case: EnterpriseCaseWithHistory
  /** False when it was filed before under this external id. */
  isNew: boolean
  /** In danger whom to call, in words. */
  danger: string | null
}

/**
 * Files a case as every channel does: the same routing, promise and first events. The external id is written with it: the same again
 * is the same case, whoever was first.
 * @param keep told the answer inside the transaction of the filing
 * @throws AppError `external-id-taken` when something else was filed under it; `body-invalid` with problems
 */
export async function fileEnterpriseCase(
  line: Line,
  caller: EnterpriseCaller,
  submission: EnterpriseSubmission,
  { locale, keep }: { locale: Locale; keep(tx: Transaction, filed: FiledEnterpriseCase): void },
): Promise<FiledEnterpriseCase> {
  checkSubject(line, submission)
  const request = createHash('sha256').update(canonical(submission)).digest('hex')
  const asked = { submission, request, locale }
  const { answer, filed } = await tryAgainOnConflict(line, () =>
    line.store.transact(async tx => {
      const known = await filedBefore(line, tx, caller, asked)
      const done = known ? { answer: known, filed: null } : await record(line, tx, caller, asked)
      keep(tx, done.answer)
      return done
    }),
  )
  if (filed) line.bus.publish([{ topic: 'case', caseId: filed.id, version: filed.version }])
  return answer
}

interface Asked {
  submission: EnterpriseSubmission
  request: string
  locale: Locale
}

async function filedBefore(
  line: Line,
  tx: Transaction,
  caller: EnterpriseCaller,
  { submission, request, locale }: Asked,
): Promise<FiledEnterpriseCase | null> {
  const { externalId } = submission
  const known = externalId === null ? null : await tx.externalIds.find(giverOf(caller), externalId)
  if (!known) return null
  if (known.request !== request) throw new AppError('external-id-taken')
  const stored = (await tx.caseById(known.caseId))!
  const shown = await wholeEnterpriseCase(line, tx, stored, { externalId, locale })
  // Whoever repeats it may never have had the first answer: whom to call is said again.
  const { toCall } = draftOf(line, submission)
  return { case: shown, isNew: false, danger: sayDanger(line, toCall, locale) }
}

async function record(
  line: Line,
  tx: Transaction,
  caller: EnterpriseCaller,
  { submission, request, locale }: Asked,
): Promise<{ answer: FiledEnterpriseCase; filed: Case }> {
  const { externalId, contact } = submission
  const { matter, service, toCall } = draftOf(line, submission)
  const giver = giverOf(caller)
  const { case: current } = await fileCase(line, tx, {
    draft: service === null ? matter : emergencyDraft(matter),
    person: { ...contact, organisation: caller.displayName, ...giver },
    actor: { role: 'resident', id: line.pseudonym(giver.channel, giver.channelUserId) },
    conversationId: null,
    family: null,
    service,
  })
  if (externalId !== null) tx.externalIds.add(giver, { id: externalId, caseId: current.id, request })
  const stored = (await tx.caseById(current.id))!
  const shown = await wholeEnterpriseCase(line, tx, stored, { externalId, locale })
  return { answer: { case: shown, isNew: true, danger: sayDanger(line, toCall, locale) }, filed: current }
}

function draftOf(line: Line, { words, subject, type, time, place, at }: EnterpriseSubmission) {
  return draftSubmission(line, {
    words,
    subject,
    type,
    time,
    at: at && { point: at, field: 'at' },
    street: null,
    address: place === null ? [] : [place],
  })
}

/** The enterprise as the person of its cases. */
export function giverOf({ enterprise }: EnterpriseCaller): { channel: string; channelUserId: string } {
  return { channel: ENTERPRISE_CHANNEL, channelUserId: enterprise }
}

function checkSubject({ content }: Line, { subject }: EnterpriseSubmission): void {
  if (subject !== null && content.subjects.byId(subject)?.level !== 3)
    throw refuseFields([{ field: 'subject', because: 'unknown' }])
}
