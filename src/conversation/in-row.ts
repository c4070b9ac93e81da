import type { Understanding } from '../language/understanding.ts'
import type { Answer } from './acceptors.ts'
import type { Question } from './agenda.ts'
import { choicesOf } from './question.ts'
import type { Frame } from './state.ts'

/** "1 2 1", "1，2，1", "１２１": as many numbers of choices, and nothing else. */
const ROW = /^[1-9](?:[\s,，、.．;；/+-]*[1-9]){1,3}$/u

const NO_CHOICE = '0'

/**
 * Several numbers where a question with `inRow` is open: the first is the answer to it, the others are kept for the questions that
 * follow. Returns what is heard as the answer; where only one
 * number makes sense, one that is none of the choices.
 */
export function takeRow(
  frame: Frame | undefined,
  question: Question | null,
  said: Understanding,
  understand: (text: string) => Understanding,
): Understanding {
  if (!frame || said.isSentPlace) return said
  delete frame.slots.row
  const text = said.text.normalize('NFKC').trim()
  if (question?.step.accepts !== 'choice' || !ROW.test(text)) return said
  // Meant for other questions: no answer here, whatever it may sound like.
  if (!question.step.inRow) return understand(NO_CHOICE)
  const [first, ...rest] = text.replace(/\D/gu, '')
  frame.slots.row = rest.map(Number)
  return understand(first!)
}

/** The answer to this question that was given in a row with an earlier one; null when none was, or when it is none of the choices. */
export function nextOfRow(frame: Frame, { step, item }: Question): (Answer & { is: 'filled' }) | null {
  const [next, ...rest] = (frame.slots.row as number[] | undefined) ?? []
  if (next === undefined) return null
  const picked = step.inRow ? choicesOf(frame, step, item)[next - 1] : undefined
  if (picked) frame.slots.row = rest
  else delete frame.slots.row
  return picked ? { is: 'filled', slots: { [step.ask]: picked.id } } : null
}
