import type {} from '@fastify/swagger'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HOUR } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { ContactStore } from '../../usecases/channel-ports.ts'
import { apologyFor } from '../chat/answers.ts'
import type { ChatChannel, ChatLine } from '../chat/chat-line.ts'
import { messageIdOf } from '../chat/text-sender.ts'
import {
  type BotFrameworkActivity,
  externalIdOf,
  personKey,
  readBotFrameworkActivity,
} from './bot-framework-activity.ts'
import { createBotFrameworkSender } from './bot-framework-sender.ts'
import type { BotFrameworkApp, CloudBot, TurnAnswer } from './cloud-bot.ts'
import { BOT_FRAMEWORK, type BotFrameworkEar, hearActivity, isCardAction } from './hear-activity.ts'
import { isOfService } from './service-hosts.ts'
import { showOnChannel } from './show-on-channel.ts'

const PATH = '/api/messages'
const BODY_LIMIT = 256 * 1024
/** How long a channel may go on repeating what was not taken. */
const REPEATED_FOR_MS = HOUR

export interface BotFrameworkAccount {
  /** Null for the Emulator alone. */
  app: BotFrameworkApp | null
  serviceHosts: readonly string[]
  isEmulatorAllowed: boolean
}

/** The channels of the Bot Framework as a channel of the line. The SDK is loaded when the server opens, and not without it. */
export function createBotFrameworkChannel(
  { app, serviceHosts, isEmulatorAllowed }: BotFrameworkAccount,
  parts: { line: ChatLine; contacts: ContactStore; limit: BotFrameworkEar['limit']; logger: Logger },
): ChatChannel {
  const { line, contacts, limit, logger } = parts
  let loading: Promise<CloudBot> | null = null
  const cloudBot = () => {
    loading ??= import('./cloud-bot.ts').then(({ CloudBot }) => new CloudBot(app, logger))
    return loading
  }
  const services = { hosts: serviceHosts, isLocalAllowed: isEmulatorAllowed }
  const ear: BotFrameworkEar = {
    line,
    services,
    limit,
    bearer: async () => (await cloudBot()).bearer(),
  }
  return {
    name: BOT_FRAMEWORK,
    sender: createBotFrameworkSender({ cloudBot, line, services, contacts }),
    open: async server => addMessages(server, { ear, bot: await cloudBot(), isEmulatorAllowed }),
  }
}

/** What the connector posts is a turn; what the line says goes back by the connector, or in the answer when it waits for it. */
function addMessages(
  app: FastifyInstance,
  parts: { ear: BotFrameworkEar; bot: CloudBot; isEmulatorAllowed: boolean },
): void {
  const { ear, bot, isEmulatorAllowed } = parts
  app.post(PATH, { schema: { hide: true }, bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const activity = readBotFrameworkActivity(request.body)
    if (!isOfService(activity.serviceUrl, ear.services)) throw new AppError('service-refused')
    const authorization = request.headers.authorization ?? ''
    const authenticated = await bot.authenticate(activity, authorization, { isEmulatorAllowed })
    const once = onceKey(activity)
    let isOurs = false
    const turn = async () => {
      const answer = await answerTo(activity, request, ear)
      // Repeats at once are one turn with one answer; who asks for it in the response gets it there each time.
      isOurs = once === null || (await ear.line.shared.once(once, REPEATED_FOR_MS))
      return isOurs ? answer : { ...answer, shown: [] }
    }
    const answer = await bot.take(authenticated, activity, turn).catch(async error => {
      if (once !== null && isOurs) await ear.line.shared.takeBack(once)
      request.log.error({ err: error }, 'Bot Framework: an answer did not arrive')
      // Whoever sends the message again gets the same answer.
      throw new AppError('vendor-away')
    })
    return reply.code(answer?.status ?? 200).send(answer?.body ?? '')
  })
}

/** Under what the answer to an activity goes out once; null where it goes back in the response, and for what has no id. */
function onceKey(activity: BotFrameworkActivity): string | null {
  const id = externalIdOf(activity)
  if (id === null || activity.deliveryMode === 'expectReplies') return null
  const key = `${personKey(activity, activity.from.id)}:${activity.conversation.id}:${id}`
  return `${BOT_FRAMEWORK}-answered:${messageIdOf(key, 0)}`
}

async function answerTo(
  activity: BotFrameworkActivity,
  request: FastifyRequest,
  ear: BotFrameworkEar,
): Promise<TurnAnswer> {
  const heard = await hearActivity(ear, activity).catch(error => apologyFor(error, ear.line, request))
  const shown = showOnChannel(activity.channelId, heard, ear.line)
  if (!isCardAction(activity)) return { shown }
  // Shown beside the card for a moment; the answer itself stands in the conversation.
  const value = heard.said[0]?.text ?? ''
  const type = 'application/vnd.microsoft.activity.message'
  return { shown, invokeAnswer: { statusCode: 200, type, value } }
}
