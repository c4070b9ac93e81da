import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import { newToken } from '../../kernel/ids.ts'
import { authorityOf, authorityOver } from './authority.ts'
import { connectionFor, ensureOpen, findConversation, mint, newPerson, personOf } from './conversations.ts'
import type { DirectLineOptions } from './direct-line-options.ts'
import { parseWatermark } from './watermark.ts'

const user = z.object({ id: z.string().max(128).nullish(), name: z.string().max(200).nullish() }).nullish()
const generateBody = z
  .object({ user, trustedOrigins: z.array(z.string().max(300)).max(50).nullish() })
  .nullish()
const startBody = z.object({ user, locale: z.string().max(35).nullish() }).nullish()

/** Parses a body against a schema. @throws AppError `body-invalid` */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  throw new AppError('body-invalid', { problems })
}

type ConversationRequest = FastifyRequest<{ Params: { id: string }; Querystring: { watermark?: string } }>

/** Tokens, and how a conversation is started and taken up again. */
export function addConversationRoutes(app: FastifyInstance, options: DirectLineOptions): void {
  app.post(
    '/tokens/generate',
    { schema: { summary: 'A token for a new conversation (secret)' } },
    request => {
      const authority = authorityOf(request, options)
      if (authority.kind !== 'secret') throw new AppError('token-invalid')
      const body = parseBody(generateBody, request.body)
      const person = newPerson(options, 'direct-line', clean(body?.user?.id))
      return mint(
        { ...person, ...(body?.trustedOrigins?.length ? { origins: body.trustedOrigins } : {}) },
        options,
      )
    },
  )

  app.post('/tokens/refresh', { schema: { summary: 'A new token for the same conversation' } }, request => {
    const authority = authorityOf(request, options)
    if (authority.kind === 'secret') throw new AppError('token-invalid')
    return mint(personIn(authority.claims), options)
  })

  app.post('/conversations', { schema: { summary: 'Start the conversation' } }, async (request, reply) => {
    const authority = authorityOf(request, options)
    const body = parseBody(startBody, request.body)
    const person =
      authority.kind === 'token'
        ? personIn(authority.claims)
        : newPerson(options, 'direct-line', clean(body?.user?.id))
    const { isNew } = await ensureOpen(person, body?.locale || null, options)
    reply.code(isNew ? 201 : 200)
    return connectionFor(person, request, 0, options)
  })

  app.get(
    '/conversations/:id',
    { schema: { summary: 'Take the conversation up again' } },
    async (request: ConversationRequest) => {
      const { id } = request.params
      const authority = authorityOver(id, request, options)
      const watermark = parseWatermark(request.query.watermark)
      const person = await personOf(id, authority, options)
      if (authority.kind === 'token' && !(await findConversation(id, options))) {
        throw new AppError('conversation-not-found')
      }
      return connectionFor(person, request, watermark, options)
    },
  )

  app.get('/session/getsessionid', { schema: { summary: "A browser's session" } }, (request, reply) => {
    const known = /(?:^|;\s*)webchat_session=([\w-]{10,64})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1]
    const sessionId = known ?? newToken(18, options.chance)
    reply.header(
      'set-cookie',
      `webchat_session=${sessionId}; Path=/v3/directline/session; HttpOnly; SameSite=Lax`,
    )
    return { sessionId }
  })
}

function clean(id: string | null | undefined): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return id?.toWellFormed().replace(/[\u0000-\u001f\u007f]/g, '') || undefined
}

function personIn<
  T extends {
    conv: string
    user: string
    channel: 'web-chat' | 'direct-line'
    origins?: string[] | undefined
  },
>({ conv, user, channel, origins }: T) {
  return { conv, user, channel, ...(origins ? { origins } : {}) }
}
