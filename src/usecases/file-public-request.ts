import { createHash } from 'node:crypto'
import type { Case } from '../cases/case.ts'
import { canonical } from '../cases/case-event.ts'
import { draftMatter, placeAnswer, placeOf } from '../conversation/elements.ts'
import type { MatterDraft } from '../conversation/reply.ts'
import { HOUR } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { Coordinates } from '../language/coordinate-systems.ts'
import { nearestPlace } from '../language/slots/nearest-place.ts'
import type { Locale, Matter, Understanding } from '../language/understanding.ts'
import { actOnCase } from './act-on-case.ts'
import { caseCard, leadOf } from './case-card.ts'
import { emergencyDraft, fileCase } from './file-case.ts'
import type { Line } from './line.ts'
import { PUBLIC_CHANNEL, usersOf } from './list-public-requests.ts'
import type { Transaction } from './ports.ts'
import { ATTRIBUTES, REPORT, subjectOfService } from './public-services.ts'
import { refuseFields } from './refuse-field.ts'
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
/** A point farther than this from every place that is known lies in another city. */
const SERVED_KILOMETRES = 25

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
    tryAgainOnConflict(async () => {
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
  { matter, service }: PublicDraft,
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
function answerOf(line: Line, current: Case, { toCall }: PublicDraft, locale: Locale): FiledRequest {
  const { texts, city } = line.content
  const { dueBy } = caseCard(line, current, locale)
  const department = line.names.department(leadOf(line, current), locale)
  const promised = dueBy === null ? '' : promise(line, department, new Date(dueBy), locale)
  const isReport = current.type === 'report'
  const said = [
    toCall === null
      ? null
      : texts.of(locale, 'open311.danger', {
          service: texts.of(locale, `service.${toCall}`, { number: city.emergency[toCall] }),
        }),
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

type EmergencyService = 'police' | 'fire' | 'medical' | 'gas' | 'traffic'

/** A matter read from a submission, with the service that answers for the danger in it. */
interface PublicDraft {
  matter: MatterDraft
  service: EmergencyService | null
  /** Whom to call: also where the danger is only sensed. Nobody can be asked here, and silence sends nobody. */
  toCall: EmergencyService | null
}

/** What the program chose stands; what it left open is read from the words. Nobody can be asked, so what is not sure stays open. */
function draftOf(line: Line, submission: PublicSubmission): PublicDraft {
  const { serviceCode, attributes, description } = submission
  const chosen = subjectOfService(line, serviceCode)
  // Wider subjects are for filters: what is filed under one belongs nowhere.
  const isOffered = chosen === null || (chosen && line.content.subjects.byId(chosen)!.level === 3)
  if (!isOffered) throw new AppError('service-not-found')
  const words = description ?? wordsWithout(line, submission)
  const said = line.understander.understand(words, { now: line.clock.now() })
  const read = draftMatter(wholeMatter(said, words), line.content.elements)
  const isReport = serviceCode === REPORT || read.type === 'report'
  const matter: MatterDraft = {
    ...read,
    ...placedBy(line, submission, read),
    ...(chosen === null
      ? {}
      : { subject: chosen, subjectCandidates: [{ label: chosen, confidence: 1 }], evidence: [] }),
    type: isReport ? 'report' : (attributes[ATTRIBUTES.type] ?? read.type),
    time: attributes[ATTRIBUTES.time] ?? read.time ?? null,
  }
  const [danger] = said.dangers
  const toCall = (danger?.service as EmergencyService | undefined) ?? null
  return { matter, service: danger?.isSensed ? null : toCall, toCall }
}

/** One request is one case, however many matters stand in it; what it is about is then open, unless all are about the same. */
function wholeMatter(said: Understanding, words: string): Matter {
  const [first, ...others] = said.matters
  const isOne = others.every(({ subject }) => subject.label === first!.subject.label)
  return {
    ...first!,
    words,
    subject: isOne ? first!.subject : { ...first!.subject, label: null },
    places: said.places,
    times: said.times,
  }
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

type Placed = ReturnType<typeof placeAnswer>

/** The address as the line reads places everywhere; a point lies in the street of what is nearest to it. */
function placedBy(line: Line, submission: PublicSubmission, read: MatterDraft): Placed {
  const { at, attributes } = submission
  const named = attributes[ATTRIBUTES.named]
  const street = streetOf(line, submission.addressId)
  const address = [street?.name, submission.address, named].filter(Boolean).join(' ')
  const said = address
    ? placeAnswer(line.understander.understand(address, { now: line.clock.now() }))
    : { place: null, street: null, community: null, spot: null, at: null, ...placeOf(read) }
  const placed = { ...said, street: street?.id ?? said.street ?? null }
  if (!at) return placed
  const near = nearestPlace(line.content.places, at)
  if (near && near.kilometres > SERVED_KILOMETRES) throw refuseFields([{ field: 'lat', because: 'outside' }])
  const point = `${at[1].toFixed(5)}, ${at[0].toFixed(5)}`
  return {
    ...placed,
    place: placed.place ?? (near ? `${near.place.street.name} ${point}` : point),
    street: placed.street ?? near?.place.street.id ?? null,
    at,
  }
}

function streetOf({ content }: Line, id: string | null) {
  if (id === null) return null
  const street = content.places.streets.find(each => each.id === id)
  if (!street) throw refuseFields([{ field: 'address_id', because: 'unknown' }])
  return street
}
