import { inputs } from './case-inputs.ts'
import { AT_DEPARTMENT, OPEN_STATES } from './case-state.ts'
import { RECOMPUTE_ALL, STOP_ALL, tighten } from './clock-effects.ts'
import type { Transition } from './transition.ts'

/** What may happen to a case in whatever stage it is: one row an action. */
export const anytimeTransitions = {
  urge: {
    event: 'urged',
    from: [...OPEN_STATES, 'joined'],
    to: 'same',
    by: ['resident', 'agent'],
    needs: inputs.nothing,
    clocks: [],
    isOffered: true,
  },
  'add-information': {
    event: 'information-added',
    // Whoever is asked what was bad says so when it is closed.
    from: [...OPEN_STATES, 'joined', 'closed'],
    to: 'same',
    by: ['resident', 'agent'],
    needs: inputs.information,
    clocks: [],
    isOffered: true,
  },
  note: {
    event: 'noted',
    from: [...OPEN_STATES, 'joined', 'closed'],
    to: 'same',
    by: ['agent', 'handler', 'arbiter', 'supervisor'],
    needs: inputs.said,
    clocks: [],
    isOffered: true,
  },
  // A co-handler's part is still to come.
  'remind-part': {
    event: 'part-reminded',
    from: ['dispatched', 'handling', 'waiting-resident'],
    to: 'same',
    by: ['handler', 'agent', 'arbiter', 'supervisor'],
    department: 'lead',
    needs: inputs.reminder,
    clocks: [],
    isOffered: true,
  },
  withdraw: {
    event: 'withdrawn',
    from: ['received', 'incomplete', 'accepted', 'returned', ...AT_DEPARTMENT, 'joined'],
    to: 'withdrawn',
    by: ['resident', 'agent'],
    needs: inputs.nothing,
    clocks: STOP_ALL,
    isOffered: true,
  },
  merge: {
    event: 'merged',
    from: ['received', 'incomplete', 'accepted', 'returned', 'dispatched', 'handling'],
    to: 'merged',
    by: ['agent', 'line', 'resident'],
    needs: inputs.merge,
    clocks: STOP_ALL,
    isOffered: true,
  },
  // The other side of a merge: the case that goes on for both.
  join: {
    event: 'case-joined',
    from: OPEN_STATES,
    to: 'same',
    by: ['agent', 'line', 'resident'],
    needs: inputs.join,
    clocks: [],
    isOffered: false,
  },
  // What was two matters becomes two cases; the new one is filed with a link back.
  split: {
    event: 'split-off',
    from: ['received', 'incomplete', 'accepted', 'returned', ...AT_DEPARTMENT],
    to: 'same',
    by: ['agent', 'arbiter'],
    needs: inputs.split,
    clocks: [],
    isOffered: true,
  },
  // Sends it nowhere, but the desk then proposes another department. A more urgent grade makes what runs due earlier.
  correct: {
    event: 'subject-corrected',
    from: [...OPEN_STATES, 'closed'],
    to: 'same',
    by: ['agent', 'arbiter', 'supervisor'],
    needs: inputs.correction,
    clocks: [tighten('acceptance'), tighten('dispatch'), tighten('sign'), tighten('handle')],
    isOffered: true,
  },
  warn: {
    event: 'clock-warned',
    from: [...OPEN_STATES, 'closed'],
    to: 'same',
    by: ['clock'],
    needs: inputs.clock,
    clocks: [],
    isOffered: false,
  },
  breach: {
    event: 'clock-breached',
    from: [...OPEN_STATES, 'closed'],
    to: 'same',
    by: ['clock'],
    needs: inputs.clock,
    clocks: [],
    isOffered: false,
  },
  // So long past the due time that a supervision rule looks at it again.
  chase: {
    event: 'clock-chased',
    from: [...OPEN_STATES, 'closed'],
    to: 'same',
    by: ['clock'],
    needs: inputs.chase,
    clocks: [],
    isOffered: false,
  },
  // The calendar was corrected; the event keeps what was promised before.
  recompute: {
    event: 'clock-recomputed',
    from: [...OPEN_STATES, 'closed'],
    to: 'same',
    by: ['clock'],
    needs: inputs.recomputation,
    clocks: RECOMPUTE_ALL,
    isOffered: false,
  },
} as const satisfies Record<string, Transition>
