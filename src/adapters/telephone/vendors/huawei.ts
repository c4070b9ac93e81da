import { z } from 'zod'
import type { VendorMapping } from './vendor.ts'

const messageSchema = z.object({
  /** START, RESULT, EVENT, END; ERROR and FATAL_ERROR. */
  resp_type: z.string(),
  trace_id: z.string(),
  segments: z
    .array(
      z.object({
        /** A sentence keeps its beginning from the first result to the last, so it serves as its id. */
        start_time: z.number(),
        end_time: z.number(),
        is_final: z.boolean(),
        result: z.object({ text: z.string(), score: z.number().optional() }),
      }),
    )
    .optional(),
})

/** Huawei Cloud's real-time recognition (RASR, streams that go on). */
export const fromHuawei: VendorMapping = (message, { callId, role, offsetMs }) => {
  const parsed = messageSchema.safeParse(message)
  if (!parsed.success) return null
  const { resp_type, trace_id, segments } = parsed.data
  if (resp_type === 'RESULT') {
    if (!segments) return null
    return segments.map(({ start_time, end_time, is_final, result }) => ({
      type: is_final ? ('utterance.final' as const) : ('utterance.partial' as const),
      callId: callId ?? trace_id,
      utteranceId: `${trace_id}-${start_time}`,
      revision: end_time,
      role,
      text: result.text,
      beginMs: offsetMs + start_time,
      endMs: offsetMs + end_time,
      confidence: result.score ?? null,
    }))
  }
  return /^(START|EVENT|END)$/.test(resp_type) ? [] : null
}
