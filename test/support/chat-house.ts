import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import nock from 'nock'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { createBot } from '../../src/adapters/bot/create-bot.ts'
import type { ChatChannel, ChatLine } from '../../src/adapters/chat/chat-line.ts'
import { addErrorHandler, type Texts } from '../../src/adapters/http/error-handler.ts'
import { createRateLimiter } from '../../src/adapters/http/rate-limiter.ts'
import { MemoryShared } from '../../src/adapters/memory/memory-shared.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { chatLine } from '../../src/open-channels.ts'
import type { ContactStore, FeedStore } from '../../src/usecases/channel-ports.ts'
import { takeTurn } from '../../src/usecases/take-turn.ts'
import { overlay } from './test-line.ts'
import type { Desk } from './use-test-line.ts'

/** What a channel of a vendor is made of. */
export interface ChannelParts {
  line: ChatLine
  contacts: ContactStore
  feeds: FeedStore
  limit: ReturnType<typeof createRateLimiter>['take']
  logger: ReturnType<typeof createLogger>
}

/** A server with one channel of a vendor over a line of the test's own. */
export interface ChatHouse {
  app: FastifyInstance
  desk: Desk
  channel: ChatChannel
  /** Everything that was logged. */
  logged: string[]
}

/** While this is `true` the store is away. */
export interface Outage {
  isOn: boolean
}

const JPEG = Buffer.from('/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRof', 'base64')
/** The first bytes of a picture. */
export const PICTURE = Buffer.concat([JPEG, Buffer.alloc(200, 1)])

/** No request leaves the machine: those that a test does not foresee fail, and those it foresees must come. */
export function withoutNet(): void {
  beforeAll(() => nock.disableNetConnect())
  afterEach(() => nock.cleanAll())
  afterAll(() => nock.enableNetConnect())
}

/** The text that the line says to a fresh person's words is real; so are store, bot and limits. */
export async function openChat(
  desk: Desk,
  create: (parts: ChannelParts) => ChatChannel,
  { outage = { isOn: false } as Outage, saveFile = async () => 'kept.jpg' as string } = {},
): Promise<ChatHouse> {
  const { line } = desk
  const store = awayDuring(outage, line.store)
  const parts = { ...line, store: overlay(store, { contacts: awayDuring(outage, line.store.contacts) }) }
  const texts: Texts = (locale, key, params) =>
    line.content.texts.of(locale, key, params as Record<string, string>)
  const bot = createBot({
    takeTurn: incoming => takeTurn(parts, incoming),
    texts,
    lineName: line.names.line,
    localeOf: () => null,
  })
  const logged: string[] = []
  const logger = createLogger({ level: 'debug', destination: { write: text => void logged.push(text) } })
  const channel = create({
    line: chatLine(parts, { texts, shared: new MemoryShared(line.clock) }, bot, saveFile),
    contacts: parts.store.contacts,
    feeds: awayDuring(outage, line.store.feeds),
    limit: createRateLimiter({ clock: line.clock }).take,
    logger,
  })
  const app: FastifyInstance = Fastify({ loggerInstance: logger as FastifyBaseLogger, bodyLimit: 64 * 1024 })
  addErrorHandler(app, texts, () => {})
  await channel.open(app)
  await app.ready()
  return { app, desk, channel, logged }
}

/** Every method of it is refused during the outage. */
function awayDuring<T extends object>(outage: Outage, whole: T): T {
  return new Proxy(whole, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) =>
        outage.isOn ? Promise.reject(new AppError('store-unavailable')) : value.apply(target, given)
    },
  })
}

/** What somebody says from the first word to a filed case. */
export const A_CASE = ['人民路3号门口路灯不亮了', '不留电话', '没问题，提交'] as const
