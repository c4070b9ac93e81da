import { AppError } from '../kernel/errors.ts'
import { ensureEnterprise, type NewEnterprise } from './assign-enterprise.ts'
import type { Enterprise, EnterpriseContact, EnterpriseRecord } from './enterprise-ports.ts'
import type { Line } from './line.ts'
import { reachOf, watchedEnterprise, whetherToContact } from './look-after-enterprises.ts'
import type { Account } from './ports.ts'
import { sayToEnterprise } from './steward-talk.ts'

/** What a steward does for an enterprise. */
export type EnterpriseDeed =
  | { do: 'note'; text: string }
  | { do: 'begin-stage'; stage: string }
  | { do: 'tick-step'; step: string; isDone: boolean }
  | { do: 'set-contact'; contact: EnterpriseContact }
  | { do: 'assign'; steward: string }

/**
 * An enterprise that comes to the line: it gets its steward at once. Supervisors and administrators.
 * @throws AppError `action-forbidden`, `action-invalid` for an unknown sector, `enterprise-known`
 */
export async function addEnterprise(
  line: Line,
  account: Account,
  wanted: NewEnterprise,
): Promise<Enterprise> {
  checkWatches(line, account)
  const { sectors } = line.content.stewards.rules
  if (wanted.sector !== null && !sectors.some(({ id }) => id === wanted.sector))
    throw new AppError('action-invalid', { issues: ['sector: not known'] })
  const { enterprise, isNew } = await ensureEnterprise(line, wanted, account.login)
  if (!isNew) throw new AppError('enterprise-known', { name: enterprise.name })
  return enterprise
}

/**
 * Does it and records it.
 * @throws AppError `action-forbidden`, `enterprise-not-found`, `action-invalid` for what the content does not know, `version-conflict`
 */
export async function serveEnterprise(
  line: Line,
  account: Account,
  code: string,
  deed: EnterpriseDeed,
): Promise<void> {
  const enterprise = await watchedEnterprise(line, account, code)
  const { enterprises } = line.store
  const entry = (what: EnterpriseRecord['what'], text: string): EnterpriseRecord => ({
    at: line.clock.now(),
    what,
    login: account.login,
    text,
  })
  if (deed.do === 'note') return enterprises.record(code, entry('note', deed.text))
  if (deed.do === 'set-contact') return enterprises.setContact(code, deed.contact, entry('contact', ''))
  if (deed.do === 'assign') {
    checkWatches(line, account)
    checkKnown(
      'steward',
      deed.steward,
      line.content.stewards.rules.stewards.map(({ login }) => login),
    )
    return enterprises.save({ ...enterprise, steward: deed.steward }, entry('assigned', deed.steward))
  }
  if (deed.do === 'begin-stage') return beginStage(line, enterprise, deed.stage, entry('stage', deed.stage))
  const stage = line.content.stewards.rules.stages.find(({ id }) => id === enterprise.stage)
  checkKnown(
    'step',
    deed.step,
    (stage?.steps ?? []).map(({ id }) => id),
  )
  const others = enterprise.stepsDone.filter(id => id !== deed.step)
  const stepsDone = deed.isDone ? [...others, deed.step] : others
  return enterprises.save({ ...enterprise, stepsDone }, entry('step', deed.step))
}

/** What came next before is over with its stage. */
async function beginStage(
  line: Line,
  enterprise: Enterprise,
  stage: string,
  record: EnterpriseRecord,
): Promise<void> {
  checkKnown(
    'stage',
    stage,
    line.content.stewards.rules.stages.map(({ id }) => id),
  )
  await line.store.enterprises.save({ ...enterprise, stage, stageSince: record.at, stepsDone: [] }, record)
}

/**
 * The steward writes first, as rarely as the city's rules say; what was asked may always be answered.
 * @throws AppError `steward-quiet` with why; `action-forbidden`, `enterprise-not-found`
 */
export async function writeToEnterprise(
  line: Line,
  account: Account,
  code: string,
  text: string,
): Promise<void> {
  // One after another: two at once would both find room for one.
  await line.lock.run(`enterprise.${code}`, async () => {
    const enterprise = await watchedEnterprise(line, account, code)
    const may = await whetherToContact(line, enterprise)
    if (!may.may) throw new AppError('steward-quiet', { because: may.because })
    const { enterprises } = line.store
    const { stewards } = line.content.stewards.rules
    const by = stewards.find(({ login }) => login === account.login)?.name ?? account.displayName
    if (may.because === 'allowed') {
      // Counted before it is said: it may be said once too rarely, never once too often.
      await enterprises.record(code, {
        at: line.clock.now(),
        what: 'unasked',
        login: account.login,
        text: '',
      })
    }
    await sayToEnterprise(line, code, { text, by }, () => {})
  })
}

/** Whom to reach, whole; that somebody looked is recorded. @throws AppError as `watchedEnterprise` */
export async function lookAtContact(line: Line, account: Account, code: string): Promise<EnterpriseContact> {
  await watchedEnterprise(line, account, code)
  const { enterprises } = line.store
  await enterprises.record(code, { at: line.clock.now(), what: 'looked', login: account.login, text: '' })
  return enterprises.contact(code)
}

function checkWatches(line: Line, account: Account): void {
  if (reachOf(line, account) !== 'every') throw new AppError('action-forbidden', { role: account.role })
}

function checkKnown(field: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new AppError('action-invalid', { issues: [`${field}: not known`] })
}
