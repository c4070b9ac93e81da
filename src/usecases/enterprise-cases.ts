import type { Case } from '../cases/case.ts'
import type { Actor, CaseEvent } from '../cases/case-event.ts'
import { isCaseNumber } from '../cases/case-number.ts'
import type { CaseState } from '../cases/case-state.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import {
  type EnterpriseCase,
  type EnterpriseCaseWithHistory,
  enterpriseCase,
  wholeEnterpriseCase,
} from './enterprise-case.ts'
import { ENTERPRISE_CHANNEL } from './enterprise-channel.ts'
import { giverOf } from './file-enterprise-case.ts'
import type { Line } from './line.ts'
import type { EnterpriseCaller } from './manage-keys.ts'
import { type OwnAction, performResidentAction } from './perform-resident-action.ts'
import type { Page, Transaction } from './ports.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** One of the enterprise's own cases, by our number or by its own id. */
export type CaseName = { number: string } | { externalId: string }

/** @throws AppError `case-not-found`, also for cases of others: nobody learns that they exist */
export async function showEnterpriseCase(
  line: Line,
  caller: EnterpriseCaller,
  name: CaseName,
  locale: Locale,
): Promise<EnterpriseCaseWithHistory> {
  return line.store.transact(async tx => {
    const stored = await ownEnterpriseCase(tx, caller, name)
    return whole(line, tx, stored, locale)
  })
}

export interface EnterpriseQuery {
  states: readonly CaseState[] | null
  filedSince: Date | null
  changedSince: Date | null
  limit: number
  /** From the page before. */
  cursor: string | null
}

/** The enterprise's own cases, newest first. @throws AppError `body-invalid` for a cursor that no page gave out */
export async function listEnterpriseCases(
  line: Line,
  caller: EnterpriseCaller,
  { states, filedSince, changedSince, limit, cursor }: EnterpriseQuery,
  locale: Locale,
): Promise<Page<EnterpriseCase>> {
  const { rows, nextCursor } = await line.store.listCases({
    filedBy: giverOf(caller),
    ...(states ? { states } : {}),
    ...(filedSince ? { filedSince } : {}),
    ...(changedSince ? { changedSince } : {}),
    ...(cursor === null ? {} : { cursor }),
    includeConfidential: true,
    sort: 'newest',
    limit,
  })
  const ids = rows.map(({ id }) => id)
  return line.store.transact(async tx => {
    const [cases, externalIds] = await Promise.all([tx.casesById(ids), tx.externalIds.of(ids)])
    const joinedTo = [...cases.values()].flatMap(({ state, joined }) =>
      state === 'joined' && joined ? [joined.to] : [],
    )
    const handledOnes = await tx.casesById(joinedTo)
    const shown = ids.map(id => {
      const current = cases.get(id)!
      const handled = (current.state === 'joined' && handledOnes.get(current.joined!.to)) || null
      return enterpriseCase(line, current, { externalId: externalIds.get(id) ?? null, handled }, locale)
    })
    return { rows: shown, nextCursor }
  })
}

/** What an enterprise does with its own case. */
export type EnterpriseAction = OwnAction

/**
 * The same that a resident may do with theirs.
 * @param keep told the answer inside the transaction
 * @throws AppError `case-not-found`, `action-not-now`
 */
export async function actOnEnterpriseCase(
  line: Line,
  caller: EnterpriseCaller,
  { number, ...action }: EnterpriseAction & { number: string },
  { locale, keep }: { locale: Locale; keep(tx: Transaction, shown: EnterpriseCaseWithHistory): void },
): Promise<EnterpriseCaseWithHistory> {
  const act = () =>
    line.store.transact(async tx => {
      const { case: current } = await ownEnterpriseCase(tx, caller, { number })
      const changed = await performResidentAction(line, tx, current, action, actorOf(line, caller))
      const shown = await whole(line, tx, (await tx.caseById(current.id))!, locale)
      keep(tx, shown)
      return { shown, changed }
    })
  // One after another, as the turns of a conversation: of many urges at once each counts.
  const { shown, changed } = await line.lock.run(`case.${number}`, () => tryAgainOnConflict(line, act))
  line.bus.publish([{ topic: 'case', caseId: changed.id, version: changed.version }])
  return shown
}

function actorOf(line: Line, caller: EnterpriseCaller): Actor {
  const { channel, channelUserId } = giverOf(caller)
  return { role: 'resident', id: line.pseudonym(channel, channelUserId) }
}

interface Stored {
  case: Case
  events: CaseEvent[]
}

/** @throws AppError `case-not-found`, also for cases of others */
export async function ownEnterpriseCase(
  tx: Transaction,
  caller: EnterpriseCaller,
  name: CaseName,
): Promise<Stored> {
  const stored = 'number' in name ? await byNumber(tx, name.number) : await byExternalId(tx, caller, name)
  const person = stored?.case.channel === ENTERPRISE_CHANNEL ? await tx.personOf(stored.case.id) : null
  if (!stored || person?.channelUserId !== caller.enterprise) throw new AppError('case-not-found')
  return stored
}

async function byNumber(tx: Transaction, number: string): Promise<Stored | null> {
  return isCaseNumber(number) ? tx.caseByNumber(number) : null
}

async function byExternalId(
  tx: Transaction,
  caller: EnterpriseCaller,
  { externalId }: { externalId: string },
): Promise<Stored | null> {
  const known = await tx.externalIds.find(giverOf(caller), externalId)
  return known && tx.caseById(known.caseId)
}

async function whole(
  line: Line,
  tx: Transaction,
  stored: Stored,
  locale: Locale,
): Promise<EnterpriseCaseWithHistory> {
  const externalIds = await tx.externalIds.of([stored.case.id])
  const externalId = externalIds.get(stored.case.id) ?? null
  return wholeEnterpriseCase(line, tx, stored, { externalId, locale })
}
