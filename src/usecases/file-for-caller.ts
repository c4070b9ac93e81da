import { createHash } from 'node:crypto'
import type { Help } from '../assist/help-kinds.ts'
import type { Case } from '../cases/case.ts'
import { type Actor, canonical } from '../cases/case-event.ts'
import type { RequestType } from '../cases/case-inputs.ts'
import { draftMatter, placeAnswer } from '../conversation/elements.ts'
import type { CaseCard } from '../conversation/message.ts'
import type { MatterDraft } from '../conversation/reply.ts'
import { AppError } from '../kernel/errors.ts'
import { type Chance, newId } from '../kernel/ids.ts'
import type { Locale } from '../language/understanding.ts'
import { actOnCase } from './act-on-case.ts'
import { callerBy, callOf, checkAnswering, numberOf } from './agents-caller.ts'
import { caseCard } from './case-card.ts'
import { wholeMatter } from './draft-submission.ts'
import { emergencyDraft, fileCase, planFiling } from './file-case.ts'
import { residentOfChat, tellFiled } from './file-in-chat.ts'
import { handledFor } from './join-neighbours.ts'
import type { Line } from './line.ts'
import type { Account, Person, Transaction } from './ports.ts'
import { newQueryCode } from './record-filing.ts'
import { tryAgainOnConflict } from './try-again.ts'
import { onOwnChat } from './work-on-chats.ts'

/** One matter as an agent has filled it in. */
export interface CallerMatter {
  /** The caller's own words, or the agent's note of them. */
  words: string
  type: RequestType
  /** Full id; null: nobody knows yet. */
  subject: string | null
  place: string | null
  time: string | null
  wanted: string | null
  summary: string | null
  /** The case of others that the caller joins. */
  joins: string | null
  /** Which of the departments that come into question, where the line is not sure. */
  lead: string | null
  /** Service that answers for a danger. */
  service: string | null
  /** What the caller was told and is the answer: of consultations only. */
  answer: string | null
}

export interface CallerFiling {
  callId: string | null
  /** The chat in which the resident wrote: the cases are their own, and they are told. */
  chatId: string | null
  matters: readonly CallerMatter[]
  name: string | null
  /** Digits; null: the number of the call, unless `isWithoutPhone`. */
  phone: string | null
  isWithoutPhone: boolean
  /** What became of the help; null where none was shown. */
  help: Help | null
}

/** What the caller is told at the end. */
export interface FiledForCaller {
  cases: { id: string; version: number; card: CaseCard }[]
}

/** What is kept of an answer: the codes are worked out anew. */
interface KeptFiling {
  caseIds: string[]
}

/**
 * Files all matters of a talk in one transaction, for a person who calls or writes in a chat. With a key the same request again gets the same answer,
 * query codes included, and files nothing twice: a lost connection costs the caller nothing.
 * @throws AppError `action-forbidden`, `phone-call-not-found`, `action-invalid` for an unknown subject or department, or an answer that is none,
 * `idempotency-mismatch`, `chat-not-found`, `chat-not-yours`
 */
export async function fileForCaller(
  line: Line,
  account: Account,
  filing: CallerFiling,
  { key, locale }: { key: string | null; locale: Locale },
): Promise<FiledForCaller> {
  checkAnswering(account)
  checkAnswers(filing)
  const call = await callOf(line, filing.callId)
  const accountId = account.id
  const code = (index: number) => codeOf(line, accountId, request.key, index)
  const request = { key: key ?? newId(line.clock.now(), line.chance), hash: hashOf(filing) }
  const caseIds = await tryAgainOnConflict(line, async () => {
    const known = await line.store.answers.find(accountId, keptUnder(request.key))
    if (known && known.request !== request.hash) throw new AppError('idempotency-mismatch')
    if (known) return (known.body as KeptFiling).caseIds
    const fileFor = async (tx: Transaction, person: Person, conversationId: string | null) => {
      const by = {
        person,
        conversationId,
        actor: { role: 'agent', id: account.login } as const,
        codeOf: code,
      }
      const all = await fileAll(line, tx, filing, by)
      const at = line.clock.now()
      if (filing.help) tx.help.add({ ...filing.help, accountId, at, cases: all.length })
      const body: KeptFiling = { caseIds: all.map(({ id }) => id) }
      tx.keepAnswer({
        accountId,
        key: keptUnder(request.key),
        request: request.hash,
        body,
        at,
      })
      return all
    }
    const filed =
      filing.chatId === null
        ? await line.store.transact(tx => fileFor(tx, personOf(line, filing, numberOf(call)), null))
        : await onOwnChat(line, account, filing.chatId, async chat => {
            const { tx, conversation } = chat
            const all = await fileFor(tx, residentOfChat(conversation, filing), conversation.id)
            await tellFiled(
              chat,
              account,
              all,
              all.map((_, index) => code(index)),
            )
            return all
          })
    line.bus.publish(filed.map(({ id, version }) => ({ topic: 'case', caseId: id, version })))
    return filed.map(({ id }) => id)
  })
  return receiptOf(
    line,
    caseIds,
    caseIds.map((_, index) => code(index)),
    locale,
  )
}

/** Only a question is answered by telling something; what must be done, by somebody or for somebody in danger, is not. */
function checkAnswers({ matters }: CallerFiling): void {
  const issues = matters.flatMap(({ answer, type, service, joins }, i) => {
    if (answer === null) return []
    if (type !== 'consultation') return [`matters.${i}.answer: is for consultations only`]
    return service !== null || joins !== null
      ? [`matters.${i}.answer: not with a danger or a case that is joined`]
      : []
  })
  if (issues.length > 0) throw new AppError('action-invalid', { issues })
}

async function fileAll(
  line: Line,
  tx: Transaction,
  { matters }: CallerFiling,
  by: { person: Person; conversationId: string | null; actor: Actor; codeOf(index: number): string },
): Promise<Case[]> {
  const family = matters.length > 1 ? newId(line.clock.now(), line.chance) : null
  const filed: Case[] = []
  for (const [index, matter] of matters.entries()) {
    const told = draftOf(line, matter)
    const request = {
      draft: matter.service === null ? told : emergencyDraft(told),
      person: by.person,
      actor: by.actor,
      conversationId: by.conversationId,
      family,
      service: matter.service,
      joins: matter.joins,
      queryCode: by.codeOf(index),
      answer: matter.answer === null ? null : { actor: by.actor, text: matter.answer },
    }
    const { case: current } = await fileCase(line, tx, request)
    filed.push(matter.lead === null ? current : dispatchTo(line, tx, current, matter.lead, request, by.actor))
  }
  return filed
}

/** Where the line is not sure, whoever speaks with the caller may be. */
function dispatchTo(
  line: Line,
  tx: Transaction,
  current: Case,
  lead: string,
  request: Parameters<typeof planFiling>[1],
  actor: Actor,
): Case {
  if (current.state !== 'accepted') return current
  const { route } = planFiling(line, request)
  const candidate = route.candidates.find(({ department }) => department === lead)
  if (!candidate) throw new AppError('action-invalid', { issues: ['lead: none that comes into question'] })
  const input = { lead, coHandlers: [], reason: candidate.reason, candidates: route.candidates }
  return actOnCase(line, tx, current, { action: 'dispatch', actor, input }).case
}

/** What the agent filled in stands; what the line knows of these words goes along. */
function draftOf(line: Line, matter: CallerMatter): MatterDraft {
  const { words, subject, place, time, wanted, summary, type } = matter
  const understand = (text: string) => line.understander.understand(text, { now: line.clock.now() })
  const isKnown = subject === null || line.content.subjects.byId(subject)?.level === 3
  if (!isKnown) throw new AppError('action-invalid', { issues: ['subject: not known'] })
  const read = draftMatter(wholeMatter(understand(words), words), line.content.elements)
  const others = read.subjectCandidates.filter(({ label }) => label !== subject)
  const { place: _place, ...unplaced } = read
  return {
    ...unplaced,
    ...(place === null ? { place: null } : { ...placeAnswer(understand(place)), place }),
    subject,
    subjectCandidates: subject === null ? others : [{ label: subject, confidence: 1 }, ...others].slice(0, 5),
    evidence: read.subject === subject ? read.evidence : [],
    type,
    time,
    wanted,
    ...(summary === null ? {} : { summary }),
  }
}

function personOf(line: Line, { name, phone, isWithoutPhone }: CallerFiling, number: string | null): Person {
  const reached = isWithoutPhone ? null : (phone ?? number)
  return { ...callerBy(line, number ?? phone), name, phone: reached }
}

async function receiptOf(
  line: Line,
  caseIds: readonly string[],
  codes: readonly string[],
  locale: Locale,
): Promise<FiledForCaller> {
  return line.store.transact(async tx => {
    const stored = await tx.casesById(caseIds)
    const cases = await Promise.all(
      caseIds.map(async (id, index) => {
        const current = stored.get(id)!
        const handled = await handledFor(tx, current)
        const card = caseCard(line, current, locale, { queryCode: codes[index], handled })
        return { id, version: current.version, card }
      }),
    )
    return { cases }
  })
}

/** Other answers of the same account under the same key are none of this. */
function keptUnder(key: string): string {
  return `agent/${key}`
}

/** A repeat after a lost connection took longer and more keys, and is the same request. */
function hashOf({ help: _help, ...filing }: CallerFiling): string {
  return createHash('sha256').update(canonical(filing)).digest('hex')
}

/** The same for the same request and known to nobody without the line's key, so that it need not be kept to be told again. */
function codeOf(line: Line, accountId: string, key: string, index: number): string {
  const secret = line.pseudonym('query-code', `${accountId}/${key}/${index}`)
  let left = BigInt(`0x${createHash('sha256').update(secret).digest('hex')}`)
  const chance: Chance = {
    bytes: () => new Uint8Array(),
    below: below => {
      const drawn = left % BigInt(below)
      left /= BigInt(below)
      return Number(drawn)
    },
  }
  return newQueryCode(chance)
}
