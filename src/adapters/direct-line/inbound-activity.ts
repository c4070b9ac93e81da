import { z } from 'zod'
import type { SentPlace } from '../../conversation/message.ts'
import { cleanText } from '../../kernel/clean-text.ts'
import { AppError } from '../../kernel/errors.ts'
import { placeInActivity } from '../chat/place-sent.ts'
import { saidIn } from '../chat/said-text.ts'

const optionalText = z.string().nullish()

/** The part of an activity that a client may decide. `from`, `channelId`, `serviceUrl` and the rest are ours. */
const activitySchema = z.object({
  type: z.string().min(1).max(50),
  id: z.string().max(200).nullish(),
  name: z.string().max(200).nullish(),
  text: optionalText,
  locale: z.string().max(35).nullish(),
  deliveryMode: optionalText,
  value: z.unknown().optional(),
  channelData: z.unknown().optional(),
  attachments: z.array(z.unknown()).max(20).nullish(),
  entities: z.array(z.unknown()).max(50).nullish(),
})

/** A checked activity: texts are free of what no store can keep. */
export interface WireActivity {
  type: string
  name: string | null
  externalId: string | null
  text: string
  locale: string | null
  /** Something was submitted, e.g. by a card. */
  hasValue: boolean
  isReplyExpected: boolean
  hasAttachments: boolean
  clientData: Record<string, unknown> | null
  /** The message is a location, and the text its label. */
  sentPlace: SentPlace | undefined
}

/**
 * Checks what a client posted, before anything else sees it.
 * @throws AppError `body-invalid`, `message-too-long`
 */
export function parseActivity(body: unknown, conversationId: string): WireActivity {
  const parsed = activitySchema.safeParse(body)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    throw new AppError('body-invalid', { problems })
  }
  const { type, name, id, text, locale, deliveryMode, value, channelData, attachments, entities } =
    parsed.data
  const clientData = keepClientData(channelData)
  const said = saidIn(text, value)
  const place = placeInActivity(said, entities)
  return {
    type,
    name: name ?? null,
    externalId: externalIdOf(clientData, id ?? null, conversationId),
    text: place ? cleanText(place.text) : said,
    sentPlace: place?.sentPlace,
    locale: locale || null,
    hasValue: value !== undefined && value !== null,
    isReplyExpected: deliveryMode === 'expectReplies',
    hasAttachments: (attachments?.length ?? 0) > 0,
    clientData,
  }
}

/** @throws AppError `message-empty` when nobody could see anything in it */
export function requireContent(text: string): void {
  if (/^[\s\p{Cf}\p{Cc}\p{Zl}\p{Zp}\u3164\u2800]*$/u.test(text)) throw new AppError('message-empty')
}

const MAX_CLIENT_KEYS = 20
const MAX_CLIENT_VALUE = 300

/** Only small flat values come back with the echo; thumbnails in base64 and the like do not. */
function keepClientData(channelData: unknown): Record<string, unknown> | null {
  if (typeof channelData !== 'object' || channelData === null || Array.isArray(channelData)) return null
  const kept = Object.entries(channelData)
    .filter(([key, value]) => key.length <= 60 && isSmall(value))
    .slice(0, MAX_CLIENT_KEYS)
    .map(([key, value]) => [cleanText(key), typeof value === 'string' ? cleanText(value) : value])
  return kept.length > 0 ? Object.fromEntries(kept) : null
}

function isSmall(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_CLIENT_VALUE
  return value === null || typeof value === 'boolean' || typeof value === 'number'
}

/** The client's own id of the message, which it repeats when it sends again. Ids that we gave are copies, not resends. */
function externalIdOf(
  clientData: Record<string, unknown> | null,
  id: string | null,
  conversationId: string,
): string | null {
  const own = clientData?.clientActivityID
  if (typeof own === 'string' && own !== '') return own.slice(0, 200)
  return id && !id.startsWith(`${conversationId}|`) ? cleanText(id) : null
}
