import type { Case } from '../cases/case.ts'
import type { Actor, CaseEvent } from '../cases/case-event.ts'
import { isCaseNumber } from '../cases/case-number.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { actOnCase } from './act-on-case.ts'
import { type Concluded, concludedOf } from './certificate.ts'
import { joinableCase } from './join-neighbours.ts'
import type { Line } from './line.ts'
import { openByCode } from './look-up-case.ts'
import { type MyCase, type MyCaseView, myCase, wholeMyCase, whyNotUrge } from './my-case.ts'
import { neighbourOf } from './offer-joining.ts'
import { type OwnAction, performResidentAction } from './perform-resident-action.ts'
import type { PhoneProof } from './phone-proof-ports.ts'
import type { Person, Transaction } from './ports.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** More of one person's cases are not listed. */
const MOST_LISTED = 50

/** By what a browser opens cases besides their query codes: a proved number, the account of its own chat. */
export interface Holder {
  proof: PhoneProof | null
  account: Pick<Person, 'channel' | 'channelUserId'> | null
}

/** One case, by its query code or, without one, by what the holder has. */
export interface CaseKey {
  number: string
  queryCode: string | null
}

/** By which way a case was found. */
export type FoundBy = 'code' | 'phone' | 'chat'

/** The cases of a number and of a chat's account, newest first. */
export async function listMyCases(
  line: Line,
  { proof, account }: Holder,
  locale: Locale,
): Promise<(MyCase & { by: FoundBy })[]> {
  return line.store.transact(async tx => {
    const byPhone = proof ? await line.store.phoneProofs.casesOf(proof, MOST_LISTED) : []
    const byChat = account ? await tx.casesOf(account, MOST_LISTED) : []
    const ways = new Map<string, FoundBy>([
      ...byPhone.map(id => [id, 'phone'] as const),
      ...byChat.map(({ id }) => [id, 'chat'] as const),
    ])
    const cases = await tx.casesById([...ways.keys()])
    const handled = await tx.casesById(
      [...cases.values()].flatMap(({ joined }) => (joined ? [joined.to] : [])),
    )
    return [...cases.values()]
      .toSorted((a, b) => b.filedAt.getTime() - a.filedAt.getTime())
      .slice(0, MOST_LISTED)
      .map(current => ({
        ...myCase(
          line,
          current,
          (current.state === 'joined' && handled.get(current.joined!.to)) || null,
          locale,
        ),
        by: ways.get(current.id)!,
      }))
  })
}

/** @throws AppError as `openOwn` */
export async function showMyCase(
  line: Line,
  key: CaseKey,
  holder: Holder,
  locale: Locale,
): Promise<MyCaseView> {
  return line.store.transact(async tx => wholeMyCase(line, tx, await openOwn(line, tx, key, holder), locale))
}

/** What a person does with their case. */
export type MyAction = OwnAction | { do: 'join-neighbours' }

/**
 * Does it once: `keep` is told inside the transaction.
 * @throws AppError as `openOwn`, and `action-not-now`
 */
export async function actOnMyCase(
  line: Line,
  key: CaseKey,
  holder: Holder,
  { action, keep }: { action: MyAction; keep(tx: Transaction): void },
): Promise<void> {
  const change = () =>
    line.store.transact(async tx => {
      const { case: current } = await openOwn(line, tx, key, holder)
      const person = await tx.personOf(current.id)
      const id = person ? line.pseudonym(person.channel, person.channelUserId) : 'link'
      const after = await perform(line, tx, current, action, { role: 'resident', id })
      keep(tx)
      return after
    })
  // One after another, so that those who do something with one case at once need not try again.
  const changed = await line.lock.run(`case.${key.number}`, () => tryAgainOnConflict(line, change))
  line.bus.publish([{ topic: 'case', caseId: changed.id, version: changed.version }])
}

/** The certificate or notice of one's own application. @throws AppError as `openOwn`, `certificate-not-found` while there is none */
export async function myConcluded(line: Line, key: CaseKey, holder: Holder): Promise<Concluded> {
  return line.store.transact(async tx => {
    const { case: current } = await openOwn(line, tx, key, holder)
    return concludedOf(tx, current)
  })
}

/** Is the case theirs? Nothing is said of it. @throws AppError as `openOwn` */
export async function checkMyCase(line: Line, key: CaseKey, holder: Holder): Promise<void> {
  await line.store.transact(async tx => openOwn(line, tx, key, holder))
}

interface Stored {
  case: Case
  events: CaseEvent[]
}

/**
 * A case by its query code, the chat in which it was filed, or its number. What is confidential is never opened by a
 * number: others may hold the telephone.
 * @throws AppError `case-number-invalid`, `query-code-wrong`, `case-not-found`, also for cases of others
 */
async function openOwn(
  line: Line,
  tx: Transaction,
  { number, queryCode }: CaseKey,
  { proof, account }: Holder,
): Promise<Stored> {
  if (queryCode !== null) return openByCode(tx, { number, queryCode })
  const stored = isCaseNumber(number) ? await tx.caseByNumber(number) : null
  if (!stored) throw new AppError('case-not-found')
  const { id, isConfidential } = stored.case
  const person = account && (await tx.personOf(id))
  const isOfAccount =
    person !== null && person.channel === account!.channel && person.channelUserId === account!.channelUserId
  if (isOfAccount) return stored
  if (proof && !isConfidential && (await line.store.phoneProofs.isOf(proof, id))) return stored
  throw new AppError('case-not-found')
}

/** @returns the case that it changed */
async function perform(
  line: Line,
  tx: Transaction,
  current: Case,
  action: MyAction,
  actor: Actor,
): Promise<Case> {
  if (action.do === 'join-neighbours') return join(line, tx, current, actor)
  if (action.do === 'urge' && whyNotUrge(current)) throw notNow('urge', current)
  return performResidentAction(line, tx, current, action, actor)
}

async function join(line: Line, tx: Transaction, current: Case, actor: Actor): Promise<Case> {
  const found = await neighbourOf(line, tx, current)
  const to = found && (await joinableCase(tx, found.id))
  if (!to) throw notNow('join-neighbours', current)
  return actOnCase(line, tx, current, { action: 'join-neighbours', actor, input: { to: to.id } }).case
}

function notNow(action: string, { state }: Case): AppError {
  return new AppError('action-not-now', { action, state })
}
