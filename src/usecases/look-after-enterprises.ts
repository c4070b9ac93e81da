import { promiseOf } from '../cases/case.ts'
import { isFinal } from '../cases/case-state.ts'
import { type Light, lightOf } from '../clocks/stage-clock.ts'
import { DAY } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { type MayContact, mayContact } from '../stewards/may-contact.ts'
import { warnsSteward } from '../stewards/steward-warning.ts'
import { caseCard } from './case-card.ts'
import { ENTERPRISE_CHANNEL } from './enterprise-channel.ts'
import { type EnterpriseLife, enterpriseLife } from './enterprise-life.ts'
import type { Enterprise, EnterpriseRecord } from './enterprise-ports.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { viewOf } from './role-views.ts'
import { askedAt, readTalk, type TalkEntry } from './steward-talk.ts'

/** More open cases of one enterprise are not shown. */
const MOST_CASES = 50
const LATEST_RECORDS = 50
/** Longer than any month. */
const MONTH_MS = 32 * DAY

/** An enterprise in the list of whoever looks after it. */
export interface ListedEnterprise {
  code: string
  name: string
  sectorName: string
  stageName: string
  stewardName: string | null
  openCases: number
  /** Of those the ones at which the steward should look now. */
  warnedCases: number
  /** What comes next; null: all of the stage is done. */
  next: { name: string; dueAt: Date; isLate: boolean } | null
  isQuiet: boolean
}

export interface EnterpriseList {
  rows: ListedEnterprise[]
  /** How many each steward has; whoever sees only their own gets none of it. */
  load: { login: string; name: string; count: number; most: number }[]
  sectors: { id: string; name: string }[]
  mayAssign: boolean
}

/** The enterprises of a steward, or all for whoever watches over them. @throws AppError `action-forbidden` */
export async function listEnterprises(line: Line, account: Account, locale: Locale): Promise<EnterpriseList> {
  const reach = reachOf(line, account)
  const { rules } = line.content.stewards
  const { enterprises } = line.store
  const all = await enterprises.list(reach === 'every' ? null : account.login)
  const load = reach === 'every' ? await enterprises.load() : null
  return {
    rows: await Promise.all(all.map(each => listed(line, account, each, locale))),
    load: load
      ? rules.stewards.map(({ login, name, most }) => ({ login, name, most, count: load.get(login) ?? 0 }))
      : [],
    sectors: rules.sectors.map(sector => ({ id: sector.id, name: line.names.text(sector, locale) })),
    mayAssign: reach === 'every',
  }
}

async function listed(
  line: Line,
  account: Account,
  enterprise: Enterprise,
  locale: Locale,
): Promise<ListedEnterprise> {
  const cases = await openCases(line, account, enterprise, locale)
  const { stages, steps } = enterpriseLife(line, enterprise, locale)
  const next = steps.find(({ isDone }) => !isDone)
  return {
    code: enterprise.code,
    name: enterprise.name,
    ...namesOf(line, enterprise, locale),
    stageName: stages.find(({ state }) => state === 'now')!.name,
    openCases: cases.length,
    warnedCases: cases.filter(({ isWarned }) => isWarned).length,
    next: next ? { name: next.name, dueAt: next.dueAt, isLate: next.dueAt < line.clock.now() } : null,
    isQuiet: enterprise.quietSince !== null,
  }
}

/** A case of an enterprise as its steward watches it. */
export interface WatchedCase {
  id: string
  number: string
  title: string
  statusText: string
  departmentName: string
  dueAt: Date | null
  light: Light | null
  /** The steward should look at it now, before the department is warned. */
  isWarned: boolean
}

/** An enterprise with all that its steward needs. */
export interface EnterpriseView {
  code: string
  name: string
  sectorName: string
  stewardName: string | null
  steward: string | null
  /** Masked; whole by a look that is recorded. */
  contact: { name: string | null; phone: string | null }
  life: EnterpriseLife
  cases: WatchedCase[]
  talk: TalkEntry[]
  mayContact: MayContact
  isQuiet: boolean
  records: EnterpriseRecord[]
  version: number
}

/** @throws AppError `action-forbidden`; `enterprise-not-found`, also for those of other stewards */
export async function showEnterprise(
  line: Line,
  account: Account,
  code: string,
  locale: Locale,
): Promise<EnterpriseView> {
  const enterprise = await watchedEnterprise(line, account, code)
  const { enterprises } = line.store
  const [cases, talk, may, records, contact] = await Promise.all([
    openCases(line, account, enterprise, locale),
    readTalk(line, enterprise, 0),
    whetherToContact(line, enterprise),
    enterprises.records(code, LATEST_RECORDS),
    enterprises.contact(code),
  ])
  return {
    code,
    name: enterprise.name,
    steward: enterprise.steward,
    ...namesOf(line, enterprise, locale),
    contact: { name: contact.name && `${[...contact.name][0]}**`, phone: masked(contact.phone) },
    life: enterpriseLife(line, enterprise, locale),
    cases,
    talk,
    mayContact: may,
    isQuiet: enterprise.quietSince !== null,
    records,
    version: enterprise.version,
  }
}

/** May it be written to now, by the city's rules? */
export async function whetherToContact(line: Line, enterprise: Enterprise): Promise<MayContact> {
  const now = line.clock.now()
  const since = new Date(now.getTime() - MONTH_MS)
  const [unasked, asked] = await Promise.all([
    line.store.enterprises.unaskedSince(enterprise.code, since),
    askedAt(line, enterprise),
  ])
  const { rules, quietCalendar } = line.content.stewards
  const contacts = { unasked, quietSince: enterprise.quietSince, askedAt: asked }
  return mayContact(now, contacts, rules.quiet, quietCalendar)
}

/** An enterprise that the account looks after or watches over. @throws AppError as `showEnterprise` */
export async function watchedEnterprise(line: Line, account: Account, code: string): Promise<Enterprise> {
  const reach = reachOf(line, account)
  const enterprise = await line.store.enterprises.one(code)
  const isOwn = enterprise?.steward === account.login
  if (!enterprise || (reach === 'own' && !isOwn)) throw new AppError('enterprise-not-found')
  return enterprise
}

/** Whose enterprises an account sees. @throws AppError `action-forbidden` for none */
export function reachOf(line: Line, account: Account): 'every' | 'own' {
  const { enterprises } = viewOf(line, account)
  if (enterprises === 'none') throw new AppError('action-forbidden', { role: account.role })
  return enterprises
}

async function openCases(
  line: Line,
  account: Account,
  { code }: Enterprise,
  locale: Locale,
): Promise<WatchedCase[]> {
  const { rows } = await line.store.listCases({
    filedBy: { channel: ENTERPRISE_CHANNEL, channelUserId: code },
    includeConfidential: viewOf(line, account).confidential === 'every',
    sort: 'newest',
    limit: MOST_CASES,
  })
  const ids = rows.filter(({ state }) => !isFinal(state as never)).map(({ id }) => id)
  const cases = await line.store.transact(tx => tx.casesById(ids))
  const now = line.clock.now()
  const atPercent = line.content.stewards.rules.warnAtPercent
  return ids.map(id => {
    const current = cases.get(id)!
    const clock = promiseOf(current)
    const card = caseCard(line, current, locale)
    return {
      id,
      number: current.number,
      title: card.title,
      statusText: card.statusText,
      departmentName: card.departmentName,
      dueAt: clock?.dueAt ?? null,
      light: clock && lightOf(clock, now),
      isWarned: clock !== null && warnsSteward(clock, { now, atPercent }, line.policy.calendar),
    }
  })
}

function namesOf(line: Line, { sector, steward }: Enterprise, locale: Locale) {
  const { sectors, stewards } = line.content.stewards.rules
  const known = sectors.find(({ id }) => id === sector)
  return {
    sectorName: known ? line.names.text(known, locale) : sector,
    stewardName: stewards.find(({ login }) => login === steward)?.name ?? null,
  }
}

function masked(phone: string | null): string | null {
  return phone && `${phone.slice(0, 3)}****${phone.slice(-4)}`
}
