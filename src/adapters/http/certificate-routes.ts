import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { OUTCOMES } from '../../cases/application.ts'
import type { Locale } from '../../language/understanding.ts'
import type { VerifiedCertificate } from '../../usecases/certificate.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'
import { againstGuessing } from './query-codes.ts'
import type { RateLimiter } from './rate-limiter.ts'

export interface CertificateParts {
  limiter: RateLimiter
  /** @throws AppError `certificate-not-found` */
  verify(given: { number: string; code: string }, locale: Locale): Promise<VerifiedCertificate>
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

/** `/api/verify`, for anybody who has a certificate before them. */
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
}
