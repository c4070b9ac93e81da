import { type Draft, personOf, ROLES, type Role } from './facts.ts'
import { type Problem, stop } from './problem.ts'

/** Without these no company is registered; a supervisor may be dispensed with. */
const NEEDED = ROLES.filter(role => role !== 'supervisor')
/** Directors and senior managers, who must not watch over themselves. */
const WATCHED: readonly Role[] = ['director', 'manager', 'finance']

/**
 * Who does what in a small company (公司法 2023): its legal representative is the director or the manager (article 10); one director
 * who may also be the manager (article 75); a supervisor is neither of them nor the head of finance (articles 76, 265); all
 * shareholders together may dispense with one (article 83).
 */
export function checkRoles(draft: Draft): Problem[] {
  const { roles, hasNoSupervisor } = draft
  const missing = NEEDED.filter(role => !personOf(draft, roles[role])).map(role =>
    stop(`roles.${role}`, 'role-missing'),
  )
  const { legalRepresentative: head, director, manager } = roles
  const isHeadWrong = personOf(draft, head) !== undefined && head !== director && head !== manager
  return [
    ...missing,
    ...(isHeadWrong ? [stop('roles.legalRepresentative', 'representative-neither')] : []),
    ...(hasNoSupervisor ? [] : checkSupervisor(draft)),
  ]
}

function checkSupervisor(draft: Draft): Problem[] {
  const { supervisor } = draft.roles
  if (!personOf(draft, supervisor)) return [stop('roles.supervisor', 'supervisor-missing')]
  const clash = WATCHED.find(role => draft.roles[role] === supervisor)
  return clash ? [stop('roles.supervisor', `supervisor-is-${clash}`)] : []
}
