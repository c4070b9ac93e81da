import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { zipSync } from 'fflate'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import { type Draft, draftSchema } from '../../registration/facts.ts'
import type { RegistrationView } from '../../registration/told-registration.ts'
import type { HandedIn } from '../../usecases/hand-in-registration.ts'
import type { PrintedFile } from '../../usecases/print-registration.ts'
import { errorBody } from './error-handler.ts'
import { idempotencyKeyOf } from './kept-answers.ts'
import type { RateLimiter } from './rate-limiter.ts'
import {
  choicesSchema,
  entrySchema,
  filesBody,
  handedInSchema,
  keptSchema,
  viewSchema,
} from './registration-schemas.ts'

export interface RegistrationParts {
  limiter: RateLimiter
  choices(): z.infer<typeof choicesSchema>
  findScope(words: string): z.infer<typeof entrySchema>[]
  view(draft: Draft, have: readonly string[]): RegistrationView
  print(draft: Draft): Promise<PrintedFile[]>
  keep(draft: Draft, code: string | null): Promise<{ code: string; until: Date }>
  /** @throws AppError `registration-draft-not-found` */
  open(code: string): Promise<Draft>
  forget(code: string): Promise<void>
  /** @throws AppError `registration-incomplete`, `idempotency-mismatch` */
  handIn(draft: Draft, key: string): Promise<HandedIn>
}

const tags = ['registration']
const refused = { '4xx': errorBody }
/** Sixty drawn signatures and what else people say. */
const BODY_LIMIT = 6 * 1024 * 1024
const code = z.string().max(20)

/**
 * `/api/registration`: a company without a form. Everything comes in bodies, as identity numbers stand in no address and no log; nothing
 * is kept but what people ask to keep, or hand in.
 */
export function addRegistrationRoutes(app: FastifyInstance, parts: RegistrationParts): void {
  addAnswers(app, parts)
  addDrafts(app, parts)
  addFiles(app, parts)
}

function addAnswers(app: FastifyInstance, { limiter, choices, findScope, view }: RegistrationParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()

  typed.get(
    '/api/registration',
    {
      schema: {
        tags,
        summary: 'What can be chosen: streets, trades, common entries',
        response: { 200: choicesSchema },
      },
    },
    async (request, reply) => {
      await limiter.take('registration-by-address', request.ip)
      reply.header('cache-control', 'no-cache')
      return choices()
    },
  )

  typed.post(
    '/api/registration/scope',
    {
      schema: {
        tags,
        summary: 'Standard entries that everyday words may mean, the likeliest first',
        body: z.object({ words: z.string().max(200) }),
        response: { 200: z.object({ found: z.array(entrySchema) }), ...refused },
      },
    },
    async request => {
      await limiter.take('registration-by-address', request.ip)
      return { found: findScope(request.body.words) }
    },
  )

  typed.post(
    '/api/registration/view',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary:
          'Everything that is not right, and the papers that are not yet there, each value with its source',
        body: z.object({ draft: draftSchema, have: z.array(z.string().max(64)).max(20).default([]) }),
        response: { 200: viewSchema, ...refused },
      },
    },
    async (request, reply) => {
      await limiter.take('registration-by-address', request.ip)
      reply.header('cache-control', 'no-store')
      return view(request.body.draft, request.body.have)
    },
  )
}

function addDrafts(app: FastifyInstance, { limiter, ...parts }: RegistrationParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()

  typed.post(
    '/api/registration/drafts',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Keeps a draft, sealed, under a code for 30 days',
        body: z.object({ draft: draftSchema, code: code.nullable().default(null) }),
        response: { 200: keptSchema, ...refused },
      },
    },
    async request => {
      await limiter.take('registration-file-by-address', request.ip)
      const kept = await parts.keep(request.body.draft, request.body.code)
      return { code: kept.code, until: kept.until.toISOString() }
    },
  )

  typed.post(
    '/api/registration/drafts/open',
    {
      schema: {
        tags,
        summary: 'The draft that was kept under a code',
        body: z.object({ code }),
        response: { 200: z.object({ draft: draftSchema }), ...refused },
      },
    },
    async (request, reply) => {
      await limiter.take('wrong-code-by-address', request.ip)
      const draft = await parts.open(request.body.code)
      await limiter.giveBack('wrong-code-by-address', request.ip)
      reply.header('cache-control', 'no-store')
      return { draft }
    },
  )

  typed.post(
    '/api/registration/hand-in',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Files a whole draft with its papers; once for each `Idempotency-Key`',
        headers: z.object({ 'idempotency-key': z.string() }).loose(),
        body: z.object({ draft: draftSchema, code: code.nullable().default(null) }),
        response: { 200: handedInSchema, ...refused },
      },
    },
    async request => {
      await limiter.take('registration-file-by-address', request.ip)
      const handedIn = await parts.handIn(request.body.draft, keyOf(request))
      if (request.body.code !== null) await parts.forget(request.body.code)
      return handedIn
    },
  )
}

function addFiles(app: FastifyInstance, { limiter, print }: RegistrationParts): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/registration/files',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'All papers as DOCX and PDF, in one ZIP',
        body: filesBody,
        response: refused,
      },
    },
    async (request, reply) => {
      await limiter.take('registration-print-by-address', request.ip)
      return sendZip(reply, await print(request.body.draft))
    },
  )
}

function keyOf(request: FastifyRequest): string {
  const key = idempotencyKeyOf(request)
  if (key === null) throw new AppError('idempotency-key-invalid')
  return key
}

function sendZip(reply: FastifyReply, files: readonly PrintedFile[]): FastifyReply {
  const entries = Object.fromEntries(files.map(({ name, bytes }) => [name, new Uint8Array(bytes)]))
  // What is inside is compressed already.
  const zip = zipSync(entries, { level: 0 })
  return reply
    .type('application/zip')
    .header('cache-control', 'no-store')
    .header('content-disposition', 'attachment; filename="registration.zip"')
    .send(Buffer.from(zip))
}
