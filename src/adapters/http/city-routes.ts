import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { OUTCOMES } from '../../cases/application.ts'
import type { CaseCard } from '../../conversation/message.ts'
import { LOCALES, type Locale } from '../../language/understanding.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader, localeOfTag } from './match-locale.ts'
import { againstGuessing, plainCode } from './query-codes.ts'
import type { RateLimiter } from './rate-limiter.ts'

const localised = z.object({ 'zh-Hans': z.string(), 'zh-Hant': z.string(), en: z.string() })

/** What a page needs to know of the city. */
export const citySchema = z
  .object({
    id: z.string(),
    name: localised,
    lineName: localised,
    phone: z.string(),
    /** The city's clock, by which every time is shown. */
    timeZone: z.string(),
    emergency: z.record(z.string(), z.string()),
    /** E.g. that everything is sample data; null when there is nothing to say. */
    notice: localised.nullable(),
    locales: z.array(z.enum(LOCALES)),
    isSample: z.boolean(),
  })
  .meta({ id: 'City' })
export type CityFacts = z.infer<typeof citySchema>

const reference = {
  number: z.string(),
  department: z.string(),
  stage: z.string(),
  dueBy: z.string().nullable(),
}

export const caseCardSchema = z
  .object({
    ...reference,
    queryCode: z.string().optional(),
    title: z.string(),
    departmentName: z.string(),
    coHandlerNames: z.array(z.string()),
    reason: z.string(),
    stageName: z.string(),
    stages: z.array(z.object({ id: z.string(), name: z.string(), state: z.enum(['done', 'now', 'ahead']) })),
    dueText: z.string(),
    statusText: z.string(),
    place: z.string().nullable(),
    words: z.string(),
    certificate: z
      .object({ number: z.string(), outcome: z.enum(OUTCOMES) })
      .optional()
      .meta({ description: 'Of an application that has ended: what can be fetched with the query code' }),
  })
  .meta({ id: 'CaseCard' })

const statusBody = z.object({
  number: z.string().max(40),
  queryCode: z.string().max(40),
  locale: z.string().max(35).optional(),
})

/** Use case behind the status page. @throws AppError `case-number-invalid`, `case-not-found`, `query-code-wrong` */
export type LookUpCase = (query: { number: string; queryCode: string; locale: Locale }) => Promise<{
  card: CaseCard
  history: { at: string; text: string }[]
  /** What the reply shows; each address opens its file for a while. */
  files: { name: string; href: string }[]
}>

/** `/api/city` and `/api/status`, for the resident's pages. */
export function addCityRoutes(
  app: FastifyInstance,
  parts: { city: CityFacts; lookUpCase: LookUpCase; limiter: RateLimiter },
): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()

  typed.get(
    '/api/city',
    { schema: { tags: ['pages'], summary: 'The city and its line', response: { 200: citySchema } } },
    (_request, reply) => {
      reply.header('cache-control', 'no-cache')
      return parts.city
    },
  )

  typed.post(
    '/api/status',
    {
      schema: {
        tags: ['pages'],
        summary: 'Where a case stands, for whoever has its number and query code',
        body: statusBody,
        response: {
          200: z.object({
            card: caseCardSchema,
            history: z.array(z.object({ at: z.string(), text: z.string() })),
            files: z
              .array(z.object({ name: z.string(), href: z.string() }))
              .meta({ description: 'What the reply shows; each address opens for an hour' }),
          }),
          '4xx': errorBody,
        },
      },
    },
    async (request, reply) => {
      const { locale: tag } = request.body
      const { number, queryCode } = plainCode(request.body)
      const locale = (tag && localeOfTag(tag)) || localeOfHeader(request.headers['accept-language'])
      reply.header('cache-control', 'no-store')
      return againstGuessing(parts.limiter, number, request.ip, () =>
        parts.lookUpCase({ number, queryCode, locale }),
      )
    },
  )
}
