import { z } from 'zod'
import { extractFeatures, type Features } from './features.ts'
import type { Reader } from './reader.ts'
import type { Token } from './segment.ts'

/** A message whose label is known; some exist only as segmented words. */
export const labelledMessageSchema = z
  .object({
    label: z.string().min(1),
    subject: z.string().optional(),
    text: z.string().optional(),
    segmented: z.string().optional(),
  })
  .refine(row => row.text !== undefined || row.segmented !== undefined, 'needs "text" or "segmented"')
export type LabelledMessage = z.infer<typeof labelledMessageSchema>

/** The topical features of a labelled message. The subject line says in short what the text says at length. */
export function featuresOfMessage(message: LabelledMessage, read: Reader): Features {
  if (message.text === undefined) return extractFeatures(wordsOf(message.segmented ?? ''), 'topical')
  const text = message.subject === undefined ? message.text : `${message.subject}\n${message.text}`
  return extractFeatures(read(text).tokens, 'topical')
}

function wordsOf(segmented: string): Token[] {
  const tokens: Token[] = []
  let start = 0
  for (const text of segmented.toLowerCase().split(/\s+/u)) {
    if (!text) continue
    tokens.push({ text, start })
    start += text.length
  }
  return tokens
}
