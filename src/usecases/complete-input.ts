import type { Case } from '../cases/case.ts'
import { REQUEST_TYPES } from '../cases/case-inputs.ts'
import type { Action } from '../cases/workflow.ts'
import { GRADES, gradeOf, profileOf } from '../clocks/service-levels.ts'
import { AppError } from '../kernel/errors.ts'
import type { Route } from '../routing/route-matter.ts'
import type { Line } from './line.ts'

/**
 * What the desk sends, with what the line knows better: a dispatch by hand is a ruling that cites the clause of the department
 * it goes to, a return suggests the owner of the clause that it cites, a correction says what was corrected.
 * @throws AppError `department-not-found`, `action-invalid`
 */
export function completeInput(
  line: Line,
  current: Case,
  action: Action,
  input: unknown,
  reason: string | null,
): unknown {
  const given = (input ?? {}) as Record<string, unknown>
  checkDepartments(line, given)
  switch (action) {
    case 'return':
      return completeReturn(line, current, given)
    case 'dispatch':
    case 'arbitrate':
      return completeDispatch(line, current, given, reason)
    case 'correct':
      return completeCorrection(line, current, given)
    case 'leave-neighbours':
      // Heirs are made by the line alone.
      return {}
    default:
      return input
  }
}

/** What routing says of a case as it is now. */
export function routeNow(line: Line, current: Case): Route {
  const { subject, subjectCandidates, type, isConfidential, elements, words } = current
  return line.router.route({
    subject,
    subjectCandidates,
    type,
    isConfidential,
    words,
    street: elements.street,
  })
}

function checkDepartments(line: Line, given: Record<string, unknown>): void {
  const named = [
    given.lead,
    given.department,
    given.suggested,
    ...(Array.isArray(given.coHandlers) ? given.coHandlers : []),
  ]
  const unknown = named.find(id => typeof id === 'string' && !line.content.departments.has(id))
  if (unknown) throw new AppError('department-not-found', { department: unknown })
}

function completeReturn(line: Line, current: Case, given: Record<string, unknown>): unknown {
  const owner = line.router.ownerOfClause(String(given.clause ?? ''))
  if (!owner || owner.department.id === current.dispatch?.lead)
    throw invalid('return', 'clause: cite a duty clause of another department')
  if (given.suggested === current.dispatch?.lead)
    throw invalid('return', 'suggested: another department than the one that returns it')
  return { ...given, suggested: given.suggested ?? owner.department.id }
}

function completeDispatch(
  line: Line,
  current: Case,
  given: Record<string, unknown>,
  reason: string | null,
): unknown {
  const { candidates } = routeNow(line, current)
  const matching = candidates.find(candidate => candidate.department === given.lead)
  const clause = matching && 'clause' in matching.reason ? matching.reason.clause : null
  return { ...given, reason: { by: 'ruling', clause }, candidates, note: reason }
}

/** Grade and profile follow from what it is about, unless the grade is corrected too. */
function completeCorrection(line: Line, current: Case, given: Record<string, unknown>): unknown {
  const { levels, subjects } = line.content
  const subject = given.subject === undefined ? current.subject : given.subject
  if (subject !== null && !subjects.byId(String(subject)))
    throw invalid('correct', 'subject: there is no such subject')
  const traits = {
    subject: subject as string | null,
    type: REQUEST_TYPES.find(type => type === given.type) ?? current.type,
    channel: current.channel,
    isEmergency: current.isEmergency,
  }
  const isMatterChanged = traits.subject !== current.subject || traits.type !== current.type
  const followed = isMatterChanged ? gradeOf(levels, traits) : current.grade
  const profile = profileOf(levels, traits, GRADES.find(each => each === given.grade) ?? followed).id
  // One that is none stays, so that it is refused by its name.
  return { ...given, subject, previous: current.subject, grade: given.grade ?? followed, profile }
}

function invalid(action: Action, issue: string): AppError {
  return new AppError('action-invalid', { action, issues: [issue] })
}
