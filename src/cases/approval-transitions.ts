import { inputs } from './case-inputs.ts'
import { start, stop } from './clock-effects.ts'
import type { Transition } from './transition.ts'

/**
 * What applications (办件) have besides: their steps, each by the post that is responsible, the decision, and its end. Who has the
 * authority for a step is content and asked in the use cases.
 */
export const approvalTransitions = {
  'pass-step': {
    event: 'step-passed',
    from: ['handling'],
    to: 'same',
    by: ['handler'],
    department: 'step',
    needs: inputs.step,
    clocks: [stop('step'), start('step')],
    isOffered: true,
  },
  // After an approval what is left (making the certificate, paying) are steps as those before it.
  'decide-application': {
    event: 'application-decided',
    from: ['handling'],
    to: 'same',
    by: ['handler'],
    department: 'step',
    needs: inputs.decision,
    clocks: [stop('step'), start('step')],
    isOffered: true,
  },
  // By the line when nothing is left to do: the applicant is told, with the certificate or the notice.
  conclude: {
    event: 'concluded',
    from: ['handling'],
    to: 'replied',
    by: ['line'],
    needs: inputs.conclusion,
    clocks: [stop('handle'), stop('step'), stop('return'), stop('part'), start('follow-up')],
    isOffered: false,
  },
} as const satisfies Record<string, Transition>
