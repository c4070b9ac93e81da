import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { PLATFORMS } from '../../guidance/catalogue.ts'
import type { Answers } from '../../guidance/condition.ts'
import type { GuideEntry, GuideIndex, GuideView } from '../../guidance/told-guide.ts'
import type { Locale } from '../../language/understanding.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'
import type { RateLimiter } from './rate-limiter.ts'

export interface GuideParts {
  limiter: RateLimiter
  /** Address under which people reach us, or null to take it from each request. */
  publicUrl: string | null
  list(locale: Locale): GuideIndex
  search(words: string, locale: Locale): GuideEntry[]
  /** @throws AppError `guide-not-found` */
  view(id: string, answers: Answers, locale: Locale): GuideView
  /** @throws AppError `guide-not-found`, `guide-code-invalid` */
  answersOf(id: string, code: string): Answers
  /** @throws AppError `guide-not-found` */
  print(wanted: { id: string; answers: Answers; locale: Locale; base: string }): Promise<Uint8Array>
}

const entry = z.object({
  id: z.string(),
  is: z.enum(['item', 'bundle']),
  name: z.string(),
  about: z.string(),
})
const indexSchema = z.object({
  popular: z.array(entry),
  bundles: z.array(entry),
  platforms: z.array(
    z.object({
      id: z.enum(PLATFORMS),
      categories: z.array(z.object({ id: z.string(), name: z.string(), items: z.array(entry) })),
    }),
  ),
})
const noted = z.array(z.string())
const viewSchema = z.object({
  id: z.string(),
  is: z.enum(['item', 'bundle']),
  name: z.string(),
  about: z.string(),
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
  documents: z.array(
    z.object({ id: z.string(), name: z.string(), notes: noted, exempt: z.string().nullable() }),
  ),
  gained: noted,
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  steps: z.array(z.object({ name: z.string(), notes: noted, item: z.string().nullable() })),
  conditions: noted,
  advice: noted,
  often: z.array(z.object({ question: z.string(), answer: z.string() })),
  isOnline: z.boolean(),
  code: z.string(),
})
const params = z.object({ id: z.string().max(60) })
const MOST_ANSWERS = 60
const answersBody = z.object({
  /** Question → choice; of a part of a bundle `item.question`. */
  answers: z
    .record(z.string().max(120), z.string().max(60))
    .refine(answers => Object.keys(answers).length <= MOST_ANSWERS)
    .optional(),
  /** Of a link or a printed page, in place of answers. */
  code: z.string().max(60).optional(),
})
const tags = ['guide']

/**
 * `/api/guide`: what can be applied for, and what one person needs. Answers come in bodies: a situation (a divorce, an illness) stands in no
 * address and no log. Nothing is kept.
 */
export function addGuideRoutes(app: FastifyInstance, parts: GuideParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  const answersIn = (id: string, { answers, code }: z.infer<typeof answersBody>) =>
    code === undefined ? (answers ?? {}) : parts.answersOf(id, code)

  typed.get(
    '/api/guide',
    { schema: { tags, summary: 'All items and bundles, by category', response: { 200: indexSchema } } },
    async (request, reply) => {
      await parts.limiter.take('guide-by-address', request.ip)
      reply.header('cache-control', 'no-cache')
      return parts.list(localeOf(request))
    },
  )

  typed.post(
    '/api/guide/search',
    {
      schema: {
        tags,
        summary: 'Items and bundles that everyday words may mean, the likeliest first',
        body: z.object({ words: z.string().max(200) }),
        response: { 200: z.object({ found: z.array(entry) }), '4xx': errorBody },
      },
    },
    async request => {
      await parts.limiter.take('guide-by-address', request.ip)
      return { found: parts.search(request.body.words, localeOf(request)) }
    },
  )

  typed.post(
    '/api/guide/:id',
    {
      schema: {
        tags,
        summary: 'The checklist for whoever answered so far, and the next question',
        params,
        body: answersBody,
        response: { 200: viewSchema, '4xx': errorBody },
      },
    },
    async (request, reply) => {
      await parts.limiter.take('guide-by-address', request.ip)
      const { id } = request.params
      reply.header('cache-control', 'no-store')
      return parts.view(id, answersIn(id, request.body), localeOf(request))
    },
  )

  typed.post(
    '/api/guide/:id/print',
    {
      schema: {
        tags,
        summary: 'The checklist as PDF, with a QR code that leads back to it',
        params,
        body: answersBody,
        response: { '4xx': errorBody },
      },
    },
    async (request, reply) => {
      await parts.limiter.take('guide-print-by-address', request.ip)
      const { id } = request.params
      const base = parts.publicUrl ?? `${request.protocol}://${request.host}`
      const answers = answersIn(id, request.body)
      const file = await parts.print({ id, answers, locale: localeOf(request), base })
      return sendPdf(reply, id, file)
    },
  )
}

function sendPdf(reply: FastifyReply, name: string, file: Uint8Array): FastifyReply {
  return reply
    .type('application/pdf')
    .header('cache-control', 'no-store')
    .header('content-disposition', `inline; filename="${name}.pdf"`)
    .send(Buffer.from(file))
}

function localeOf(request: FastifyRequest): Locale {
  return localeOfHeader(request.headers['accept-language'])
}
