import { z } from 'zod'
import { LOCALES, type Locale } from '../language/understanding.ts'

/** A thing the person can tap instead of typing. `say` is what the tap says on the person's behalf. */
export interface Choice {
  id: string
  title: string
  say: string
}

/** One matter as a channel may show it; also `channelData.cases` of Direct Line. */
export interface CaseReference {
  number: string
  /** Only when the case was just filed: the secret is told once. */
  queryCode?: string
  /** Id of the lead department. */
  department: string
  stage: string
  /** ISO 8601, or null when nothing is owed any more. */
  dueBy: string | null
}

/** A case as a card, every text already in the person's language. */
export interface CaseCard extends CaseReference {
  title: string
  departmentName: string
  coHandlerNames: string[]
  /** Why this department, in one sentence. */
  reason: string
  stageName: string
  /** The nine stages in order, for a progress line; of an application its steps. */
  stages: { id: string; name: string; state: 'done' | 'now' | 'ahead' }[]
  /** The promise in the resident's words, e.g. `12月8日（周二）17:00前`. */
  dueText: string
  statusText: string
  place: string | null
  words: string
  /** Of an application that has ended: what can be fetched with the query code. */
  certificate?: { number: string; outcome: 'approved' | 'refused' }
}

/** What the line (or an agent) says in one bubble, ready to show. */
export interface Outgoing {
  /** Reply key, e.g. `file-matter.ask-place`: what tests and metrics look at. */
  key: string
  text: string
  choices: Choice[]
  cards: CaseCard[]
  /** What the next answer should be, so that a page can choose a keyboard. */
  expects: 'text' | 'phone' | 'code' | 'nothing'
  /** Who says it when it is not the line, as residents see them, e.g. `坐席 103`. */
  by?: string
}

/** A location that a channel lets people send; the message's text is its label. */
export interface SentPlace {
  /** WGS-84; null where the channel does not tell. */
  at: [longitude: number, latitude: number] | null
}

/** What a person sends on any channel, already out of its wire format. */
export const incomingSchema = z.object({
  conversationId: z.string().min(1),
  /** The channel's own id of the message; the same id again repeats the reply and nothing else. */
  externalId: z.string().max(200).nullable(),
  text: z.string(),
  locale: z.enum(LOCALES).nullable(),
  /** Names of stored attachments. */
  attachments: z.array(z.string()).default([]),
  /** Opaque data that the channel wants back with the echo (Direct Line's `clientActivityID`). */
  clientData: z.record(z.string(), z.unknown()).nullable().default(null),
  /** The message is a location, and the text its label. */
  sentPlace: z.object({ at: z.tuple([z.number(), z.number()]).nullable() }).optional(),
})
export type Incoming = z.infer<typeof incomingSchema>

export type Speaker = 'resident' | 'line' | 'agent'

/** A line of the transcript. `seq` counts from 1 within the conversation and is the watermark of its channel. */
export interface TranscriptEntry {
  conversationId: string
  seq: number
  id: string
  from: Speaker
  at: Date
  /** `seq` of the entry that this one answers. */
  replyTo: number | null
  externalId: string | null
  body: { text: string; clientData?: Record<string, unknown> | null; attachments?: string[] } | Outgoing
}

/** Where a conversation stands. `state` belongs to the conversation engine. */
export interface Conversation {
  id: string
  channel: string
  /** The channel's id of the person. */
  userId: string
  locale: Locale
  /** Serialised engine state. */
  state: unknown
  /** Number of the last transcript entry. */
  lastSeq: number
  /** Grows with each turn; a write names the version it read. */
  version: number
  createdAt: Date
  changedAt: Date
}
