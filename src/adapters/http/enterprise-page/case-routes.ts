import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { isFinal, STATES } from '../../../cases/case-state.ts'
import { checkScope } from '../../../usecases/open-enterprise-page.ts'
import {
  byNumber,
  casePage,
  followUpBody,
  informationBody,
  presentRow,
  presentWhole,
  wholeCase,
} from '../enterprise/enterprise-schemas.ts'
import { errorBody } from '../error-handler.ts'
import { answerOnce } from '../kept-answers.ts'
import { callerOf, type EnterprisePageParts, localeOf, tags } from './enterprise-page-parts.ts'

const refused = { '4xx': errorBody }
const PAGE = 20
const OPEN_STATES = STATES.filter(state => !isFinal(state))
const OVER_STATES = STATES.filter(state => isFinal(state))
const WHICH = { all: null, open: OPEN_STATES, over: OVER_STATES } as const

const listQuery = z.object({
  which: z.enum(['all', 'open', 'over']).default('all'),
  cursor: z.string().min(1).max(300).optional(),
})
const actionBody = z.discriminatedUnion('do', [
  z.object({ do: z.literal('add-information'), ...informationBody.shape }),
  z.object({ do: z.literal('urge') }),
  z.object({ do: z.literal('withdraw') }),
  z.object({ do: z.literal('follow-up'), answers: followUpBody }),
])

/** The enterprise's cases on its page; they and what may be done are those of its interface for programs. */
export function addCaseRoutes(app: FastifyInstance, parts: EnterprisePageParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()

  typed.get(
    '/cases',
    {
      schema: {
        tags,
        summary: 'Own cases, newest first',
        querystring: listQuery,
        response: { 200: casePage, ...refused },
      },
    },
    async request => {
      const caller = await callerOf(request, parts)
      checkScope(caller, 'cases:read')
      const { which, cursor = null } = request.query
      const query = { states: WHICH[which], filedSince: null, changedSince: null, limit: PAGE, cursor }
      const { rows, nextCursor } = await parts.list(caller, query, localeOf(request))
      return { rows: rows.map(presentRow), nextCursor }
    },
  )

  typed.get(
    '/cases/:number',
    { schema: { tags, summary: 'One case', params: byNumber, response: { 200: wholeCase, ...refused } } },
    async request => {
      const caller = await callerOf(request, parts)
      checkScope(caller, 'cases:read')
      return presentWhole(await parts.show(caller, request.params.number, localeOf(request)))
    },
  )

  typed.post(
    '/cases/:number/act',
    {
      schema: {
        tags,
        summary: 'Add something, urge, withdraw, or say how it went',
        params: byNumber,
        body: actionBody,
        response: { 200: wholeCase, ...refused },
      },
    },
    async request => {
      const caller = await callerOf(request, parts)
      checkScope(caller, 'cases:write')
      const action = { ...request.body, number: request.params.number }
      return answerOnce<z.output<typeof wholeCase>>(request, parts.answers, async keep =>
        presentWhole(
          await parts.act(caller, action, {
            locale: localeOf(request),
            keep: (tx, shown) => keep(tx, presentWhole(shown)),
          }),
        ),
      )
    },
  )
}
