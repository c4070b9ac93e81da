import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import { keptId } from '../chat/kept-id.ts'

const account = z.object({ id: z.string().min(1).max(1000), name: z.string().max(500).nullish() })

/** What of an activity is read; the rest never comes near the line or the SDK. */
const activitySchema = z.object({
  type: z.string().min(1).max(50),
  id: z.string().max(1000).nullish(),
  channelId: z.string().min(1).max(100),
  serviceUrl: z.string().min(1).max(1000),
  from: account,
  /** The bot as the channel knows it. */
  recipient: account.nullish(),
  conversation: z.object({
    id: z.string().min(1).max(2000),
    isGroup: z.boolean().nullish(),
    conversationType: z.string().max(50).nullish(),
    tenantId: z.string().max(200).nullish(),
  }),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  name: z.string().max(200).nullish(),
  action: z.string().max(50).nullish(),
  deliveryMode: z.string().max(50).nullish(),
  attachments: z.array(z.unknown()).max(50).nullish(),
  entities: z.array(z.unknown()).max(50).nullish(),
  membersAdded: z.array(account).max(200).nullish(),
})

/** An activity of a Bot Framework channel, checked. */
export type BotFrameworkActivity = z.output<typeof activitySchema>

/**
 * Checks what was posted, before anything else sees it. Source: the Bot Framework activity schema.
 * @throws AppError `body-invalid`
 */
export function readBotFrameworkActivity(body: unknown): BotFrameworkActivity {
  const parsed = activitySchema.safeParse(body)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  throw new AppError('body-invalid', { problems })
}

/** The channel's own id of the message, the same for its repeats, as short and clean as the store wants it. */
export function externalIdOf({ id }: Pick<BotFrameworkActivity, 'id'>): string | null {
  return id ? keptId(id) || null : null
}

/** More people than the one who writes can read along. */
export function isAmongOthers({ conversation }: Pick<BotFrameworkActivity, 'conversation'>): boolean {
  const { isGroup, conversationType } = conversation
  return isGroup === true || (!!conversationType && conversationType !== 'personal')
}

/** Channels where whoever holds a token may say who they are: there nobody is known beyond one conversation. */
const CHOOSES_OWN_ID = ['directline', 'webchat', 'emulator', 'directlinespeech']

/** Who it is, the same in every message. */
export function personKey(activity: BotFrameworkActivity, userId: string): string {
  const { channelId, conversation } = activity
  return JSON.stringify([channelId, userId, ...(CHOOSES_OWN_ID.includes(channelId) ? [conversation.id] : [])])
}

const referenceSchema = z.object({
  channelId: z.string(),
  serviceUrl: z.string(),
  conversation: z.object({ id: z.string(), tenantId: z.string().optional() }),
  bot: z.object({ id: z.string(), name: z.string().optional() }),
  user: z.object({ id: z.string() }),
})

/** Where more can be sent to somebody: what the Bot Framework calls a conversation reference. */
export type BotFrameworkAddress = z.output<typeof referenceSchema>

/** Their address as a contact keeps it. */
export function addressOf(activity: BotFrameworkActivity, userId: string): string {
  const { channelId, serviceUrl, conversation, recipient } = activity
  const address: BotFrameworkAddress = {
    channelId,
    serviceUrl,
    conversation: {
      id: conversation.id,
      ...(conversation.tenantId ? { tenantId: conversation.tenantId } : {}),
    },
    bot: botOf(recipient),
    user: { id: userId },
  }
  return JSON.stringify(address)
}

/** The other way. @throws when it is none of ours */
export function readAddress(address: string): BotFrameworkAddress {
  return referenceSchema.parse(JSON.parse(address))
}

/** Ourselves, in answers to channels that do not say how they call us. */
export function botOf(recipient: BotFrameworkActivity['recipient']): BotFrameworkAddress['bot'] {
  return {
    id: recipient?.id ?? 'bot',
    ...(recipient?.name ? { name: recipient.name } : {}),
  }
}
