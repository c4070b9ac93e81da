import { z } from 'zod'
import { normalise } from './normalise.ts'
import type { Token } from './segment.ts'

const MISSING = { error: 'is missing, empty or no text' }

/** A message whose label is known; some exist only as segmented words. */
export const labelledMessageSchema = z
  .object({
    label: z.string(MISSING).min(1, MISSING),
    subject: z.string(MISSING).optional(),
    text: z.string(MISSING).optional(),
    segmented: z.string(MISSING).optional(),
  })
  .refine(row => row.text !== undefined || row.segmented !== undefined, 'needs "text" or "segmented"')
  .refine(
    ({ subject = '', text = '', segmented = '' }) => `${subject}${text}${segmented}`.trim() !== '',
    'has no words',
  )
export type LabelledMessage = z.infer<typeof labelledMessageSchema>

/** The words of a labelled message; `cut` is asked for a text's. The subject line says in short what the text says at length. */
export function tokensOfMessage(
  { subject, text, segmented = '' }: Omit<LabelledMessage, 'label'>,
  cut: (text: string) => Token[],
): Token[] {
  if (text === undefined) return wordsOf(segmented)
  return cut(subject === undefined ? text : `${subject}\n${text}`)
}

function wordsOf(segmented: string): Token[] {
  const tokens: Token[] = []
  let start = 0
  for (const text of normalise(segmented).text.toLowerCase().split(/\s+/u)) {
    if (!text) continue
    tokens.push({ text, start })
    start += text.length
  }
  return tokens
}
