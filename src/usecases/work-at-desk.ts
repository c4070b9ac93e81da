import type { Case } from '../cases/case.ts'
import type { Actor, CaseEvent } from '../cases/case-event.ts'
import type { Role } from '../cases/case-state.ts'
import { outcomeOf } from '../cases/clock-outcome.ts'
import { offeredActions } from '../cases/decide.ts'
import { type Action, workflow } from '../cases/workflow.ts'
import { clockName, isPaused, type Light, lightOf, type StageClock } from '../clocks/stage-clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import type { Route } from '../routing/route-matter.ts'
import { applyDeskAction } from './apply-desk-action.ts'
import { caseCard, leadOf, reasonText } from './case-card.ts'
import { routeNow } from './complete-input.ts'
import { describeJoined, type JoinedView } from './describe-joined.ts'
import type { DeskCase } from './desk-case.ts'
import { caseConditions, type DeskFilter, type ListPage } from './desk-filter.ts'
import { handledFor } from './join-neighbours.ts'
import type { Line } from './line.ts'
import type { Account, ListedCase, Page, Person, Transaction } from './ports.ts'
import { presentPerson } from './present-person.ts'
import { maySee, sightIn, viewOf } from './role-views.ts'
import { sentFiles } from './sent-files.ts'
import { hideFromSight, showRows } from './show-in-sight.ts'
import { viewApplication } from './view-application.ts'
import { tellingWhatChanged } from './what-changed.ts'

export interface DeskRow extends ListedCase {
  light: Light
  departmentName: string | null
  subjectName: string | null
}

/** The cases that an account may see, with names and lights. @throws AppError `body-invalid` as `checkFilter` */
export async function listDeskCases(
  line: Line,
  account: Account,
  { sort, limit, cursor, ...filter }: DeskFilter & ListPage,
  locale: Locale,
): Promise<Page<DeskRow>> {
  const view = viewOf(line, account)
  const page = await line.store.listCases({
    ...caseConditions(line, account, filter),
    ...{ sort, limit },
    ...(cursor === undefined ? {} : { cursor }),
  })
  const rows = await showRows(line, view, page.rows, filter.search)
  return { ...page, rows: rows.map(row => deskRow(line, row, locale)) }
}

/**
 * One case at the desk. Asking for the person, and opening a confidential case, is recorded. Handlers of a department that
 * does not receive reports itself work a confidential case without learning who told of it.
 * @throws AppError `case-not-found` also when the account may not know that it exists, `action-forbidden` when the person of
 * a protected reporter is asked for
 */
export async function showDeskCase(
  line: Line,
  account: Account,
  caseId: string,
  view: { isPersonAsked: boolean; locale: Locale; as?: Standing | undefined },
): Promise<DeskCase> {
  const stored = await line.store.transact(async tx => {
    const found = await tx.caseById(caseId)
    const handled = found && (await handledFor(tx, found.case))
    // Whoever handles it for others may see what they told.
    const isVisible = [found?.case, handled].some(each => each && maySee(line, account, each))
    if (!found || !isVisible) throw new AppError('case-not-found')
    const [person, joined, sent] = await Promise.all([
      tx.personOf(caseId),
      describeJoined(tx, found.case, handled),
      sentFiles(line, tx, found),
    ])
    return { ...found, person, joined, handled, files: sent.all }
  })
  const sight = sightIn(viewOf(line, account), stored.case)
  if (view.isPersonAsked && sight.person !== 'asked')
    throw new AppError('action-forbidden', { role: account.role })
  if (view.isPersonAsked || stored.case.isConfidential)
    await line.store.accounts.recordLook(account.id, caseId, line.clock.now())
  const shown = present(line, stored, actorOf(account, view.as), { ...view, posts: account.posts ?? [] })
  return hideFromSight(shown, sight, { person: stored.person, relay: line.content.city.line.phone })
}

/** Another role to act in, for administrators. */
export interface Standing {
  role: Role
  department: string | null
}

/**
 * An action of the desk on a case. `keep` may write the answer in the same transaction.
 * @returns the new version
 * @throws AppError `case-not-found`, `version-conflict` as `tellingWhatChanged` says, and what `decide` refuses
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
    /** In which refusals that name posts and measures are told. */
    locale?: Locale
  },
  keep: (tx: Transaction, version: number) => void = () => {},
): Promise<number> {
  if (!isOffered(action.action)) throw new AppError('action-invalid', { action: action.action })
  const actor = actorOf(account, action.as)
  const seen = { caseId, version: action.expectedVersion }
  const version = await tellingWhatChanged(line, seen, () =>
    line.store.transact(async tx => {
      const found = await tx.caseById(caseId)
      if (!found || !maySee(line, account, found.case)) throw new AppError('case-not-found')
      const acted = await applyDeskAction(line, tx, found.case, {
        ...action,
        action: action.action as Action,
        actor,
        posts: account.posts ?? [],
        locale: action.locale ?? 'zh-Hans',
      })
      keep(tx, acted.case.version)
      return acted.case.version
    }),
  )
  line.bus.publish([{ topic: 'case', caseId, version }])
  return version
}

function present(
  line: Line,
  stored: {
    case: Case
    events: CaseEvent[]
    person: Person | null
    joined: JoinedView
    handled: Case | null
    files: string[]
  },
  actor: Actor,
  view: { isPersonAsked: boolean; locale: Locale; posts: readonly string[] },
): DeskCase {
  const { case: current, events } = stored
  const { locale } = view
  const { texts, levels } = line.content
  const now = line.clock.now()
  const grade = levels.grades.find(each => each.id === current.grade)!
  return {
    case: current,
    files: stored.files,
    card: caseCard(line, current, locale, { handled: stored.handled }),
    names: {
      subject: current.subject
        ? line.names.subjectPath(current.subject, locale)
        : texts.of(locale, 'card.subject-unsure'),
      type: texts.of(locale, `type.${current.type}`),
      state: texts.of(locale, `state.${current.state}`),
      grade: line.names.text({ zh: grade.name, en: grade.en }, locale),
      channel: line.names.channel(current.channel, locale),
      cause: current.supervision && nameOfCause(line, current.supervision.cause, locale),
    },
    clocks: Object.values(current.clocks).map(clock => ({
      kind: clockName(clock),
      name: nameOfClock(line, clock, locale),
      startedAt: clock.startedAt.toISOString(),
      dueAt: clock.dueAt.toISOString(),
      stoppedAt: clock.stoppedAt?.toISOString() ?? null,
      isPaused: isPaused(clock),
      light: lightOf(clock, now),
      outcome: outcomeOf(clock, events),
    })),
    reasons: presentReasons(line, stored, locale),
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
    joined: stored.joined,
    application: viewApplication(line, current, { actor, posts: view.posts, locale }),
    person: presentPerson(stored.person, view.isPersonAsked),
  }
}

/** The rule that opened the supervision order, or the supervisor's own words. */
function nameOfCause(line: Line, cause: string, locale: Locale): string {
  const rule = line.content.supervision.rules.find(each => each.id === cause)
  return rule ? line.names.text({ zh: rule.name, en: rule.en }, locale) : cause
}

/** Of a part with whose it is. */
function nameOfClock(line: Line, { kind, department }: StageClock, locale: Locale): string {
  const name = line.content.texts.of(locale, `clock.${kind}`)
  return department ? `${name} · ${line.names.department(department, locale)}` : name
}

function presentReasons(
  line: Line,
  { case: current, events }: { case: Case; events: CaseEvent[] },
  locale: Locale,
): DeskCase['reasons'] {
  const now = routeNow(line, current)
  const route = current.dispatch ?? now
  const named = (department: string, reason: Route['reason']) => ({
    department,
    name: line.names.department(department, locale),
    reason: reasonText(line, reason, department, locale),
  })
  const isProposed = isCorrectedSinceDispatch(events) && now.isCertain && now.lead !== route.lead
  return {
    lead: reasonText(line, route.reason, leadOf(line, current), locale),
    isByPerson: route.reason.by === 'ruling',
    proposed: isProposed ? named(now.lead, now.reason) : null,
    candidates: route.candidates.map(({ department, reason, confidence }) => ({
      ...named(department, reason),
      confidence,
    })),
    subjects: current.subjectCandidates.map(({ label, confidence }) => ({
      id: label,
      name: line.names.subjectPath(label, locale),
      confidence,
    })),
    evidence: current.evidence,
  }
}

function isCorrectedSinceDispatch(events: readonly CaseEvent[]): boolean {
  const last = events.findLast(({ type }) => ['subject-corrected', 'dispatched', 'ruled'].includes(type))
  return last?.type === 'subject-corrected'
}

function deskRow(line: Line, row: ListedCase, locale: Locale): DeskRow {
  const now = line.clock.now()
  const light = row.dueAt && now > row.dueAt ? 'red' : row.warnAt && now >= row.warnAt ? 'yellow' : 'green'
  return {
    ...row,
    light,
    departmentName: line.names.department(row.lead ?? line.content.routing.dutyDesk, locale),
    subjectName: row.subject ? line.names.subject(row.subject, locale) : null,
  }
}

/** Who acts: an account in its own role, or an administrator in another's. @throws AppError `action-forbidden` */
export function actorOf(account: Account, as: Standing | undefined): Actor {
  const isStandingIn = as !== undefined && (account.role === 'admin' || as.role === account.role)
  if (as && !isStandingIn) throw new AppError('action-forbidden', { role: as.role })
  const { role, department } = as && account.role === 'admin' ? as : account
  return { role, id: account.login, ...(department ? { department } : {}) }
}

function isOffered(action: string): boolean {
  return Object.hasOwn(workflow, action) && workflow[action as Action].isOffered
}
