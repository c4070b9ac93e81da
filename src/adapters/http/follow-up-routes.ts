import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { FollowUp } from '../../cases/case.ts'
import { toldAnswers } from '../../cases/follow-up-answers.ts'
import { errorBody } from './error-handler.ts'
import { againstGuessing, plainCode } from './query-codes.ts'
import type { RateLimiter } from './rate-limiter.ts'

export interface FollowUpParts {
  limiter: RateLimiter
  followUp(said: { number: string; queryCode: string; answers: FollowUp }): Promise<void>
}

const saidBody = z.object({
  number: z.string().max(40),
  queryCode: z.string().max(40),
  answers: toldAnswers,
})

/** `POST /api/status/follow-up`: how it went, told on the status page by whoever holds number and query code. */
export function addFollowUpRoute(app: FastifyInstance, { limiter, followUp }: FollowUpParts): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/status/follow-up',
    {
      schema: {
        tags: ['pages'],
        summary: 'How it went: closes the case or, when it is not solved, sends it back',
        body: saidBody,
        response: { 200: z.object({ number: z.string() }), '4xx': errorBody },
      },
    },
    async (request, reply) => {
      const { answers } = request.body
      const { number, queryCode } = plainCode(request.body)
      reply.header('cache-control', 'no-store')
      await againstGuessing(limiter, number, request.ip, () => followUp({ number, queryCode, answers }))
      return { number }
    },
  )
}
