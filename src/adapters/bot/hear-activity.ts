import { z } from 'zod'
import type { Channel } from '../../cases/channels.ts'
import { DAY } from '../../kernel/clock.ts'
import { isAppError } from '../../kernel/errors.ts'
import type { Allowance } from '../../usecases/channel-ports.ts'
import type { ChatPerson, Heard } from '../../usecases/hear-message.ts'
import { fetchFile, VendorAway, VendorRefusal } from '../chat/call-vendor.ts'
import { bubble, type ChatLine } from '../chat/chat-line.ts'
import { MOST_FILES, NOTHING_SAID } from '../chat/hear-event.ts'
import { placeInActivity } from '../chat/place-sent.ts'
import { saidIn } from '../chat/said-text.ts'
import {
  addressOf,
  type BotFrameworkActivity,
  externalIdOf,
  isAmongOthers,
  personKey,
} from './bot-framework-activity.ts'
import { isOfService, type ServiceHosts } from './service-hosts.ts'

/** The channel's name in conversations and cases: one for all channels of the Bot Framework. */
export const BOT_FRAMEWORK: Channel = 'bot-framework'

/** These channels set no number; one that refuses a message says so. */
const ALLOWANCE: Allowance = { messages: 10_000, forMs: 365 * DAY }

export interface BotFrameworkEar {
  line: ChatLine
  services: ServiceHosts
  /** Token of the app, for files that only the bot may fetch; null without an app. */
  bearer(): Promise<string | null>
  /** @throws AppError `rate-limited` */
  limit(rule: 'turn-by-user', key: string): Promise<void>
}

/**
 * What the line says to an activity; an empty list when nobody waits for anything.
 * @throws AppError of the turn
 */
export async function hearActivity(ear: BotFrameworkEar, activity: BotFrameworkActivity): Promise<Heard> {
  const { line } = ear
  const own = (key: string): Heard => ({ said: [bubble(line.texts('zh-Hans', key))], locale: 'zh-Hans' })
  switch (activity.type) {
    case 'message':
      return isAmongOthers(activity) ? own('chat.write-privately') : hearMessage(ear, activity)
    case 'invoke':
      return isCardAction(activity) && !isAmongOthers(activity) ? hearMessage(ear, activity) : NOTHING_SAID
    case 'conversationUpdate': {
      const newcomer = activity.membersAdded?.find(({ id }) => id !== activity.recipient?.id)
      if (!newcomer || isAmongOthers(activity)) return NOTHING_SAID
      return line.greet(personOf(activity, newcomer.id))
    }
    case 'installationUpdate':
      if (activity.action?.startsWith('remove')) await line.goodbye(personOf(activity, activity.from.id))
      return NOTHING_SAID
    default:
      return NOTHING_SAID
  }
}

/** A tap on an Adaptive Card that waits for an answer of its own. */
export function isCardAction({ type, name }: Pick<BotFrameworkActivity, 'type' | 'name'>): boolean {
  return type === 'invoke' && name === 'adaptiveCard/action'
}

function personOf(activity: BotFrameworkActivity, userId: string): ChatPerson {
  return {
    channel: BOT_FRAMEWORK,
    address: addressOf(activity, userId),
    key: personKey(activity, userId),
    allowance: ALLOWANCE,
  }
}

async function hearMessage(ear: BotFrameworkEar, activity: BotFrameworkActivity): Promise<Heard> {
  const { line, limit } = ear
  const person = personOf(activity, activity.from.id)
  await limit('turn-by-user', `${BOT_FRAMEWORK}:${person.key}`)
  const said = saidIn(activity.text, activity.value)
  const place = placeInActivity(said, activity.entities)
  const text = place?.text ?? said
  const files = await keepFiles(ear, activity)
  const notes = files.notes.map(key => bubble(line.texts('zh-Hans', key)))
  if (text.trim() === '' && files.names.length === 0) {
    await line.notice(person)
    const key = place ? 'chat.place-unnamed' : 'chat.unreadable'
    return { said: notes.length > 0 ? notes : [bubble(line.texts('zh-Hans', key))], locale: 'zh-Hans' }
  }
  const externalId = externalIdOf(activity)
  const heard = await line.hear(person, {
    externalId,
    text,
    attachments: files.names,
    sentPlace: place?.sentPlace,
  })
  return { ...heard, said: [...notes, ...heard.said] }
}

interface KeptFiles {
  names: string[]
  /** Keys of what to tell about those that could not be kept; each once. */
  notes: string[]
}

async function keepFiles(ear: BotFrameworkEar, activity: BotFrameworkActivity): Promise<KeptFiles> {
  const addresses = (activity.attachments ?? []).flatMap(contentUrlOf)
  const kept = await Promise.all(addresses.slice(0, MOST_FILES).map(url => keepFile(ear, activity, url)))
  const notes = kept.flatMap(each => ('note' in each ? [each.note] : []))
  if (addresses.length > MOST_FILES) notes.push('chat.picture-refused')
  return { names: kept.flatMap(each => ('name' in each ? [each.name] : [])), notes: [...new Set(notes)] }
}

const attachmentSchema = z.object({ contentUrl: z.string().min(1).max(4000) })

/** Attachments without an address hold the text once more, as HTML. */
function contentUrlOf(attachment: unknown): string[] {
  const parsed = attachmentSchema.safeParse(attachment)
  return parsed.success ? [parsed.data.contentUrl] : []
}

/** Fetched only from the services themselves, checked by its first bytes, kept under a name of ours. */
async function keepFile(
  ear: BotFrameworkEar,
  { serviceUrl }: BotFrameworkActivity,
  contentUrl: string,
): Promise<{ name: string } | { note: string }> {
  if (!isOfService(contentUrl, ear.services)) return { note: 'chat.picture-refused' }
  const url = new URL(contentUrl)
  try {
    const token = url.host === new URL(serviceUrl).host ? await ear.bearer() : null
    const file = await fetchFile({
      url,
      ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
    })
    if (!(file instanceof Uint8Array)) return { note: 'chat.picture-refused' }
    return { name: await ear.line.saveFile(file) }
  } catch (error) {
    if (error instanceof VendorAway) return { note: 'chat.picture-lost' }
    if (error instanceof VendorRefusal || isAppError(error, 'upload-refused'))
      return { note: 'chat.picture-refused' }
    throw error
  }
}
