import { createHash } from 'node:crypto'
import type { Case } from '../cases/case.ts'
import { canonical } from '../cases/case-event.ts'
import { HOUR } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { Coordinates } from '../language/coordinate-systems.ts'
import type { Locale } from '../language/understanding.ts'
import { actOnCase } from './act-on-case.ts'
import { caseCard, leadOf } from './case-card.ts'
import { draftSubmission, type SubmittedDraft, sayDanger } from './draft-submission.ts'
import { emergencyDraft, fileCase } from './file-case.ts'
import type { Line } from './line.ts'
import { PUBLIC_CHANNEL, usersOf } from './list-public-requests.ts'
import type { Transaction } from './ports.ts'
import { ATTRIBUTES, REPORT, subjectOfService } from './public-services.ts'
import { promise } from './show-public-case.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** One matter that a program files for somebody, checked as far as the protocol goes. */
export interface PublicSubmission {
  /** Name of the program's key. */
  client: string
  serviceCode: string
  /** Answers by the code of the attribute. */
  attributes: Readonly<Record<string, string>>
  /** WGS-84. */
  at: Coordinates | null
  address: string | null
  /** Id of a street. */
  addressId: string | null
  description: string | null
  personName: string | null
  /** Digits. */
  phone: string | null
  account: string | null
  device: string | null
  /** Never fetched by us. */
  mediaUrl: string | null
}

export interface FiledRequest {
  /** Case number; null for reports, of which nobody is told again. */
  id: string | null
  /** Stands for the number where a program asked for a token. */
  token: string
  notice: string
}

/** The same again from the same person within this time is the client's retry. */
const RETRY_MS = HOUR

/**
 * Files a case as every channel does: the same routing, promise and first events. Sent again within an hour, letter by letter
 * the same by the same key for the same account or device, it is the same case.
 * @throws AppError `service-not-found`; `body-invalid` with problems for a place that is not here
 */
export async function filePublicRequest(
  line: Line,
  submission: PublicSubmission,
  locale: Locale,
): Promise<FiledRequest> {
  const draft = draftOf(line, submission)
  const hash = createHash('sha256').update(canonical(submission)).digest('hex')
  const accountId = `${PUBLIC_CHANNEL}/${line.content.city.jurisdiction}/${submission.client}`
  return line.lock.run(`${accountId}/${hash}`, () =>
    tryAgainOnConflict(line, async () => {
      const at = line.clock.now()
      const known = await earlierAnswer(line, accountId, hash, at)
      if (known) return known
      const { answer, filed } = await line.store.transact(async tx => {
        const current = await record(line, tx, submission, draft)
        const filed = { answer: answerOf(line, current, draft, locale), filed: current }
        tx.keepAnswer({ accountId, key: keyAt(hash, at), request: hash, body: filed.answer, at })
        return filed
      })
      line.bus.publish([{ topic: 'case', caseId: filed.id, version: filed.version }])
      return answer
    }),
  )
}

/** Answers are kept by the hour in which they were given, so that the same may be told anew the next day. */
function keyAt(hash: string, at: Date): string {
  return `${hash}@${Math.floor(at.getTime() / RETRY_MS)}`
}

async function earlierAnswer(line: Line, accountId: string, hash: string, at: Date) {
  const before = new Date(at.getTime() - RETRY_MS)
  for (const moment of [at, before]) {
    const known = await line.store.answers.find(accountId, keyAt(hash, moment))
    if (known && known.at >= before) return known.body as FiledRequest
  }
  return null
}

async function record(
  line: Line,
  tx: Transaction,
  { client, account, device, personName, phone, mediaUrl }: PublicSubmission,
  { matter, service }: SubmittedDraft,
): Promise<Case> {
  // Whoever has neither is nobody else: news of two people never go to one of them.
  const user = account ?? device ?? newId(line.clock.now(), line.chance)
  const channelUserId = `${usersOf(client)}${user}`
  const actor = { role: 'resident' as const, id: line.pseudonym(PUBLIC_CHANNEL, channelUserId) }
  const { case: current } = await fileCase(line, tx, {
    draft: service === null ? matter : emergencyDraft(matter),
    person: { name: personName, phone, channel: PUBLIC_CHANNEL, channelUserId },
    actor,
    conversationId: null,
    family: null,
    service,
  })
  if (mediaUrl === null) return current
  return actOnCase(line, tx, current, { action: 'add-information', actor, input: { text: mediaUrl } }).case
}

/** What is told at once: who answers by when; in danger whom to call; of a report that nothing more is told here. */
function answerOf(line: Line, current: Case, { toCall }: SubmittedDraft, locale: Locale): FiledRequest {
  const { texts } = line.content
  const { dueBy } = caseCard(line, current, locale)
  const department = line.names.department(leadOf(line, current), locale)
  const promised = dueBy === null ? '' : promise(line, department, new Date(dueBy), locale)
  const isReport = current.type === 'report'
  const said = [
    sayDanger(line, toCall, locale),
    isReport ? texts.of(locale, 'open311.report.filed') : promised,
  ]
  return {
    id: isReport ? null : current.number,
    token: current.id,
    notice: said.filter(Boolean).join(locale === 'en' ? ' ' : ''),
  }
}

/**
 * The number of the case that a token stands for.
 * @throws AppError `case-not-found`
 */
export async function resolvePublicToken(line: Line, token: string): Promise<string> {
  const stored = await line.store.transact(tx => tx.caseById(token))
  const isOurs = stored?.case.channel === PUBLIC_CHANNEL && stored.case.type !== 'report'
  if (!stored || !isOurs) throw new AppError('case-not-found')
  return stored.case.number
}

/** The service that the program chose stands; what it left open is read from the words. */
function draftOf(line: Line, submission: PublicSubmission): SubmittedDraft {
  const { serviceCode, attributes, description, address, addressId, at } = submission
  const subject = subjectOfService(line, serviceCode)
  // Wider subjects are for filters: what is filed under one belongs nowhere.
  const isOffered = subject === null || (subject && line.content.subjects.byId(subject)!.level === 3)
  if (!isOffered) throw new AppError('service-not-found')
  return draftSubmission(line, {
    words: description ?? wordsWithout(line, submission),
    subject,
    type: serviceCode === REPORT ? REPORT : (attributes[ATTRIBUTES.type] ?? null),
    time: attributes[ATTRIBUTES.time] ?? null,
    at: at && { point: at, field: 'lat' },
    street: addressId === null ? null : { id: addressId, field: 'address_id' },
    address: [address, attributes[ATTRIBUTES.named]].filter(part => part != null),
  })
}

/** Who sends no words has said what by the service that they chose. */
function wordsWithout(line: Line, { serviceCode, address }: PublicSubmission): string {
  const { names, content } = line
  const subject = subjectOfService(line, serviceCode)
  const what = subject
    ? names.subject(subject, 'zh-Hans')
    : content.texts.of('zh-Hans', `open311.${serviceCode}`)
  return address ? `${what}：${address}` : what
}
