import { join } from 'node:path'
import { createBotFrameworkChannel } from './adapters/bot/bot-framework.ts'
import type { Bot } from './adapters/bot/create-bot.ts'
import { createBot } from './adapters/bot/create-bot.ts'
import type { ChatChannel, ChatLine } from './adapters/chat/chat-line.ts'
import { createDingtalkChannel } from './adapters/dingtalk/dingtalk-channel.ts'
import { contentTypeOf, documentExtensionOf, extensionOf } from './adapters/direct-line/attachments.ts'
import { accountOfToken } from './adapters/direct-line/authority.ts'
import { directLine } from './adapters/direct-line/direct-line.ts'
import { createDiskUploadStore } from './adapters/direct-line/disk-upload-store.ts'
import { MAX_FILE_BYTES } from './adapters/direct-line/upload-routes.ts'
import { createFeishuChannel } from './adapters/feishu/feishu-channel.ts'
import type { ServerParts } from './adapters/http/create-server.ts'
import type { Texts } from './adapters/http/error-handler.ts'
import { localeOfHeader, localeOfTag } from './adapters/http/match-locale.ts'
import type { Metrics } from './adapters/http/metrics.ts'
import type { RateLimiter } from './adapters/http/rate-limiter.ts'
import { createAddressGuard } from './adapters/notify/address-guard.ts'
import { open311 } from './adapters/open311/open311.ts'
import type { Open311Options } from './adapters/open311/open311-options.ts'
import { createSmsChannel } from './adapters/sms/sms-channel.ts'
import { telephone } from './adapters/telephone/telephone.ts'
import { createWechatChannel } from './adapters/wechat/wechat-account.ts'
import { createWechatKfChannel } from './adapters/wechat-kf/wechat-kf-channel.ts'
import { createWecomChannel } from './adapters/wecom/wecom-channel.ts'
import type { Channel } from './cases/channels.ts'
import {
  botFrameworkAccount,
  dingtalkRobot,
  feishuRobot,
  wechatAccount,
  wechatKfApplication,
  wecomApplication,
} from './channel-settings.ts'
import type { Config } from './config.ts'
import { queueAnswer } from './usecases/answer-by-sms.ts'
import { callEar } from './usecases/call-intake.ts'
import type { ChatSenders, SharedMemory } from './usecases/channel-ports.ts'
import type { FileShelf } from './usecases/handler-ports.ts'
import { contactOf, greetPerson, hearMessage, noticePerson, sayGoodbye } from './usecases/hear-message.ts'
import type { KeptFiles } from './usecases/kept-files.ts'
import type { Line } from './usecases/line.ts'
import type { PulseTaker } from './usecases/line-health-ports.ts'
import { openConversation } from './usecases/open-conversation.ts'
import { publicRequests } from './usecases/public-requests.ts'
import { sayInText } from './usecases/say-in-text.ts'
import { takeTurn } from './usecases/take-turn.ts'
import { watchedLogger, watchedSenders, watchedShared } from './usecases/watch-channel.ts'

/** What channels are made of besides the line. */
export interface ChannelParts {
  config: Config
  /** Folder of what this instance keeps; uploads go there. */
  dataDir: string
  signingKey: Buffer
  texts: Texts
  metrics: Metrics
  limiter: RateLimiter
  /** What all instances remember for a while. */
  shared: SharedMemory
  /** Where it is told what happens on the channels. */
  pulses: PulseTaker
  /** How long the answer to a vendor's post may take before it is sent by itself; shorter in tests. */
  answerWithinMs?: number
}

export interface Channels {
  plugins: ServerParts['channels']
  /** Where files lie that people send, and those of the desk. */
  files: FileShelf
  /** Of channels on which the line writes to people, wherever they are. */
  senders: ChatSenders
  /** Documents that people hand in; files of the chats can be read there, too. */
  documents: KeptFiles
  /** What a QR code must hold so that its scan opens a case in a chat; null without such a chat, or while it is away. */
  chatCode(number: string): Promise<string | null>
  /** Whose conversation a token of our own protocol opens; null for one that opens none. */
  accountOfToken(token: string): { channel: string; channelUserId: string } | null
}

/** Every channel by which people reach the line, each a plugin of the server with its parts bound. */
export function openChannels(line: Line, parts: ChannelParts): Channels {
  const { config, dataDir, signingKey, texts, metrics, limiter } = parts
  const { store, bus, clock, chance } = line
  const bot = createBot({
    takeTurn: incoming => takeTurn(line, incoming),
    texts,
    lineName: line.names.line,
    localeOf: localeOfTag,
    onTurn: metrics.onTurn,
  })
  const uploads = createDiskUploadStore(join(dataDir, 'uploads'), chance)
  const direct: Parameters<typeof directLine>[1] = {
    signingKey: signingKey.toString('base64'),
    secret: config.DIRECT_LINE_SECRET ?? null,
    allowedOrigins: config.ALLOWED_ORIGINS,
    publicUrl: config.PUBLIC_URL ?? null,
    bot,
    store,
    openConversation: opening => openConversation(line, opening),
    localeOf: localeOfTag,
    bus,
    uploads,
    limit: limiter.take,
    clock,
    chance,
    onSocket: metrics.onSocket,
  }
  const saveFile: ChatLine['saveFile'] = async bytes => uploads.save(bytes, await extensionOf(bytes))
  const chats = openChats(line, parts, chatLine(line, parts, bot, saveFile))
  return {
    plugins: [
      app => directLine(app, direct),
      ...chats.map(chat => chat.open),
      app =>
        telephone(app, {
          secret: config.TELEPHONE_SECRET ?? null,
          intake: callEar(line),
          limit: limiter.take,
        }),
      app => open311(app, openProtocol(line, parts)),
    ],
    documents: {
      save: async bytes => uploads.save(bytes, await documentExtensionOf(bytes)),
      read: name => uploads.read(name),
    },
    accountOfToken: token => accountOfToken(token, direct),
    files: {
      mostBytes: MAX_FILE_BYTES,
      save: saveFile,
      async read(name) {
        const bytes = await uploads.read(name)
        return bytes && { bytes, type: contentTypeOf(name) }
      },
    },
    senders: watchedSenders(new Map(chats.map(({ name, sender }) => [name, sender])), parts.pulses),
    async chatCode(number) {
      const coding = chats.find(chat => chat.codeOf)
      const code = await coding?.codeOf?.(number).catch(error => {
        line.logger.warn({ err: error }, 'no code of a chat could be had')
      })
      return code ?? null
    },
  }
}

/** The public protocol is always there: whoever has no key reads. */
function openProtocol(line: Line, { config, texts, limiter, metrics }: ChannelParts): Open311Options {
  return {
    line: publicRequests(line),
    clients: config.OPEN311_KEYS,
    publicUrl: config.PUBLIC_URL ?? null,
    changedAt: line.clock.now(),
    texts,
    localeOf: localeOfTag,
    localeOfHeader,
    limit: limiter.take,
    onRefusal: metrics.onRefusal,
  }
}

/** The channels of vendors that are set up; another one is a line here. */
function openChats(ours: Line, parts: ChannelParts, line: ChatLine): ChatChannel[] {
  const { store, content, logger } = ours
  const { config, limiter, answerWithinMs, pulses } = parts
  const commonOf = (channel: Channel) => ({
    line: { ...line, shared: watchedShared(line.shared, channel, pulses) },
    contacts: store.contacts,
    feeds: store.feeds,
    publicUrl: config.PUBLIC_URL ?? null,
    limit: limiter.take,
    logger: watchedLogger(logger, channel, pulses),
    ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
  })
  const account = wechatAccount(config, content)
  const wecom = wecomApplication(config)
  const wechatKf = wechatKfApplication(config)
  const dingtalk = dingtalkRobot(config)
  const feishu = feishuRobot(config)
  const bots = botFrameworkAccount(config)
  return [
    account && createWechatChannel(account, commonOf('wechat')),
    wecom && createWecomChannel(wecom, commonOf('wecom')),
    wechatKf && createWechatKfChannel(wechatKf, commonOf('wechat-kf')),
    dingtalk && createDingtalkChannel(dingtalk, commonOf('dingtalk')),
    feishu && createFeishuChannel(feishu, commonOf('feishu')),
    bots && createBotFrameworkChannel(bots, commonOf('bot-framework')),
    smsChannel(config, { ...commonOf('sms'), answer: data => queueAnswer(ours, data) }),
  ].filter(chat => chat !== null)
}

function smsChannel(
  { SMS_UP_PATH: secret, SMS_UP_NETWORKS: networks }: Config,
  parts: Pick<Parameters<typeof createSmsChannel>[0], 'line' | 'limit' | 'logger' | 'answer'>,
): ChatChannel | null {
  if (!secret) return null
  const guard = createAddressGuard(networks)
  const isAllowed = (address: string) => networks.length === 0 || guard.judge(address) === 'listed'
  return createSmsChannel({ ...parts, secret, isAllowed })
}

/** The line as the channels of vendors need it. */
export function chatLine(
  line: Line,
  { texts, shared }: Pick<ChannelParts, 'texts' | 'shared'>,
  bot: Bot,
  saveFile: ChatLine['saveFile'],
): ChatLine {
  return {
    hear: (person, message) =>
      hearMessage(line, person, message, activity =>
        bot.receive({ type: 'message', locale: null, clientData: null, ...activity }),
      ),
    greet: person => greetPerson(line, person),
    notice: person => noticePerson(line, person),
    contactOf: person => contactOf(line, person),
    goodbye: person => sayGoodbye(line, person),
    texts,
    inText: (said, locale) => sayInText(said, (key, params) => line.content.texts.of(locale, key, params)),
    saveFile,
    shared,
    clock: line.clock,
  }
}
