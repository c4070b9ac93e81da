import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { canonical } from '../../cases/case-event.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, isAppError } from '../../kernel/errors.ts'
import type { Account, AnswerStore, KeptAnswer, Transaction } from '../../usecases/ports.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * What a repeated POST gets: the answer that was kept (the default), or, for what changes nothing and must not lie in
     * the database (a person's phone), an answer anew. `none`: the route has no account yet, or its use case knows a repeat by itself.
     */
    repeats?: 'anew' | 'none'
  }
  interface FastifyRequest {
    /** Where this request's answer is to be kept; null without a key. */
    answerPlace: AnswerPlace | null
  }
}

interface AnswerPlace extends Omit<KeptAnswer, 'body'> {
  isKept: boolean
}

export interface KeptAnswersParts {
  answers: AnswerStore
  clock: Clock
  account(request: FastifyRequest): Promise<Pick<Account, 'id'>>
}

const KEY = /^[\x21-\x7e]{1,200}$/
const REPLAYED_HEADER = 'idempotency-replayed'

/**
 * `Idempotency-Key` on every POST of a scope: the same key by the same account with the same body gets the same answer and does
 * nothing twice; with another body it is refused (422 `idempotency-mismatch`). Only successes are kept: what was
 * refused changed nothing and may be tried again. Keys are forgotten after a day.
 */
export function addKeptAnswers(scope: FastifyInstance, { answers, clock, account }: KeptAnswersParts): void {
  scope.decorateRequest('answerPlace', null)

  scope.addHook('preHandler', async (request, reply) => {
    const { repeats } = request.routeOptions.config
    if (request.method !== 'POST' || repeats === 'none') return
    const key = idempotencyKeyOf(request)
    if (key === null) return
    const { id: accountId } = await account(request)
    const place = { accountId, key, request: hashOf(request), at: clock.now(), isKept: false }
    const known = await answers.find(accountId, key)
    if (known && known.request !== place.request) throw new AppError('idempotency-mismatch')
    if (known && repeats !== 'anew') {
      reply.header(REPLAYED_HEADER, 'true')
      return reply.send(known.body)
    }
    request.answerPlace = place
  })

  scope.addHook('preSerialization', async (request, reply, body) => {
    const place = request.answerPlace
    if (place && !place.isKept && reply.statusCode < 300) {
      const isAnew = request.routeOptions.config.repeats === 'anew'
      await answers.keep({ ...withoutState(place), body: isAnew ? null : body })
    }
    return body
  })
}

/** The caller's key for a request; null without one. @throws AppError `idempotency-key-invalid` */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || !KEY.test(key)) throw new AppError('idempotency-key-invalid')
  return key
}

/** Writes a request's answer in the transaction of its effect. */
export type Keep<T> = (tx: Transaction, answer: T) => void

/**
 * Does the work of a POST so that its effect and its answer are one: `keep` goes into the work's transaction. Of two equal requests at
 * once one does it, and the other gets that one's answer.
 */
export async function answerOnce<T extends object>(
  request: FastifyRequest,
  answers: AnswerStore,
  work: (keep: Keep<T>) => Promise<T>,
): Promise<T> {
  const place = request.answerPlace
  if (!place) return work(() => {})
  try {
    const answer = await work((tx, body) => tx.keepAnswer({ ...withoutState(place), body }))
    place.isKept = true
    return answer
  } catch (error) {
    if (!isAppError(error, 'version-conflict')) throw error
    const known = await answers.find(place.accountId, place.key)
    if (known?.request !== place.request) throw error
    place.isKept = true
    return known.body as T
  }
}

/** Keeps something else than what is answered: a secret is told once and lies nowhere. */
export async function keepInstead(
  request: FastifyRequest,
  answers: AnswerStore,
  body: object,
): Promise<void> {
  const place = request.answerPlace
  if (!place) return
  await answers.keep({ ...withoutState(place), body })
  place.isKept = true
}

function withoutState({ accountId, key, request, at }: AnswerPlace): Omit<KeptAnswer, 'body'> {
  return { accountId, key, request, at }
}

/** Of route, address and body. Only the hash is kept: bodies may hold what nobody else should read. */
function hashOf({ routeOptions, params, query, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(canonical({ route: routeOptions.url, params, query, body: body ?? null }))
    .digest('hex')
}
