/**
 * The bare echo that full turns are compared with: the same HTTP server, the same Direct Line, the same bot adapter, and
 * behind them a bot that says what was said and keeps nothing.
 */
import { join } from 'node:path'
import { createBot } from '../../src/adapters/bot/create-bot.ts'
import { directLine } from '../../src/adapters/direct-line/direct-line.ts'
import { createServer } from '../../src/adapters/http/create-server.ts'
import { localeOfTag } from '../../src/adapters/http/match-locale.ts'
import { createMetrics } from '../../src/adapters/http/metrics.ts'
import { createRateLimiter } from '../../src/adapters/http/rate-limiter.ts'
import { MemoryBus } from '../../src/adapters/memory/memory-bus.ts'
import type { Conversation, Incoming, TranscriptEntry } from '../../src/conversation/message.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { newId, systemChance } from '../../src/kernel/ids.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import type { Transaction } from '../../src/usecases/ports.ts'

const clock = { now: () => new Date() }
const logger = createLogger({ level: 'info' })
const conversations = new Map<string, Conversation>()
const texts = (_locale: string, key: string) => key
const metrics = createMetrics()
const limiter = createRateLimiter({ clock })
const bot = createBot({
  takeTurn: async incoming => echo(incoming),
  texts,
  lineName: () => 'echo',
  localeOf: localeOfTag,
  onTurn: metrics.onTurn,
})
const localised = { 'zh-Hans': 'echo', 'zh-Hant': 'echo', en: 'echo' }
const refuse = async (): Promise<never> => {
  throw new AppError('case-not-found')
}

const app = await createServer({
  logger,
  texts,
  metrics,
  limiter,
  checks: {},
  city: {
    id: 'echo',
    name: localised,
    lineName: localised,
    phone: '0',
    timeZone: 'Asia/Shanghai',
    emergency: {},
    notice: null,
    locales: ['zh-Hans', 'zh-Hant', 'en'],
    isSample: true,
  },
  lookUpCase: refuse,
  desk: {
    accounts: {
      verify: async () => null,
      openSession: refuse,
      session: async () => null,
      closeSession: async () => {},
      tryLogin: async () => null,
      loginProved: async () => {},
    },
    factorRoles: [],
    bus: new MemoryBus(logger),
    clock,
    accountOfSecret: refuse,
    listCases: refuse,
    showCase: refuse,
    actOnCase: refuse,
    answers: { find: async () => null, keep: async () => undefined, forgetBefore: async () => undefined },
  },
  webRoot: join(import.meta.dirname, 'no-pages'),
  publicUrl: null,
  trustProxy: false,
  channels: [
    server =>
      directLine(server, {
        signingKey: 'signing-key-of-the-echo',
        secret: process.env.DIRECT_LINE_SECRET!,
        allowedOrigins: [],
        publicUrl: null,
        bot,
        store: {
          transcriptAfter: async () => [],
          transact: async work =>
            work({
              conversation: async (id: string) => conversations.get(id) ?? null,
            } as unknown as Transaction),
        },
        openConversation: async opening => open(opening),
        localeOf: localeOfTag,
        bus: new MemoryBus(logger),
        uploads: { save: refuse, read: async () => null },
        limit: limiter.take,
        clock,
        chance: systemChance,
        onSocket: metrics.onSocket,
      }),
  ],
})
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })

function open(opening: { id: string; channel: string; userId: string }): Conversation {
  const now = clock.now()
  const conversation: Conversation = {
    ...opening,
    locale: 'zh-Hans',
    state: {},
    lastSeq: 0,
    version: 1,
    createdAt: now,
    changedAt: now,
  }
  conversations.set(opening.id, conversation)
  return conversation
}

function echo(incoming: Incoming) {
  const { conversationId, externalId, text } = incoming
  const at = clock.now()
  const entry = { conversationId, at, id: newId(at, systemChance) }
  const said: TranscriptEntry = {
    ...entry,
    seq: 1,
    from: 'resident',
    replyTo: null,
    externalId,
    body: { text, clientData: incoming.clientData, attachments: incoming.attachments },
  }
  const reply: TranscriptEntry = {
    ...entry,
    seq: 2,
    from: 'line',
    replyTo: 1,
    externalId: null,
    body: { key: 'echo', text, choices: [], cards: [], expects: 'text' },
  }
  return { echo: said, replies: [reply], isRepeat: false }
}
