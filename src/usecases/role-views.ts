import { departmentsOfSteps } from '../cases/application.ts'
import type { Case } from '../cases/case.ts'
import { DESK_ROLES, type DeskRole, type Role } from '../cases/case-state.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'

/** Which cases: every one, those that the account's department handles, or none. */
export type Reach = 'every' | 'own' | 'none'

/**
 * What is shown of who told of a case. `asked`: masked, and unmasked when somebody asks, which is recorded; `masked`: never more
 * than that; `relay`: only the number to reach them through; `hidden`: nothing at all.
 */
export type PersonView = 'asked' | 'masked' | 'relay' | 'hidden'

/** What is shown of texts that somebody spoke or wrote: all, or all but what tells who spoke. */
export type WordsView = 'whole' | 'redacted'

/** What a role sees. The one place that says so: list, case, slip, files, the agent's desk and the pages ask here. */
export interface RoleView {
  /** Ordinary cases, in the list and opened. */
  cases: Reach
  /** Confidential cases likewise. */
  confidential: Reach
  /** Name and phone of whoever told of an ordinary case. */
  person: PersonView
  /** Name and phone of whoever told of a confidential case. */
  reporter: PersonView
  /** Words, summary, remarks and replies of ordinary cases. */
  words: WordsView
  /** The same of confidential cases, and the words that decided. */
  confidentialWords: WordsView
  /** Calls to make, calls that go on, and what is said in them. */
  calls: boolean
  /** The help while somebody speaks, and filing for them. */
  answering: boolean
  /** Windows of the hall: calling numbers and serving whoever comes. */
  hall: boolean
  /** Numbers of the evaluation: of all departments, of one's own, or none. */
  figures: Reach
  /** Enterprises with what is done for them: all, or those whose steward one is. */
  enterprises: Reach
  /** Who looked at confidential cases and at persons. */
  looks: boolean
  /** Who took which file out of the house. */
  exports: boolean
  /** What was done to accounts. */
  accountChanges: boolean
  /** Whether what is stored is still what was written. */
  auditChecks: boolean
}

const AGENT: RoleView = {
  cases: 'every',
  confidential: 'none',
  person: 'asked',
  reporter: 'hidden',
  words: 'whole',
  confidentialWords: 'redacted',
  calls: true,
  answering: true,
  hall: true,
  figures: 'none',
  enterprises: 'own',
  looks: false,
  exports: false,
  accountChanges: false,
  auditChecks: false,
}

/** Those who are trusted with any confidential matter and with who told of it. */
const TRUSTED: RoleView = {
  ...AGENT,
  confidential: 'every',
  reporter: 'asked',
  confidentialWords: 'whole',
  figures: 'every',
}

export const ROLE_VIEWS: Readonly<Record<DeskRole, RoleView>> = {
  agent: AGENT,
  handler: {
    ...AGENT,
    cases: 'own',
    // What a department is to handle it must find; who told of it, it need not know.
    confidential: 'own',
    reporter: 'relay',
    calls: false,
    answering: false,
    figures: 'own',
    enterprises: 'none',
  },
  arbiter: { ...TRUSTED, answering: false, enterprises: 'none' },
  supervisor: { ...TRUSTED, enterprises: 'every', looks: true, exports: true },
  admin: {
    ...TRUSTED,
    enterprises: 'every',
    looks: true,
    exports: true,
    accountChanges: true,
    auditChecks: true,
  },
  // Reads every trace and changes nothing; whom a case is about is nobody's business here.
  auditor: {
    ...AGENT,
    confidential: 'every',
    person: 'hidden',
    words: 'redacted',
    calls: false,
    answering: false,
    enterprises: 'none',
    hall: false,
    looks: true,
    exports: true,
    accountChanges: true,
    auditChecks: true,
  },
}

/** What an account sees: as its role does, and a department that receives reports itself learns who told of them. */
export function viewOf({ content }: Pick<Line, 'content'>, { role, department }: Account): RoleView {
  const view = viewOfRole(role)
  const receivesReports = content.departments.get(department ?? '')?.confidential === true
  return role === 'handler' && receivesReports
    ? { ...view, reporter: 'asked', confidentialWords: 'whole' }
    : view
}

/** @throws AppError `action-forbidden` for who never opens the desk */
export function viewOfRole(role: Role): RoleView {
  const known = DESK_ROLES.find(each => each === role)
  if (!known) throw new AppError('action-forbidden', { role })
  return ROLE_VIEWS[known]
}

type Gate = { [name in keyof RoleView]: RoleView[name] extends boolean ? name : never }[keyof RoleView]

/** @throws AppError `action-forbidden` when the account's role does not see it */
export function checkSees({ role }: Account, what: Gate): void {
  if (!viewOfRole(role)[what]) throw new AppError('action-forbidden', { role })
}

/** What an account is shown of one case. */
export interface CaseSight {
  person: PersonView
  words: WordsView
}

/** What an account is shown of a case, or null when it may not know that there is one. */
export function sightOf(line: Pick<Line, 'content'>, account: Account, current: Case): CaseSight | null {
  const view = viewOf(line, account)
  const reach = current.isConfidential ? view.confidential : view.cases
  if (reach === 'none' || (reach === 'own' && !isHandledBy(account, current))) return null
  return sightIn(view, current)
}

/** The same where it is known that the account may see the case. */
export function sightIn(view: RoleView, { isConfidential }: Pick<Case, 'isConfidential'>): CaseSight {
  return isConfidential
    ? { person: view.reporter, words: view.confidentialWords }
    : { person: view.person, words: view.words }
}

/** Whoever is to handle a case can open it, confidential or not; what they see of its person is decided apart. */
export function maySee(line: Pick<Line, 'content'>, account: Account, current: Case): boolean {
  return sightOf(line, account, current) !== null
}

/** May the account know of every confidential case, and who told of it? */
export function maySeeReporters(line: Pick<Line, 'content'>, account: Account): boolean {
  return viewOf(line, account).reporter === 'asked'
}

function isHandledBy({ department }: Account, current: Case): boolean {
  const own = department ?? ''
  return (
    current.dispatch?.lead === own ||
    current.coHandlers.some(part => part.department === own) ||
    departmentsOfSteps(current).includes(own)
  )
}
