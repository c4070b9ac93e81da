import { z } from 'zod'
import { CALL_REASONS } from '../../conversation/take-over.ts'
import { cleanText } from '../../kernel/clean-text.ts'
import type { Locale } from '../../language/understanding.ts'
import type { Account, AnswerStore, Transaction } from '../../usecases/ports.ts'
import type { ChatDeed, ChatQueue, DeskChat, ReadChat } from '../../usecases/read-chats.ts'
import { caseCardSchema } from './city-routes.ts'
import { byId, type DeskRoutes, type DeskScope, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { answerOnce } from './kept-answers.ts'
import { localeOfHeader } from './match-locale.ts'

type Keep = (tx: Transaction) => void

/** The use cases of chats in which a person is called or talks. */
export interface ChatParts {
  answers: AnswerStore
  list(account: Account, locale: Locale): Promise<ChatQueue>
  read(account: Account, id: string, after: number): Promise<ReadChat>
  deeds(account: Account, id: string): Promise<ChatDeed[]>
  beThere(account: Account): Promise<void>
  take(account: Account, id: string, keep: Keep): Promise<void>
  write(
    account: Account,
    id: string,
    text: string,
    keep: (tx: Transaction, seq: number) => void,
  ): Promise<number>
  leave(account: Account, id: string, how: 'handed-back' | 'finished', keep: Keep): Promise<void>
  giveBack(account: Account, id: string, keep: Keep): Promise<void>
}

/** As long as a message of a resident may be that is still read at one look. */
const LONGEST_MESSAGE = 2000
const END = 2 ** 31 - 1

const instant = z.string().meta({ format: 'date-time' })
const chatSchema = z
  .object({
    id: z.string(),
    state: z.enum(['waiting', 'held']),
    channel: z.string(),
    channelName: z.string(),
    because: z
      .enum(CALL_REASONS)
      .meta({ description: 'The resident asked, or the line was not sure, or broke down' }),
    askedAt: instant,
    heldAt: instant.nullable(),
    heardAt: instant.meta({ description: 'The last word of the resident' }),
    dangerAt: instant.nullable().meta({ description: 'Danger was told since a person has it' }),
    place: z.number().nullable(),
    waitedSeconds: z.number().nullable(),
    isLate: z.boolean(),
    lastSeq: z.number(),
    lastWords: z.string(),
    isForMe: z.boolean().meta({ description: 'An enterprise wrote it to its steward, who asks' }),
    holder: z.object({ number: z.number(), displayName: z.string(), isMine: z.boolean() }).nullable(),
  })
  .meta({ id: 'Chat' })
const entrySchema = z
  .object({
    seq: z.number(),
    from: z.enum(['resident', 'line', 'agent']),
    by: z.string().nullable().meta({ description: 'The seat that wrote it, as the resident sees it' }),
    at: instant,
    text: z.string(),
    key: z.string().nullable(),
    files: z.number(),
    cards: z.array(caseCardSchema),
    isTold: z.boolean().meta({ description: 'Tells of the matter, and is no mere wish for a person' }),
    isUnreached: z.boolean().meta({ description: 'It could not be brought to the channel' }),
  })
  .meta({ id: 'ChatEntry' })
const done = z.object({ id: z.string() })
const refused = { '4xx': errorBody }

/** Chats in which a person is called or talks, below `/api/desk/chats`. */
export function chatRoutes(parts: ChatParts): DeskRoutes {
  return scope => {
    readRoutes(scope, parts)
    deedRoute(scope, '/chats/:id/take', 'Take over a chat that waits', parts, parts.take)
    deedRoute(scope, '/chats/:id/give-back', 'Give a chat back to the queue', parts, parts.giveBack)
    deedRoute(scope, '/chats/:id/hand-back', 'Hand a chat back to the line', parts, (account, id, keep) =>
      parts.leave(account, id, 'handed-back', keep),
    )
    deedRoute(
      scope,
      '/chats/:id/finish',
      'End the talk; the line answers again',
      parts,
      (account, id, keep) => parts.leave(account, id, 'finished', keep),
    )

    typedApp(scope).post(
      '/chats/:id/messages',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Write to the resident',
          description: 'With `Idempotency-Key` a repeat is written once',
          params: byId,
          body: z.object({
            text: z.string().max(LONGEST_MESSAGE).transform(cleanText).pipe(z.string().trim().min(1)),
          }),
          response: { 200: z.object({ seq: z.number() }), ...refused },
        },
      },
      async request => {
        const account = await scope.account(request)
        const { id } = request.params
        return answerOnce<{ seq: number }>(request, parts.answers, async keep => ({
          seq: await parts.write(account, id, request.body.text, (tx, seq) => keep(tx, { seq })),
        }))
      },
    )
  }
}

function deedRoute(
  scope: DeskScope,
  path: string,
  summary: string,
  { answers }: ChatParts,
  act: (account: Account, id: string, keep: Keep) => Promise<void>,
): void {
  typedApp(scope).post(
    path,
    {
      onRequest: scope.csrfProtection,
      schema: { tags, summary, params: byId, response: { 200: done, ...refused } },
    },
    async request => {
      const account = await scope.account(request)
      const { id } = request.params
      return answerOnce<{ id: string }>(request, answers, async keep => {
        await act(account, id, tx => keep(tx, { id }))
        return { id }
      })
    },
  )
}

function readRoutes(scope: DeskScope, parts: ChatParts): void {
  const app = typedApp(scope)
  app.get(
    '/chats',
    {
      schema: {
        tags,
        summary: 'Chats that wait for a person, in their order, and those that somebody has',
        response: {
          200: z.object({
            rows: z.array(chatSchema),
            answerWithinMinutes: z.number(),
            mostChats: z.number(),
          }),
          ...refused,
        },
      },
    },
    async request => {
      const account = await scope.account(request)
      const queue = await parts.list(account, localeOfHeader(request.headers['accept-language']))
      return { ...queue, rows: queue.rows.map(presentChat) }
    },
  )

  app.get(
    '/chats/:id/entries',
    {
      schema: {
        tags,
        summary: 'What was said after a line of the transcript, 200 lines at most; the look is recorded',
        params: byId,
        querystring: z.object({ after: z.coerce.number().int().min(0).max(END).default(0) }),
        response: {
          200: z.object({ entries: z.array(entrySchema), isOver: z.boolean() }),
          ...refused,
        },
      },
    },
    async request => {
      const account = await scope.account(request)
      const { entries, isOver } = await parts.read(account, request.params.id, request.query.after)
      return { entries: entries.map(presentEntry), isOver }
    },
  )

  app.get(
    '/chats/:id/deeds',
    {
      schema: {
        tags,
        summary: 'Who looked at a chat, took it over and filed in it',
        params: byId,
        response: {
          200: z.object({
            rows: z.array(z.object({ at: instant, what: z.string(), login: z.string().nullable() })),
          }),
          ...refused,
        },
      },
    },
    async request => {
      const deeds = await parts.deeds(await scope.account(request), request.params.id)
      return { rows: deeds.map(({ at, ...deed }) => ({ ...deed, at: at.toISOString() })) }
    },
  )

  app.post(
    '/chats/here',
    {
      config: { repeats: 'anew' },
      onRequest: scope.csrfProtection,
      schema: {
        tags,
        summary: 'The desk is there: its chats stay with it',
        response: { 204: z.null(), ...refused },
      },
    },
    async (request, reply) => {
      await parts.beThere(await scope.account(request))
      return reply.code(204).send(null)
    },
  )
}

function presentChat(chat: DeskChat): z.output<typeof chatSchema> {
  const { askedAt, heldAt, heardAt, dangerAt, state } = chat
  return {
    ...chat,
    state: state === 'held' ? 'held' : 'waiting',
    askedAt: askedAt.toISOString(),
    heldAt: heldAt?.toISOString() ?? null,
    heardAt: heardAt.toISOString(),
    dangerAt: dangerAt?.toISOString() ?? null,
  }
}

function presentEntry({
  seq,
  from,
  at,
  body,
  isTold,
  isUnreached,
}: ReadChat['entries'][number]): z.output<typeof entrySchema> {
  const isSaid = 'key' in body
  return {
    seq,
    from,
    at: at.toISOString(),
    text: body.text,
    key: isSaid ? body.key : null,
    by: isSaid ? (body.by ?? null) : null,
    files: isSaid ? 0 : (body.attachments?.length ?? 0),
    // The code that opens a case is its owner's.
    cards: isSaid ? body.cards.map(({ queryCode: _secret, ...card }) => card) : [],
    isTold,
    isUnreached,
  }
}
