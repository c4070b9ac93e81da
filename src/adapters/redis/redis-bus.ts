import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Logger } from '../../kernel/logger.ts'
import { TASK_KINDS } from '../../usecases/desk-task-ports.ts'
import type { Bus, BusMessage } from '../../usecases/ports.ts'
import { RedisCallTrail } from './redis-call-trail.ts'
import { createRedisClient } from './redis-client.ts'

const CHANNEL = 'yihao:live'

/** What travels: the messages of one publish and which bus they came from. */
const envelopeSchema = z.object({
  from: z.string(),
  messages: z.array(
    z.discriminatedUnion('topic', [
      z.object({ topic: z.literal('conversation'), conversationId: z.string(), seq: z.number() }),
      z.object({ topic: z.literal('case'), caseId: z.string(), version: z.number() }),
      z.object({ topic: z.literal('call'), callId: z.string(), position: z.number() }),
      z.object({ topic: z.literal('chat'), chatId: z.string(), seq: z.number() }),
      z.object({ topic: z.literal('task'), taskId: z.string(), kind: z.enum(TASK_KINDS) }),
      z.object({ topic: z.literal('hall') }),
    ]),
  ),
})

/**
 * The live bus between instances. What this process publishes reaches its own listeners at once and without Redis; only
 * the others' travels through it. When Redis is away other instances miss messages and refetch when they see the gap.
 */
export class RedisBus implements Bus {
  readonly trail: RedisCallTrail
  readonly #id = randomUUID()
  readonly #local: Bus
  readonly #channel: string
  readonly #publisher: Redis
  readonly #subscriber: Redis

  /** @param local the bus within this process, e.g. a `MemoryBus` */
  constructor(options: { url: string; local: Bus; logger: Logger; channel?: string }) {
    const { url, local, logger, channel = CHANNEL } = options
    this.#local = local
    this.#channel = channel
    this.#publisher = createRedisClient(url, logger)
    this.#subscriber = createRedisClient(url, logger)
    // On the publisher's own connection, so that a doorbell never overtakes what it rings for.
    this.trail = new RedisCallTrail(this.#publisher)
    this.#subscriber.on('message', (_channel, text) => this.#receive(text))
    // Without an offline queue a subscription must wait for the connection; repeated, it changes nothing.
    this.#subscriber.on('ready', () => this.#subscriber.subscribe(channel).catch(() => {}))
  }

  publish(messages: readonly BusMessage[]): void {
    if (messages.length === 0) return
    this.#local.publish(messages)
    this.#publisher.publish(this.#channel, JSON.stringify({ from: this.#id, messages })).catch(() => {
      // Best effort: the client has said that Redis is away.
    })
  }

  subscribe(listener: (message: BusMessage) => void): () => void {
    return this.#local.subscribe(listener)
  }

  async close(): Promise<void> {
    this.#publisher.disconnect()
    this.#subscriber.disconnect()
    await this.#local.close()
  }

  #receive(text: string): void {
    const envelope = envelopeSchema.safeParse(parseJson(text))
    if (envelope.success && envelope.data.from !== this.#id) this.#local.publish(envelope.data.messages)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
