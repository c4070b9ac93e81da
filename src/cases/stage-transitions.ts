import { dispatchSchema, filedSchema, inputs } from './case-inputs.ts'
import { AT_DEPARTMENT } from './case-state.ts'
import { pause, resume, STOP_ALL, start, startNamedParts, stop } from './clock-effects.ts'
import type { Transition } from './transition.ts'

const CENTRE = ['line', 'agent', 'arbiter', 'supervisor'] as const
const FROM_TRANSFER = ['returned', ...AT_DEPARTMENT, 'replied', 'closed'] as const

/** The course of a case through the nine stages: one row an action, in their order. */
export const stageTransitions = {
  file: {
    event: 'filed',
    from: 'new',
    to: 'received',
    by: ['resident', 'line', 'agent'],
    needs: filedSchema,
    clocks: [start('acceptance')],
    isOffered: false,
  },

  // 1 acceptance
  accept: {
    event: 'accepted',
    from: ['received'],
    to: 'accepted',
    by: CENTRE,
    needs: inputs.nothing,
    clocks: [stop('acceptance'), start('dispatch')],
    isOffered: true,
  },
  refuse: {
    event: 'not-accepted',
    from: ['received', 'incomplete', 'accepted', 'joined'],
    to: 'not-accepted',
    by: ['agent', 'arbiter', 'line'],
    needs: inputs.nothing,
    isReasonNeeded: true,
    clocks: STOP_ALL,
    isOffered: true,
  },
  'ask-more': {
    event: 'more-asked',
    from: ['received', 'accepted'],
    to: 'incomplete',
    by: CENTRE,
    needs: inputs.said,
    clocks: [pause('acceptance'), pause('dispatch'), start('resident')],
    isOffered: true,
  },
  // By the clock when no answer comes: the centre goes on with what it has, or says why it cannot.
  complete: {
    event: 'completed',
    from: ['incomplete'],
    to: 'received',
    by: ['resident', 'agent', 'clock'],
    needs: inputs.information,
    clocks: [resume('acceptance'), stop('resident')],
    otherwise: { when: 'accepted', to: 'accepted', clocks: [resume('dispatch'), stop('resident')] },
    isOffered: true,
  },

  // 2 and 3: grade and class are part of `file`; a consultation that can be answered now is answered here.
  answer: {
    event: 'answered',
    from: ['received', 'accepted'],
    to: 'replied',
    by: CENTRE,
    needs: inputs.said,
    clocks: [stop('acceptance'), stop('dispatch'), start('follow-up')],
    isOffered: true,
  },

  // 4 transfer. The handling clock starts here, not at signing: else a department stops it by not signing.
  dispatch: {
    event: 'dispatched',
    from: ['accepted', 'returned'],
    to: 'dispatched',
    by: CENTRE,
    needs: dispatchSchema,
    clocks: [
      stop('dispatch'),
      stop('arbitration'),
      stop('part'),
      start('sign'),
      start('return'),
      start('handle'),
      startNamedParts,
    ],
    isOffered: true,
  },
  sign: {
    event: 'signed',
    from: ['dispatched'],
    to: 'handling',
    by: ['handler'],
    department: 'lead',
    needs: inputs.nothing,
    clocks: [stop('sign')],
    isOffered: true,
  },
  // Also from handling: a department may find out on site that it is not its duty, within the limit.
  return: {
    event: 'returned',
    from: ['dispatched', 'handling'],
    to: 'returned',
    by: ['handler'],
    department: 'lead',
    needs: inputs.return,
    isReasonNeeded: true,
    clocks: [stop('sign'), stop('return'), pause('handle'), pause('part'), start('arbitration')],
    isOffered: true,
  },
  'refuse-return': {
    event: 'return-refused',
    from: ['returned'],
    to: 'dispatched',
    by: ['agent', 'arbiter'],
    needs: inputs.nothing,
    isReasonNeeded: true,
    clocks: [stop('arbitration'), start('sign'), resume('handle'), resume('part')],
    isOffered: true,
  },
  // Forced: no clock for returns starts, so it cannot be returned again.
  arbitrate: {
    event: 'ruled',
    from: ['returned'],
    to: 'dispatched',
    by: ['arbiter', 'supervisor'],
    needs: dispatchSchema,
    isReasonNeeded: true,
    clocks: [stop('arbitration'), stop('part'), start('sign'), start('handle'), startNamedParts],
    isOffered: true,
  },

  // 5 coordination. Every part has a clock of its own, which starts and stops with its department.
  'add-co-handler': {
    event: 'co-handler-added',
    from: ['dispatched', 'handling'],
    to: 'same',
    by: ['agent', 'arbiter', 'supervisor', 'handler'],
    needs: inputs.coHandler,
    clocks: [startNamedParts],
    isOffered: true,
  },
  'finish-part': {
    event: 'part-finished',
    from: ['dispatched', 'handling', 'waiting-resident'],
    to: 'same',
    by: ['handler'],
    department: 'co-handler',
    needs: inputs.part,
    clocks: [{ do: 'stop', clock: 'part', whose: 'own' }],
    isOffered: true,
  },

  // 6 feedback
  'ask-resident': {
    event: 'resident-asked',
    from: ['handling'],
    to: 'waiting-resident',
    by: ['handler'],
    department: 'lead',
    needs: inputs.said,
    clocks: [pause('handle'), start('resident')],
    isOffered: true,
  },
  'resident-answer': {
    event: 'resident-answered',
    from: ['waiting-resident'],
    to: 'handling',
    by: ['resident', 'agent', 'clock'],
    needs: inputs.information,
    clocks: [resume('handle'), stop('resident')],
    isOffered: true,
  },
  'request-extension': {
    event: 'extension-requested',
    from: ['handling'],
    to: 'same',
    by: ['handler'],
    department: 'lead',
    needs: inputs.extension,
    isReasonNeeded: true,
    clocks: [],
    isOffered: true,
  },
  'approve-extension': {
    event: 'extension-approved',
    from: ['handling', 'waiting-resident'],
    to: 'same',
    by: ['agent', 'arbiter', 'supervisor'],
    needs: inputs.nothing,
    clocks: [{ do: 'extend', clock: 'handle' }],
    isOffered: true,
  },
  'refuse-extension': {
    event: 'extension-refused',
    from: ['handling', 'waiting-resident'],
    to: 'same',
    by: ['agent', 'arbiter', 'supervisor'],
    needs: inputs.nothing,
    isReasonNeeded: true,
    clocks: [],
    isOffered: true,
  },
  // The review date rings, and the case goes on by itself: nothing is shelved for ever.
  suspend: {
    event: 'suspended',
    from: ['handling'],
    to: 'suspended',
    by: ['arbiter', 'supervisor'],
    needs: inputs.suspension,
    isReasonNeeded: true,
    clocks: [pause('handle'), pause('part'), start('review')],
    isOffered: true,
  },
  resume: {
    event: 'resumed',
    from: ['suspended'],
    to: 'handling',
    by: ['arbiter', 'supervisor', 'clock'],
    needs: inputs.nothing,
    clocks: [resume('handle'), resume('part'), stop('review')],
    isOffered: true,
  },
  // While a co-handler owes its part, only with a reason for not waiting for it; out of duty only with why.
  reply: {
    event: 'replied',
    from: ['handling'],
    to: 'replied',
    by: ['handler'],
    department: 'lead',
    needs: inputs.reply,
    clocks: [stop('handle'), stop('return'), stop('part'), start('follow-up')],
    isOffered: true,
  },

  // What a department calls out of its duty counts like all else in its scores until somebody at the centre has agreed.
  // The line carries the decision on to those who share the reply.
  'approve-out-of-duty': {
    event: 'out-of-duty-approved',
    from: ['replied', 'closed'],
    to: 'same',
    by: ['arbiter', 'supervisor', 'line'],
    needs: inputs.nothing,
    isBySecondPerson: true,
    clocks: [],
    isOffered: true,
  },
  'refuse-out-of-duty': {
    event: 'out-of-duty-refused',
    from: ['replied', 'closed'],
    to: 'same',
    by: ['arbiter', 'supervisor', 'line'],
    needs: inputs.nothing,
    isReasonNeeded: true,
    isBySecondPerson: true,
    clocks: [],
    isOffered: true,
  },

  // 7 follow-up and 8 evaluation. What an answer does is said in `follow-up-answers.ts`: only a "yes" closes, but for the clock.
  'follow-up': {
    event: 'followed-up',
    from: ['replied'],
    to: 'closed',
    by: ['resident', 'agent', 'clock'],
    needs: inputs.followUp,
    clocks: [stop('follow-up')],
    isOffered: true,
  },
  // A "no" goes back to 6 with fresh clocks; also after closing, when the resident comes back in time.
  rework: {
    event: 'reworked',
    from: ['replied', 'closed'],
    to: 'dispatched',
    by: ['resident', 'agent', 'supervisor'],
    needs: inputs.followUp,
    clocks: [
      stop('follow-up'),
      start('sign'),
      { do: 'start', clock: 'handle', isAfterBadRating: true },
      start('part'),
    ],
    otherwise: { when: 'undispatched', to: 'accepted', clocks: [stop('follow-up'), start('dispatch')] },
    isOffered: true,
  },

  // Told by several, handled once: a joined case keeps its number, waits for the other's answer, and then has a follow-up of its own.
  'join-neighbours': {
    event: 'neighbours-joined',
    from: ['received', 'incomplete', 'accepted', 'returned', 'dispatched', 'handling', 'joined'],
    to: 'joined',
    by: ['resident', 'line', 'agent'],
    needs: inputs.joinNeighbours,
    clocks: STOP_ALL,
    isOffered: true,
  },
  'leave-neighbours': {
    event: 'neighbours-left',
    from: ['joined'],
    to: 'accepted',
    by: ['line', 'agent'],
    needs: inputs.leaveNeighbours,
    clocks: [start('dispatch')],
    isOffered: true,
  },
  'share-reply': {
    event: 'reply-shared',
    from: ['joined'],
    to: 'replied',
    by: ['line'],
    needs: inputs.sharedReply,
    clocks: [start('follow-up')],
    isOffered: false,
  },

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
