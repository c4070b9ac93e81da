import { createHash } from 'node:crypto'
import type { Case } from '../cases/case.ts'
import { canonical } from '../cases/case-event.ts'
import type { HandedIn } from '../guidance/check-application.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { stepLine } from './application-card.ts'
import { itemName } from './application-words.ts'
import { applyForItem } from './apply-for-item.ts'
import { type EnterpriseCase, enterpriseCase } from './enterprise-case.ts'
import { type CaseName, ownEnterpriseCase } from './enterprise-cases.ts'
import { giverOf } from './file-enterprise-case.ts'
import type { KeptFiles } from './kept-files.ts'
import type { Line } from './line.ts'
import type { EnterpriseCaller } from './manage-keys.ts'
import type { Page, Transaction } from './ports.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** An application as the enterprise that filed it sees it: a case with its steps, its decision and what it got. */
export interface EnterpriseApplication extends EnterpriseCase {
  item: { id: string; name: string }
  steps: { name: string; state: 'done' | 'now' | 'ahead' }[]
  decision: { outcome: 'approved' | 'refused'; text: string; decidedAt: Date } | null
  certificate: { number: string; validUntil: string | null } | null
}

/** What its system hands in; who it is says its key. */
export interface EnterpriseApplicationWanted
  extends Pick<HandedIn, 'answers' | 'documents' | 'amounts' | 'name' | 'phone'> {
  item: string
  externalId: string | null
  place: string | null
}

/**
 * Files an application of the enterprise whose key it is. The same again under one external id is the same application.
 * @param keep told the answer inside the transaction of the filing
 * @throws AppError as `checkRequest`, `external-id-taken`
 */
export async function applyAsEnterprise(
  line: Line,
  caller: EnterpriseCaller,
  wanted: EnterpriseApplicationWanted,
  {
    locale,
    files,
    keep,
  }: { locale: Locale; files: KeptFiles; keep(tx: Transaction, shown: EnterpriseApplication): void },
): Promise<EnterpriseApplication> {
  const request = createHash('sha256').update(canonical(wanted)).digest('hex')
  const { shown, filed } = await tryAgainOnConflict(line, () =>
    line.store.transact(async tx => {
      const known = await filedBefore(tx, caller, wanted.externalId, request)
      const current = known ?? (await record(line, tx, caller, wanted, { request, locale, files }))
      const answer = present(line, current, wanted.externalId, locale)
      keep(tx, answer)
      return { shown: answer, filed: known ? null : current }
    }),
  )
  if (filed) line.bus.publish([{ topic: 'case', caseId: filed.id, version: filed.version }])
  return shown
}

/** @throws AppError `case-not-found`, also for what is no application, and for those of others */
export async function showEnterpriseApplication(
  line: Line,
  caller: EnterpriseCaller,
  name: CaseName,
  locale: Locale,
): Promise<EnterpriseApplication> {
  return line.store.transact(async tx => {
    const { case: current } = await ownEnterpriseCase(tx, caller, name)
    if (!current.application) throw new AppError('case-not-found')
    const ids = await tx.externalIds.of([current.id])
    return present(line, current, ids.get(current.id) ?? null, locale)
  })
}

/** Its own applications, newest first. @throws AppError `body-invalid` for a cursor that no page gave out */
export async function listEnterpriseApplications(
  line: Line,
  caller: EnterpriseCaller,
  { limit, cursor }: { limit: number; cursor: string | null },
  locale: Locale,
): Promise<Page<EnterpriseApplication>> {
  const { rows, nextCursor } = await line.store.listCases({
    filedBy: giverOf(caller),
    type: 'application',
    includeConfidential: true,
    sort: 'newest',
    limit,
    ...(cursor === null ? {} : { cursor }),
  })
  const ids = rows.map(({ id }) => id)
  return line.store.transact(async tx => {
    const [cases, externalIds] = await Promise.all([tx.casesById(ids), tx.externalIds.of(ids)])
    const shown = ids.map(id => present(line, cases.get(id)!, externalIds.get(id) ?? null, locale))
    return { rows: shown, nextCursor }
  })
}

async function filedBefore(
  tx: Transaction,
  caller: EnterpriseCaller,
  externalId: string | null,
  request: string,
): Promise<Case | null> {
  const known = externalId === null ? null : await tx.externalIds.find(giverOf(caller), externalId)
  if (!known) return null
  if (known.request !== request) throw new AppError('external-id-taken')
  return (await tx.caseById(known.caseId))!.case
}

async function record(
  line: Line,
  tx: Transaction,
  caller: EnterpriseCaller,
  { item, externalId, place, ...handed }: EnterpriseApplicationWanted,
  { request, locale, files }: { request: string; locale: Locale; files: KeptFiles },
): Promise<Case> {
  const giver = giverOf(caller)
  const { case: filed } = await applyForItem(
    line,
    tx,
    {
      item,
      place,
      given: {
        ...handed,
        applicant: 'enterprise',
        identityNumber: '',
        organisation: caller.displayName,
        creditCode: caller.enterprise,
      },
      ...giver,
      actor: { role: 'resident', id: line.pseudonym(giver.channel, giver.channelUserId) },
      conversationId: null,
      locale,
    },
    files,
  )
  if (externalId !== null) tx.externalIds.add(giver, { id: externalId, caseId: filed.id, request })
  return filed
}

function present(
  line: Line,
  current: Case,
  externalId: string | null,
  locale: Locale,
): EnterpriseApplication {
  const application = current.application!
  const { decision, conclusion } = current
  return {
    ...enterpriseCase(line, current, { externalId, handled: null }, locale),
    item: { id: application.item, name: itemName(line, application, locale) },
    steps: stepLine(line, current, locale).map(({ name, state }) => ({ name, state })),
    decision: decision && { outcome: decision.outcome, text: decision.text, decidedAt: decision.at },
    certificate: conclusion && { number: conclusion.certificate, validUntil: conclusion.validUntil },
  }
}
