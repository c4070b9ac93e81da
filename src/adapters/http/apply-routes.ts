import fastifyMultipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { CaseCard } from '../../conversation/message.ts'
import { APPLICANTS, type HandedIn } from '../../guidance/check-application.ts'
import type { Answers } from '../../guidance/condition.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Locale } from '../../language/understanding.ts'
import type { ApplicationForm } from '../../usecases/application-form.ts'
import { caseCardSchema } from './city-routes.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'
import type { RateLimiter } from './rate-limiter.ts'

export interface ApplyParts {
  limiter: RateLimiter
  /** @throws AppError `guide-not-found`, `application-not-online`, `guide-code-invalid` */
  form(id: string, given: { answers: Answers } | { code: string }, locale: Locale): ApplicationForm
  /** @throws AppError `upload-refused` */
  saveFile(bytes: Uint8Array): Promise<string>
  /** @throws AppError as `checkRequest` */
  apply(
    id: string,
    request: { given: HandedIn; place: string | null; draft: string },
    locale: Locale,
  ): Promise<{ card: CaseCard }>
}

const MAX_FILE_BYTES = 10 * 1024 * 1024
const MOST_ANSWERS = 60
const short = z.string().max(200)

const params = z.object({ id: z.string().max(60) })
const answers = z
  .record(z.string().max(60), z.string().max(60))
  .refine(given => Object.keys(given).length <= MOST_ANSWERS)
const formBody = z.object({ answers: answers.optional(), code: z.string().max(60).optional() })

const formSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    question: z
      .object({
        key: z.string(),
        ask: z.string(),
        choices: z.array(z.object({ id: z.string(), name: z.string() })),
      })
      .nullable(),
    answered: z.array(z.object({ key: z.string(), ask: z.string(), choice: z.string() })),
    answers: z.record(z.string(), z.string()),
    stop: z
      .object({ text: z.string(), see: z.object({ id: z.string(), name: z.string() }).nullable() })
      .nullable(),
    advice: z.array(z.string()),
    code: z.string(),
    documents: z.array(
      z.object({ id: z.string(), name: z.string(), notes: z.array(z.string()), canPromise: z.boolean() }),
    ),
    spared: z.array(z.string()).meta({ description: 'Documents that need not be handed in' }),
    measures: z.array(z.object({ id: z.string(), name: z.string(), unit: z.string() })),
    applicants: z.array(z.enum(APPLICANTS)),
    steps: z.array(z.object({ name: z.string(), notes: z.array(z.string()), item: z.string().nullable() })),
    facts: z.array(z.object({ name: z.string(), value: z.string() })),
  })
  .meta({ id: 'ApplicationForm' })

/** What is handed in; whether it is whole is judged as a whole, so that everything missing is told at once. */
export const handedInSchema = z.object({
  applicant: z.enum(APPLICANTS),
  answers: answers.default({}),
  documents: z
    .array(
      z.object({
        document: z.string().max(60),
        files: z.array(z.string().max(40)).max(10).default([]),
        isPromised: z.boolean().default(false),
      }),
    )
    .max(60)
    .default([]),
  amounts: z.record(z.string().max(60), z.number()).default({}),
  name: short.default(''),
  phone: z.string().max(40).default(''),
  identityNumber: z.string().trim().toUpperCase().max(40).default(''),
  organisation: short.default(''),
  creditCode: z.string().trim().toUpperCase().max(40).default(''),
})
const applyBody = handedInSchema.extend({
  place: z.string().trim().max(200).nullable().default(null),
  draft: z
    .string()
    .regex(/^[\w-]{16,64}$/)
    .meta({ description: 'Made up by the page for one application: sent again it is filed once' }),
})

const tags = ['apply']

/** `/api/apply`: applying for an item. Situation and person come in bodies: they stand in no address and no log. */
export function addApplyRoutes(app: FastifyInstance, parts: ApplyParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  typed.post(
    '/api/apply/:id/form',
    {
      schema: {
        tags,
        summary: 'What one person is asked for, and the next question about the situation',
        params,
        body: formBody,
        response: { 200: formSchema, '4xx': errorBody },
      },
    },
    async (request, reply) => {
      await parts.limiter.take('apply-form-by-address', request.ip)
      const { answers: given = {}, code } = request.body
      reply.header('cache-control', 'no-store')
      const from = code === undefined ? { answers: given } : { code }
      const form = parts.form(request.params.id, from, localeOf(request))
      return { ...form, applicants: [...form.applicants] }
    },
  )
  typed.post(
    '/api/apply/:id',
    {
      schema: {
        tags,
        summary: 'Apply for an item',
        description:
          '400 `application-incomplete`: `details.problems` names everything that is missing or wrong',
        params,
        body: applyBody,
        response: { 200: z.object({ card: caseCardSchema }), '4xx': errorBody },
      },
    },
    async (request, reply) => {
      await parts.limiter.take('apply-by-address', request.ip)
      const { place, draft, ...given } = request.body
      reply.header('cache-control', 'no-store')
      return parts.apply(request.params.id, { given, place: place || null, draft }, localeOf(request))
    },
  )
  void app.register(async scope => addFileRoute(scope, parts))
}

async function addFileRoute(scope: FastifyInstance, parts: ApplyParts): Promise<void> {
  await scope.register(fastifyMultipart, { limits: { fileSize: MAX_FILE_BYTES, files: 1, parts: 2 } })
  scope.withTypeProvider<ZodTypeProvider>().post(
    '/api/apply/files',
    {
      bodyLimit: MAX_FILE_BYTES + 64 * 1024,
      schema: {
        tags,
        summary: 'Keep a file for an application; its name is told once',
        response: { 200: z.object({ file: z.string() }), '4xx': errorBody },
      },
    },
    async request => {
      await parts.limiter.take('apply-file-by-address', request.ip)
      return { file: await parts.saveFile(await fileOf(request)) }
    },
  )
}

async function fileOf(request: FastifyRequest): Promise<Uint8Array> {
  if (!request.isMultipart()) throw new AppError('upload-refused', { because: 'no-file' })
  try {
    const part = await request.file()
    if (!part) throw new AppError('upload-refused', { because: 'no-file' })
    return await part.toBuffer()
  } catch (error) {
    if ((error as { code?: string }).code === 'FST_REQ_FILE_TOO_LARGE')
      throw new AppError('upload-refused', { because: 'too-large', max: MAX_FILE_BYTES })
    throw error
  }
}

function localeOf(request: FastifyRequest): Locale {
  return localeOfHeader(request.headers['accept-language'])
}
