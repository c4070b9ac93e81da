import type { Case } from '../cases/case.ts'
import type { Actor, CaseEvent } from '../cases/case-event.ts'
import type { Role } from '../cases/case-state.ts'
import { offeredActions } from '../cases/decide.ts'
import { type Action, workflow } from '../cases/workflow.ts'
import { isPaused, type Light, lightOf } from '../clocks/stage-clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import type { Route } from '../routing/route-matter.ts'
import { actOnCase } from './act-on-case.ts'
import { caseCard, leadOf, reasonText } from './case-card.ts'
import type { Line } from './line.ts'
import type { Account, CaseFilter, CaseSummary, Page, Person } from './ports.ts'

/** Roles that see every department's cases. */
const CENTRE: readonly Role[] = ['agent', 'arbiter', 'supervisor', 'admin']
/** Roles that see who asked, in full, and confidential matters. */
const TRUSTED: readonly Role[] = ['arbiter', 'supervisor', 'admin']

export interface DeskRow extends CaseSummary {
  light: Light
  departmentName: string | null
  subjectName: string | null
}

/** The cases that an account may see, with names and lights. */
export async function listDeskCases(
  line: Line,
  account: Account,
  filter: Omit<CaseFilter, 'includeConfidential'>,
  locale: Locale,
): Promise<Page<DeskRow>> {
  const own = CENTRE.includes(account.role) ? {} : { department: departmentOf(account) }
  const page = await line.store.listCases({
    ...filter,
    ...own,
    includeConfidential: maySeeConfidential(line, account),
  })
  return { ...page, rows: page.rows.map(row => deskRow(line, row, locale)) }
}

/** What the desk's forms choose from: departments with the duty clauses that a return may cite. */
export function deskReference(
  line: Line,
  locale: Locale,
): { departments: { id: string; name: string; duties: { clause: string; text: string }[] }[] } {
  const departments = [...line.content.departments.values()].map(({ id, duties }) => ({
    id,
    name: line.names.department(id, locale),
    duties: duties.map(duty => ({
      clause: duty.clause,
      text: line.names.text({ zh: duty.text, en: duty.en }, locale),
    })),
  }))
  return { departments }
}

/** One case with everything that its handler needs to decide. */
export interface DeskCase {
  case: Case
  card: ReturnType<typeof caseCard>
  names: { subject: string; type: string; state: string; grade: string }
  clocks: {
    kind: string
    name: string
    startedAt: string
    dueAt: string
    stoppedAt: string | null
    isPaused: boolean
    light: Light
  }[]
  reasons: {
    lead: string
    candidates: { department: string; name: string; reason: string; confidence: number }[]
    subjects: { id: string; name: string; confidence: number }[]
    evidence: { feature: string; weight: number }[]
  }
  history: {
    seq: number
    type: string
    name: string
    at: string
    role: Role
    who: string
    department: string | null
    reason: string | null
    data: object
  }[]
  actions: Action[]
  /** Phone and name are masked unless they were asked for. */
  person: { name: string | null; phone: string | null; channel: string; isMasked: boolean } | null
}

/**
 * One case at the desk. Asking for the person, and opening a confidential case, is recorded.
 * @throws AppError `case-not-found` also when the account may not know that it exists
 */
export async function showDeskCase(
  line: Line,
  account: Account,
  caseId: string,
  view: { isPersonAsked: boolean; locale: Locale; as?: Standing | undefined },
): Promise<DeskCase> {
  const stored = await line.store.transact(async tx => {
    const found = await tx.caseById(caseId)
    if (!found || !maySee(line, account, found.case)) throw new AppError('case-not-found')
    return { ...found, person: await tx.personOf(caseId) }
  })
  if (view.isPersonAsked || stored.case.isConfidential)
    await line.store.accounts.recordLook(account.id, caseId, line.clock.now())
  return present(line, stored, actorOf(account, view.as), view)
}

/** Another role to act in, for administrators. */
export interface Standing {
  role: Role
  department: string | null
}

/**
 * An action of the desk on a case.
 * @returns the new version
 * @throws AppError `case-not-found`, `version-conflict` (with the current version), and what `decide` refuses
 */
export async function actAtDesk(
  line: Line,
  account: Account,
  caseId: string,
  action: {
    action: string
    input: unknown
    reason: string | null
    expectedVersion: number
    as?: Standing | undefined
  },
): Promise<number> {
  if (!isOffered(action.action)) throw new AppError('action-invalid', { action: action.action })
  const actor = actorOf(account, action.as)
  const version = await line.store.transact(async tx => {
    const found = await tx.caseById(caseId)
    if (!found || !maySee(line, account, found.case)) throw new AppError('case-not-found')
    const input = completeInput(line, found.case, action.action as Action, action.input, action.reason)
    const { action: name, reason, expectedVersion } = action
    return actOnCase(line, tx, found.case, { action: name as Action, actor, reason, input, expectedVersion })
      .case.version
  })
  line.bus.publish([{ topic: 'case', caseId, version }])
  return version
}

function present(
  line: Line,
  stored: { case: Case; events: CaseEvent[]; person: Person | null },
  actor: Actor,
  view: { isPersonAsked: boolean; locale: Locale },
): DeskCase {
  const { case: current, events } = stored
  const { locale } = view
  const { texts, levels } = line.content
  const now = line.clock.now()
  const grade = levels.grades.find(each => each.id === current.grade)!
  return {
    case: current,
    card: caseCard(line, current, locale),
    names: {
      subject: current.subject
        ? subjectPath(line, current.subject, locale)
        : texts.of(locale, 'card.subject-unsure'),
      type: texts.of(locale, `type.${current.type}`),
      state: texts.of(locale, `state.${current.state}`),
      grade: line.names.text({ zh: grade.name, en: grade.en }, locale),
    },
    clocks: Object.values(current.clocks).map(clock => ({
      kind: clock.kind,
      name: texts.of(locale, `clock.${clock.kind}`),
      startedAt: clock.startedAt.toISOString(),
      dueAt: clock.dueAt.toISOString(),
      stoppedAt: clock.stoppedAt?.toISOString() ?? null,
      isPaused: isPaused(clock),
      light: lightOf(clock, now),
    })),
    reasons: presentReasons(line, current, locale),
    history: events.map(event => ({
      seq: event.seq,
      type: event.type,
      name: texts.of(locale, `case.${event.type}`),
      at: event.at.toISOString(),
      role: event.actor.role,
      who: event.actor.id,
      department: event.actor.department ? line.names.department(event.actor.department, locale) : null,
      reason: event.reason,
      data: event.data,
    })),
    actions: offeredActions(current, actor),
    person: presentPerson(stored.person, view.isPersonAsked),
  }
}

function presentReasons(line: Line, current: Case, locale: Locale): DeskCase['reasons'] {
  const route = current.dispatch ?? undispatchedRoute(line, current)
  return {
    lead: reasonText(line, route.reason, leadOf(line, current), locale),
    candidates: route.candidates.map(({ department, reason, confidence }) => ({
      department,
      confidence,
      name: line.names.department(department, locale),
      reason: reasonText(line, reason, department, locale),
    })),
    subjects: current.subjectCandidates.map(({ label, confidence }) => ({
      id: label,
      name: subjectPath(line, label, locale),
      confidence,
    })),
    evidence: current.evidence,
  }
}

/** What routing says now of a case that nobody has dispatched yet: the duty desk sees the candidates. */
function undispatchedRoute(line: Line, current: Case): Route {
  const { subject, subjectCandidates, type, isConfidential, elements } = current
  return line.router.route({ subject, subjectCandidates, type, isConfidential, street: elements.street })
}

/** A dispatch by hand is a ruling: it cites the clause of the department it goes to. */
function completeInput(
  line: Line,
  current: Case,
  action: Action,
  input: unknown,
  reason: string | null,
): unknown {
  const given = (input ?? {}) as Record<string, unknown>
  const departments = [
    given.lead,
    given.department,
    ...(Array.isArray(given.coHandlers) ? given.coHandlers : []),
  ]
  const unknown = departments.find(id => typeof id === 'string' && !line.content.departments.has(id))
  if (unknown) throw new AppError('department-not-found', { department: unknown })
  if (action === 'return') {
    const clause = String(given.clause ?? '')
    const owner = line.router.ownerOfClause(clause)
    if (!owner || owner.department.id === current.dispatch?.lead)
      throw new AppError('action-invalid', {
        action,
        issues: ['clause: cite a duty clause of another department'],
      })
    return { ...given, suggested: given.suggested ?? owner.department.id }
  }
  if (action !== 'dispatch' && action !== 'arbitrate') return input
  const candidates = undispatchedRoute(line, current).candidates
  const matching = candidates.find(candidate => candidate.department === given.lead)
  const clause = matching && 'clause' in matching.reason ? matching.reason.clause : null
  return { ...given, reason: { by: 'ruling', clause }, candidates, note: reason }
}

function deskRow(line: Line, row: CaseSummary, locale: Locale): DeskRow {
  const now = line.clock.now()
  const light = row.dueAt && now > row.dueAt ? 'red' : row.warnAt && now >= row.warnAt ? 'yellow' : 'green'
  return {
    ...row,
    light,
    departmentName: line.names.department(row.lead ?? line.content.routing.dutyDesk, locale),
    subjectName: row.subject ? line.names.subject(row.subject, locale) : null,
  }
}

function maySee(line: Line, account: Account, current: Case): boolean {
  if (current.isConfidential && !maySeeConfidential(line, account)) return false
  if (CENTRE.includes(account.role)) return true
  const department = account.department ?? ''
  return (
    current.dispatch?.lead === department || current.coHandlers.some(part => part.department === department)
  )
}

function maySeeConfidential(line: Line, account: Account): boolean {
  if (TRUSTED.includes(account.role)) return true
  return line.content.departments.get(account.department ?? '')?.confidential === true
}

function actorOf(account: Account, as: Standing | undefined): Actor {
  const isStandingIn = as !== undefined && (account.role === 'admin' || as.role === account.role)
  if (as && !isStandingIn) throw new AppError('action-forbidden', { role: as.role })
  const { role, department } = as && account.role === 'admin' ? as : account
  return { role, id: account.login, ...(department ? { department } : {}) }
}

function departmentOf(account: Account): string {
  if (!account.department) throw new AppError('action-forbidden', { role: account.role })
  return account.department
}

function isOffered(action: string): boolean {
  return Object.hasOwn(workflow, action) && workflow[action as Action].isOffered
}

function subjectPath(line: Line, id: string, locale: Locale): string {
  const names = line.content.subjects.ancestors(id).map(subject => line.names.subject(subject.id, locale))
  return names.length > 0 ? names.reverse().join(' / ') : id
}

function presentPerson(person: Person | null, isAsked: boolean): DeskCase['person'] {
  if (!person) return null
  const { channel } = person
  if (isAsked) return { name: person.name, phone: person.phone, channel, isMasked: false }
  return {
    name: person.name && `${[...person.name][0]}＊`,
    phone: person.phone && `${person.phone.slice(0, 3)}****${person.phone.slice(-2)}`,
    channel,
    isMasked: true,
  }
}
