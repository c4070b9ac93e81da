/** Where a case stands. */
export const STATES = [
  'received',
  'incomplete',
  'not-accepted',
  'accepted',
  'dispatched',
  'returned',
  'handling',
  'waiting-resident',
  'suspended',
  'joined',
  'replied',
  'closed',
  'withdrawn',
  'merged',
] as const
export type CaseState = (typeof STATES)[number]

/** While a case is in one of these, the same case of somebody else may join it. */
export const JOINABLE_STATES: readonly CaseState[] = [
  'received',
  'accepted',
  'dispatched',
  'returned',
  'handling',
  'waiting-resident',
  'suspended',
]

/** The nine stages of the loop, in order; see the glossary. */
export const STAGES = [
  'acceptance',
  'grading',
  'disposal',
  'transfer',
  'coordination',
  'feedback',
  'follow-up',
  'evaluation',
  'supervision',
] as const
export type Stage = (typeof STAGES)[number]

export const ROLES = [
  'resident',
  'line',
  'agent',
  'handler',
  'arbiter',
  'supervisor',
  'admin',
  'auditor',
  'clock',
] as const
export type Role = (typeof ROLES)[number]

/** Roles of those who open the desk; the others act without one. */
export const DESK_ROLES = [
  'agent',
  'handler',
  'arbiter',
  'supervisor',
  'admin',
  'auditor',
] as const satisfies Role[]
export type DeskRole = (typeof DESK_ROLES)[number]

/** States in which nothing more is owed to the resident. */
export function isFinal(state: CaseState): boolean {
  return state === 'closed' || state === 'withdrawn' || state === 'merged' || state === 'not-accepted'
}

/** A department has it. */
export const AT_DEPARTMENT = ['dispatched', 'handling', 'waiting-resident', 'suspended'] as const
/** Worked on for its own sake: neither over nor waiting for another case. */
export const OPEN_STATES = [
  'received',
  'incomplete',
  'accepted',
  'returned',
  ...AT_DEPARTMENT,
  'replied',
] as const
