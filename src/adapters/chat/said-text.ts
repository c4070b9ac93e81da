import { z } from 'zod'
import { cleanText } from '../../kernel/clean-text.ts'
import { AppError } from '../../kernel/errors.ts'

/** Most characters that one message may have. */
const MAX_TEXT = 8000

/**
 * What somebody said: the text of a message, or what the tap on a card says on their behalf (`value` of an activity), free of what
 * no store can keep.
 * @throws AppError `message-too-long`
 */
export function saidIn(text: string | null | undefined, value: unknown): string {
  const said = cleanText(text?.trim() ? text : (sayOf(value) ?? ''))
  if (isTooLong(said)) throw new AppError('message-too-long', { max: MAX_TEXT })
  return said
}

function isTooLong(text: string): boolean {
  return text.length > MAX_TEXT && (text.length > 2 * MAX_TEXT || [...text].length > MAX_TEXT)
}

const tap = z.union([
  z.string().transform(say => ({ say })),
  z.object({ say: z.string() }),
  z.object({ action: z.object({ data: z.object({ say: z.string() }) }) }).transform(v => v.action.data),
])

/** What a tap on a card says: Adaptive Card submits come as `value`, sometimes one level down (`Action.Execute`). */
function sayOf(value: unknown): string | null {
  const parsed = tap.safeParse(value)
  return parsed.success ? parsed.data.say : null
}
