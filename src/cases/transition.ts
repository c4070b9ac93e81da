import type { z } from 'zod'
import type { ClockKind } from '../clocks/service-levels.ts'
import type { CaseState, Role } from './case-state.ts'

/** What an action does to a clock. `start` begins it anew, whatever it showed before. */
export interface ClockEffect {
  do: 'start' | 'stop' | 'pause' | 'resume' | 'extend'
  clock: ClockKind
}

export interface Transition {
  /** Type of the event that records it, in the past tense. */
  event: string
  from: readonly CaseState[] | 'new'
  /** `same`: the state does not change. */
  to: CaseState | 'same'
  by: readonly Role[]
  needs: z.ZodType
  isReasonNeeded?: boolean
  clocks: readonly ClockEffect[]
  /** What happens instead when no department has the case: the centre answered it itself. */
  undispatched?: { to: CaseState; clocks: readonly ClockEffect[] }
  /** Only the lead department's handlers (`lead`) or a co-handling department's (`co-handler`) may. */
  department?: 'lead' | 'co-handler'
  /** Offered at the desk? Actions of the line and of clocks are not. */
  isOffered: boolean
}
