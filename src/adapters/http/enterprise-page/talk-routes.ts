import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { cleanText } from '../../../kernel/clean-text.ts'
import { checkScope } from '../../../usecases/open-enterprise-page.ts'
import { errorBody } from '../error-handler.ts'
import { answerOnce } from '../kept-answers.ts'
import { lifeSchema, presentLife, presentTalk, talkEntry } from '../steward-schemas.ts'
import { callerOf, type EnterprisePageParts, localeOf, tags } from './enterprise-page-parts.ts'

const refused = { '4xx': errorBody }
const LONGEST_MESSAGE = 2000

const pageSchema = z
  .object({
    code: z.string(),
    name: z.string(),
    sectorName: z.string(),
    steward: z.object({ name: z.string(), phone: z.string() }).nullable(),
    life: lifeSchema,
    isQuiet: z.boolean(),
    scopes: z.array(z.string()),
  })
  .meta({ id: 'EnterprisePage' })

/** Who the enterprise is, its steward, what comes next, and the talk with the steward. */
export function addTalkRoutes(app: FastifyInstance, parts: EnterprisePageParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()

  typed.get(
    '/me',
    {
      schema: {
        tags,
        summary: 'The enterprise, its steward and what comes next',
        response: { 200: pageSchema, ...refused },
      },
    },
    async request => {
      const { life, scopes, ...page } = await parts.page(await callerOf(request, parts), localeOf(request))
      return { ...page, life: presentLife(life), scopes: [...scopes] }
    },
  )

  typed.get(
    '/talk',
    {
      schema: {
        tags,
        summary: 'What was said with the steward',
        querystring: z.object({ after: z.coerce.number().int().min(0).default(0) }),
        response: { 200: z.object({ rows: z.array(talkEntry) }), ...refused },
      },
    },
    async request => ({
      rows: (await parts.talk(await callerOf(request, parts), request.query.after)).map(presentTalk),
    }),
  )

  typed.post(
    '/talk',
    {
      schema: {
        tags,
        summary: 'Write to the steward',
        description: 'With `Idempotency-Key` a repeat is written once',
        body: z.object({
          text: z.string().max(LONGEST_MESSAGE).transform(cleanText).pipe(z.string().trim().min(1)),
        }),
        response: { 200: z.object({ isSent: z.literal(true) }), ...refused },
      },
    },
    async request => {
      const caller = await callerOf(request, parts)
      checkScope(caller, 'cases:write')
      const message = { text: request.body.text, locale: localeOf(request) }
      return answerOnce<{ isSent: true }>(request, parts.answers, async keep => {
        await parts.write(caller, message, tx => keep(tx, { isSent: true }))
        return { isSent: true }
      })
    },
  )

  typed.post(
    '/quiet',
    {
      schema: {
        tags,
        summary: 'Whether the steward may write unasked',
        body: z.object({ isQuiet: z.boolean() }),
        response: { 200: z.object({ isQuiet: z.boolean() }), ...refused },
      },
    },
    async request => {
      const caller = await callerOf(request, parts)
      checkScope(caller, 'cases:write')
      await parts.setQuiet(caller, request.body.isQuiet)
      return { isQuiet: request.body.isQuiet }
    },
  )
}
