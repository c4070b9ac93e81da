import type { z } from 'zod'
import { inputs } from './case-inputs.ts'

/**
 * What an answer to "how did it go?" does, and which answers hold together: here and nowhere else, whether it was said in the chat, on
 * the status page, by SMS, to whoever called, or is told by a desk.
 *
 * | resolved | what it does |
 * |---|---|
 * | yes | closes the case |
 * | no | sends it back (`rework`) |
 * | not said | nothing yet: only the clock closes a case of which nobody has said anything |
 *
 * Content ("very", "satisfied") with what is not solved contradicts itself and is refused: it would count as met in the
 * satisfaction rate. Solved and not content, or neither solved nor content, are answers like any other.
 */
export type FollowUpAnswers = z.infer<typeof inputs.followUp>

type Satisfied = FollowUpAnswers['satisfied']

/** What an edge takes from people: whether it is solved is said, and nothing contradicts it. */
export const toldAnswers = inputs.followUp
  .refine(({ resolved }) => resolved !== null, { path: ['resolved'], error: 'say whether it is solved' })
  .refine(isConsistent, { path: ['satisfied'], error: 'nobody is satisfied with what is not solved' })
  .meta({
    description:
      'Solved closes the case, not solved sends it back and goes with no satisfaction above neutral',
  })

export function isContent(satisfied: Satisfied): boolean {
  return satisfied === 'very' || satisfied === 'satisfied'
}

/** Counts as dissatisfied: not solved, or worse than neutral. */
export function isBad({ resolved, satisfied }: Pick<FollowUpAnswers, 'resolved' | 'satisfied'>): boolean {
  return resolved === false || satisfied === 'dissatisfied' || satisfied === 'very-dissatisfied'
}

/** The action that somebody's answer is, whatever they took it for. */
export function actionOfAnswers(answers: { resolved?: unknown }): 'follow-up' | 'rework' {
  return answers.resolved === false ? 'rework' : 'follow-up'
}

/** What is wrong with closing by these answers, as `field: problem`; null when nothing is. */
export function closingProblem(answers: FollowUpAnswers, isByClock: boolean): string | null {
  const { contacted, resolved, satisfied } = answers
  if (isByClock)
    return contacted === null && resolved === null && satisfied === null ? null : 'the clock says nothing'
  if (resolved === null) return 'resolved: say whether it is solved; without any answer only the clock closes'
  return resolved ? null : 'resolved: what is not solved is `rework`'
}

/** What is wrong with sending back by these answers; null when nothing is. A supervisor need not have asked. */
export function reworkProblem(answers: FollowUpAnswers): string | null {
  if (answers.resolved === true) return 'resolved: what is solved is `follow-up`'
  return isConsistent(answers) ? null : 'satisfied: nobody is satisfied with what is not solved'
}

function isConsistent({ resolved, satisfied }: Pick<FollowUpAnswers, 'resolved' | 'satisfied'>): boolean {
  return resolved !== false || !isContent(satisfied)
}
