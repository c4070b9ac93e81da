import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import type { CallTrail, FinalUtterance } from '../../usecases/phone-call-ports.ts'
import type { Account, Bus } from '../../usecases/ports.ts'
import type { DeskPhoneCall } from '../../usecases/read-phone-call.ts'
import { CallFollower, type Sink } from './call-follower.ts'
import { type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { openEventStream } from './event-stream.ts'

export interface PhoneCallParts {
  bus: Pick<Bus, 'subscribe'> & { trail: Pick<CallTrail, 'after'> }
  running(account: Account): Promise<DeskPhoneCall[]>
  /** @throws AppError `phone-call-not-found` */
  read(
    account: Account,
    callId: string,
    after: number,
  ): Promise<{ call: DeskPhoneCall; utterances: FinalUtterance[] }>
}

/** For bells that nobody heard. */
const LOOK_AGAIN_MS = 20_000
/** Behind every position. */
const END = 2 ** 31 - 1

const instant = z.string().meta({ format: 'date-time' })
const callSchema = z
  .object({
    id: z.string(),
    direction: z.enum(['inbound', 'outbound']).nullable(),
    caller: z.string().nullable().meta({ description: 'The number, masked' }),
    dnis: z.string().nullable(),
    queue: z.string().nullable(),
    agentId: z.string().nullable(),
    locale: z.string().nullable(),
    startedAt: instant.nullable(),
    heardAt: instant,
    end: z
      .object({
        heardAt: instant,
        reason: z.string().nullable(),
        durationMs: z.number().nullable(),
        recordingRef: z.string().nullable(),
      })
      .nullable(),
    lastPosition: z.number().meta({ description: 'Final utterances so far' }),
  })
  .meta({ id: 'PhoneCall' })
const utteranceSchema = z
  .object({
    position: z.number(),
    utteranceId: z.string(),
    revision: z.number(),
    role: z.enum(['resident', 'agent']),
    text: z.string(),
    beginMs: z.number(),
    endMs: z.number(),
    confidence: z.number().nullable(),
  })
  .meta({ id: 'Utterance' })

/** An id as the telephone system gives it. */
const byCall = z.object({ id: z.string().min(1).max(128) })
const afterQuery = z.object({ after: z.coerce.number().int().min(0).max(END).optional() })
const refused = { '4xx': errorBody }

/** Calls that go on, and what is said in one: to read, and to follow live. */
export function phoneCallRoutes(parts: PhoneCallParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    const readers = new CallReaders(parts)
    scope.onClosing(() => readers.close())

    app.get(
      '/calls/running',
      {
        schema: {
          tags,
          summary: 'Phone calls that go on now, the newest first',
          response: { 200: z.object({ rows: z.array(callSchema) }), ...refused },
        },
      },
      async request => ({ rows: (await parts.running(await scope.account(request))).map(present) }),
    )

    app.get(
      '/calls/:id/transcript',
      {
        schema: {
          tags,
          summary: 'What was said in a phone call after a position, 200 utterances at most',
          params: byCall,
          querystring: afterQuery,
          response: { 200: z.object({ call: callSchema, utterances: z.array(utteranceSchema) }), ...refused },
        },
      },
      async request => {
        const account = await scope.account(request)
        const { call, utterances } = await parts.read(account, request.params.id, request.query.after ?? 0)
        return { call: present(call), utterances }
      },
    )

    app.get(
      '/calls/:id/events',
      {
        exposeHeadRoute: false,
        schema: {
          tags,
          summary: 'A phone call as it goes on (server-sent events: call, final, partial)',
          description:
            'The id of an event is the position of a final utterance; it goes on after `Last-Event-ID`',
          params: byCall,
          querystring: afterQuery,
          response: refused,
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const account = await scope.account(request)
        const after = request.query.after ?? positionOf(request.headers['last-event-id'])
        // Before the stream begins, so that a refusal is a plain HTTP status.
        await parts.read(account, id, after)
        const follower = readers.add(id, account, reply, after)
        openEventStream(request, reply, {
          still: () => scope.account(request),
          onClose: () => readers.remove(id, follower),
        })
        follower.ring().catch(() => reply.raw.destroy())
      },
    )
  }
}

/** Readers of this instance by their calls; one ear at the bus for all of them. */
class CallReaders {
  readonly #parts: PhoneCallParts
  readonly #readers = new Map<string, Map<CallFollower, FastifyReply>>()
  readonly #unsubscribe: () => void
  readonly #looking: NodeJS.Timeout

  constructor(parts: PhoneCallParts) {
    this.#parts = parts
    this.#unsubscribe = parts.bus.subscribe(message => {
      if (message.topic === 'call') this.#ring(message.callId, message.position)
    })
    this.#looking = setInterval(() => {
      for (const callId of this.#readers.keys()) this.#ring(callId)
    }, LOOK_AGAIN_MS)
    this.#looking.unref()
  }

  add(callId: string, account: Account, reply: FastifyReply, after: number): CallFollower {
    const { read, bus } = this.#parts
    const follower = new CallFollower(
      {
        show: async () => present((await read(account, callId, END)).call),
        utterances: async position => (await read(account, callId, position)).utterances,
        trail: cursor => bus.trail.after(callId, cursor),
      },
      sinkOf(reply),
      after,
    )
    const others = this.#readers.get(callId) ?? new Map()
    this.#readers.set(callId, others.set(follower, reply))
    return follower
  }

  remove(callId: string, follower: CallFollower): void {
    const readers = this.#readers.get(callId)
    readers?.delete(follower)
    if (readers?.size === 0) this.#readers.delete(callId)
  }

  close(): void {
    this.#unsubscribe()
    clearInterval(this.#looking)
    for (const readers of this.#readers.values()) for (const reply of readers.values()) reply.raw.end()
  }

  /** A reader whose source fails comes back with the id of what it has. */
  #ring(callId: string, position?: number): void {
    for (const [follower, reply] of this.#readers.get(callId) ?? [])
      follower.ring(position).catch(() => reply.raw.destroy())
  }
}

function sinkOf({ raw }: FastifyReply): Sink {
  return {
    buffered: () => raw.writableLength,
    write({ id, event, data }) {
      if (raw.writableEnded || raw.destroyed) return
      raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    },
    drop: () => raw.destroy(),
  }
}

function present({ startedAt, heardAt, end, ...call }: DeskPhoneCall): z.output<typeof callSchema> {
  return {
    ...call,
    startedAt: startedAt?.toISOString() ?? null,
    heardAt: heardAt.toISOString(),
    end: end && { ...end, heardAt: end.heardAt.toISOString() },
  }
}

/** @throws AppError `watermark-invalid` */
function positionOf(lastEventId: string | string[] | undefined): number {
  const position = Number(lastEventId ?? 0)
  if (!Number.isInteger(position) || position < 0 || position > END) throw new AppError('watermark-invalid')
  return position
}
