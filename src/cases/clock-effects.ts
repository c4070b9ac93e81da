import { CLOCK_KINDS, type ClockKind } from '../clocks/service-levels.ts'
import type { ClockEffect } from './transition.ts'

/** What the rows of the workflow do to clocks, in one word each. */

export const start = (clock: ClockKind): ClockEffect => ({ do: 'start', clock })
export const startNamedParts: ClockEffect = { do: 'start', clock: 'part', whose: 'named' }
export const stop = (clock: ClockKind): ClockEffect => ({ do: 'stop', clock })
export const pause = (clock: ClockKind): ClockEffect => ({ do: 'pause', clock })
export const resume = (clock: ClockKind): ClockEffect => ({ do: 'resume', clock })
export const tighten = (clock: ClockKind): ClockEffect => ({ do: 'tighten', clock })
export const STOP_ALL = [...CLOCK_KINDS, 'review' as const, 'step' as const].map(stop)
export const RECOMPUTE_ALL = [...CLOCK_KINDS, 'review' as const, 'step' as const].map(
  (clock): ClockEffect => ({ do: 'recompute', clock }),
)
