import { z } from 'zod'
import type { VendorMapping } from './vendor.ts'

const SUCCESS = 20_000_000

const messageSchema = z.object({
  header: z.object({
    namespace: z.literal('SpeechTranscriber'),
    name: z.string(),
    task_id: z.string(),
    status: z.number().optional(),
  }),
  payload: z
    .object({
      /** Number of the sentence. */
      index: z.number().optional(),
      /** How much audio was heard so far, in ms. It grows with every message, so it serves as the revision. */
      time: z.number().optional(),
      begin_time: z.number().optional(),
      result: z.string().optional(),
      confidence: z.number().optional(),
      words: z.array(z.object({ startTime: z.number().optional() })).nullish(),
    })
    .nullish(),
})

const TYPES: Readonly<Record<string, 'utterance.partial' | 'utterance.final'>> = {
  SentenceBegin: 'utterance.partial',
  TranscriptionResultChanged: 'utterance.partial',
  SentenceEnd: 'utterance.final',
}

/** Aliyun's real-time transcription (SpeechTranscriber). A sentence's beginning is a partial without words. */
export const fromAliyun: VendorMapping = (message, { callId, role, offsetMs }) => {
  const parsed = messageSchema.safeParse(message)
  if (!parsed.success) return null
  const { header, payload } = parsed.data
  if (header.name === 'TaskFailed' || (header.status ?? SUCCESS) !== SUCCESS) return null
  const type = TYPES[header.name]
  if (!type) return []
  if (payload?.index === undefined || payload.time === undefined) return null
  const { index, time, begin_time, result = '', confidence, words } = payload
  const begin = begin_time ?? words?.[0]?.startTime ?? time
  return [
    {
      type,
      callId: callId ?? header.task_id,
      utteranceId: `${header.task_id}-${index}`,
      revision: time,
      role,
      text: result,
      beginMs: offsetMs + Math.min(begin, time),
      endMs: offsetMs + time,
      confidence: confidence ?? null,
    },
  ]
}
