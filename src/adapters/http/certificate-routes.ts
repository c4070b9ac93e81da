import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { OUTCOMES } from '../../cases/application.ts'
import type { Locale } from '../../language/understanding.ts'
import type { VerifiedCertificate } from '../../usecases/certificate.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'
import { againstGuessing, plainCode } from './query-codes.ts'
import type { RateLimiter } from './rate-limiter.ts'

export interface CertificateParts {
  limiter: RateLimiter
  /** Address under which people reach us, or null to take it from each request. */
  publicUrl: string | null
  /** @throws AppError `certificate-not-found` */
  verify(given: { number: string; code: string }, locale: Locale): Promise<VerifiedCertificate>
  /** @throws AppError `case-not-found`, `query-code-wrong`, `certificate-not-found` */
  print(query: { number: string; queryCode: string; locale: Locale; base: string }): Promise<Uint8Array>
}

const verified = z
  .object({
    number: z.string(),
    state: z.enum(['valid', 'expired', 'withdrawn']),
    outcome: z.enum(OUTCOMES),
    item: z.string(),
    title: z.string(),
    holder: z.string().meta({ description: 'Masked' }),
    department: z.string(),
    issuedOn: z.iso.date(),
    validUntil: z.iso.date().nullable(),
  })
  .meta({ id: 'VerifiedCertificate' })
const tags = ['pages']

/** `/api/verify` for anybody who has a certificate before them, `/api/status/certificate` for its owner. */
export function addCertificateRoutes(app: FastifyInstance, parts: CertificateParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  typed.post(
    '/api/verify',
    {
      schema: {
        tags,
        summary: 'Whether a certificate is ours and valid',
        body: z.object({ number: z.string().max(60), code: z.string().max(60) }),
        response: { 200: verified, '4xx': errorBody },
      },
    },
    async (request, reply) => {
      const { number } = request.body
      reply.header('cache-control', 'no-store')
      const locale = localeOfHeader(request.headers['accept-language'])
      return againstGuessing(parts.limiter, number, request.ip, () => parts.verify(request.body, locale))
    },
  )
  typed.post(
    '/api/status/certificate',
    {
      schema: {
        tags,
        summary:
          'The certificate or notice of an application as PDF, for whoever has its number and query code',
        body: z.object({ number: z.string().max(40), queryCode: z.string().max(40) }),
        response: { 200: z.unknown().meta({ description: 'PDF' }), '4xx': errorBody },
      },
    },
    async (request, reply) => {
      const query = plainCode(request.body)
      const base = parts.publicUrl ?? `${request.protocol}://${request.host}`
      const locale = localeOfHeader(request.headers['accept-language'])
      const file = await againstGuessing(parts.limiter, query.number, request.ip, () =>
        parts.print({ ...query, locale, base }),
      )
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `inline; filename="${query.number}.pdf"`)
        .type('application/pdf')
        .send(Buffer.from(file))
    },
  )
}
