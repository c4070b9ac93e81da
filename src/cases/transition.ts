import type { z } from 'zod'
import type { ClockKind } from '../clocks/service-levels.ts'
import type { CaseState, Role } from './case-state.ts'

/**
 * What an action does to a clock. `start` begins it anew, whatever it showed before; `tighten` takes the limit of the case's
 * new profile where that is due earlier; `recompute` counts again by a corrected calendar.
 */
export interface ClockEffect {
  do: 'start' | 'stop' | 'pause' | 'resume' | 'extend' | 'tighten' | 'recompute'
  clock: ClockKind
  /** Of clocks of parts: that of the department which acts, those of the departments named; left out: of all that owe one. */
  whose?: 'own' | 'named'
  /** Started after a bad rating: due within the city's limit for putting it right, unless the profile's is due earlier. */
  isAfterBadRating?: true
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
  /**
   * What happens instead when no department has the case because the centre answered it itself (`undispatched`), or when the
   * case was already accepted (`accepted`).
   */
  otherwise?: { when: 'undispatched' | 'accepted'; to: CaseState; clocks: readonly ClockEffect[] }
  /** Only handlers of the lead department (`lead`), of a co-handling one (`co-handler`) or of that whose step it is (`step`) may. */
  department?: 'lead' | 'co-handler' | 'step'
  /** Not by whoever claimed what is decided here, in whatever role they act. */
  isBySecondPerson?: true
  /** Offered at the desk? Actions of the line and of clocks are not. */
  isOffered: boolean
}
