import { z } from 'zod'
import { toldAnswers } from '../../cases/follow-up-answers.ts'
import type { Locale } from '../../language/understanding.ts'
import type { CallNote, DeskCall } from '../../usecases/make-calls.ts'
import { CALL_OUTCOMES } from '../../usecases/notice-ports.ts'
import type { Account, AnswerStore } from '../../usecases/ports.ts'
import { byId, type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { answerOnce, type Keep } from './kept-answers.ts'
import { localeOfHeader } from './match-locale.ts'

export interface CallListParts {
  answers: AnswerStore
  list(account: Account, locale: Locale): Promise<DeskCall[]>
  take(account: Account, callId: string): Promise<{ until: Date }>
  release(account: Account, callId: string): Promise<void>
  note(account: Account, callId: string, note: CallNote, keep: Keep<{ id: string }>): Promise<void>
}

const callSchema = z
  .object({
    id: z.string(),
    caseId: z.string(),
    number: z.string(),
    summary: z.string(),
    state: z.string(),
    stateName: z.string(),
    purpose: z.enum(['tell', 'ask']).meta({ description: '`ask`: how it went, too' }),
    seq: z.number().meta({ description: 'The event of the case that it is about' }),
    notBefore: z.string().meta({ format: 'date-time' }),
    tries: z.number(),
    isConfidential: z.boolean(),
    taken: z
      .object({ by: z.string(), isMine: z.boolean(), until: z.string().meta({ format: 'date-time' }) })
      .nullable()
      .meta({ description: 'Who makes it now' }),
  })
  .meta({ id: 'Call' })

const outcomes = [...CALL_OUTCOMES.filter(outcome => outcome !== 'unreached'), 'no-answer'] as const
const noteBody = z
  .object({ outcome: z.enum(outcomes), answers: toldAnswers.optional() })
  .meta({ id: 'CallNote' })

/** Whom to call: who could not be told otherwise, and who did not answer how it went. Phones are looked up in the case. */
export function callListRoutes(parts: CallListParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/calls',
      {
        schema: {
          tags,
          summary: 'Calls to make now, the longest due first',
          response: { 200: z.object({ rows: z.array(callSchema) }), '4xx': errorBody },
        },
      },
      async request => {
        const locale = localeOfHeader(request.headers['accept-language'])
        const calls = await parts.list(await scope.account(request), locale)
        return { rows: calls.map(present) }
      },
    )
    app.post(
      '/calls/:id/take',
      {
        config: { repeats: 'anew' },
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Take a call, so that nobody else makes it for ten minutes',
          description: '409 `call-taken` while somebody else has it. Taken again it is kept for ten more',
          params: byId,
          response: { 200: z.object({ until: z.string().meta({ format: 'date-time' }) }), '4xx': errorBody },
        },
      },
      async request => {
        const { until } = await parts.take(await scope.account(request), request.params.id)
        return { until: until.toISOString() }
      },
    )
    app.post(
      '/calls/:id/release',
      {
        config: { repeats: 'anew' },
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Give back a call that was taken and not made',
          params: byId,
          response: { 200: z.object({ id: z.string() }), '4xx': errorBody },
        },
      },
      async request => {
        const { id } = request.params
        await parts.release(await scope.account(request), id)
        return { id }
      },
    )
    app.post(
      '/calls/:id/outcome',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'How a call went',
          description: 'Answers of a call that asks close the case or, when it is not solved, send it back',
          params: byId,
          body: noteBody,
          response: { 200: z.object({ id: z.string() }), '4xx': errorBody },
        },
      },
      async request => {
        const account = await scope.account(request)
        const { id } = request.params
        return answerOnce<{ id: string }>(request, parts.answers, async keep => {
          await parts.note(account, id, request.body, keep)
          return { id }
        })
      },
    )
  }
}

function present({ notBefore, taken, ...call }: DeskCall) {
  return {
    ...call,
    notBefore: notBefore.toISOString(),
    taken: taken && { ...taken, until: taken.until.toISOString() },
  }
}
