import { inputs } from './case-inputs.ts'
import { AT_DEPARTMENT } from './case-state.ts'
import { start, stop } from './clock-effects.ts'
import type { Transition } from './transition.ts'

const FROM_TRANSFER = ['returned', ...AT_DEPARTMENT, 'replied', 'closed'] as const

/** Stage 9, beside the course of the case: one row an action. */
export const supervisionTransitions = {
  // 9 supervision: beside the case, from stage 4 on. Ordered again it goes up a step, with a fresh clock.
  supervise: {
    event: 'supervision-ordered',
    from: FROM_TRANSFER,
    to: 'same',
    by: ['supervisor', 'line', 'clock'],
    needs: inputs.supervision,
    isReasonNeeded: true,
    clocks: [start('supervision')],
    isOffered: true,
  },
  'answer-supervision': {
    event: 'supervision-answered',
    from: FROM_TRANSFER,
    to: 'same',
    by: ['handler'],
    department: 'lead',
    needs: inputs.said,
    clocks: [],
    isOffered: true,
  },
  // Unanswered, only with a reason.
  'close-supervision': {
    event: 'supervision-closed',
    from: FROM_TRANSFER,
    to: 'same',
    by: ['supervisor'],
    needs: inputs.nothing,
    clocks: [stop('supervision')],
    isOffered: true,
  },
} as const satisfies Record<string, Transition>
