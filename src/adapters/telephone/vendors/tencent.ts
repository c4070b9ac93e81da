import { z } from 'zod'
import type { VendorMapping } from './vendor.ts'

const BEGINS = 0
const ENDS = 2

const messageSchema = z.object({
  code: z.number(),
  voice_id: z.string(),
  /** 1: the whole recognition has ended; such a message has no result. */
  final: z.number().optional(),
  result: z
    .object({
      /** 0: a sentence begins, 1: it goes on and may change, 2: it has ended. */
      slice_type: z.union([z.literal(BEGINS), z.literal(1), z.literal(ENDS)]),
      index: z.number(),
      start_time: z.number(),
      /** Grows with every slice of a sentence, so it serves as the revision. */
      end_time: z.number(),
      voice_text_str: z.string(),
    })
    .optional(),
})

/** Tencent Cloud's real-time recognition (`/asr/v2`). */
export const fromTencent: VendorMapping = (message, { callId, role, offsetMs }) => {
  const parsed = messageSchema.safeParse(message)
  if (!parsed.success || parsed.data.code !== 0) return null
  const { voice_id, result } = parsed.data
  if (!result) return []
  const { slice_type, index, start_time, end_time, voice_text_str } = result
  return [
    {
      type: slice_type === ENDS ? 'utterance.final' : 'utterance.partial',
      callId: callId ?? voice_id,
      utteranceId: `${voice_id}-${index}`,
      revision: end_time,
      role,
      text: voice_text_str,
      beginMs: offsetMs + start_time,
      endMs: offsetMs + end_time,
    },
  ]
}
