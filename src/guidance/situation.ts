import { type Answers, applies } from './condition.ts'
import type { ItemQuestion } from './item.ts'

/** How far somebody's situation is known. */
export interface Situation {
  /** The answers that count: to questions that are asked in this situation, with a choice that they offer. */
  answers: Answers
  /** The next thing to ask; null when all is known. */
  open: ItemQuestion | null
}

/**
 * Reads answers against the questions, in their order: unknown questions and choices, and answers to questions
 * that this situation does not ask, do not count.
 */
export function readSituation(questions: readonly ItemQuestion[], given: Answers): Situation {
  const answers: Record<string, string> = {}
  for (const question of questions) {
    if (!applies(question.when, answers)) continue
    const answer = given[question.id]
    if (answer === undefined || !question.choices.some(({ id }) => id === answer))
      return { answers, open: question }
    answers[question.id] = answer
  }
  return { answers, open: null }
}

/** Every situation that the questions tell apart, each answered to the end. */
export function allSituations(questions: readonly ItemQuestion[], from: Answers = {}): Answers[] {
  const { answers, open } = readSituation(questions, from)
  if (!open) return [answers]
  return open.choices.flatMap(({ id }) => allSituations(questions, { ...answers, [open.id]: id }))
}
