import fastifyCsrf from '@fastify/csrf-protection'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Role } from '../../cases/case-state.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Locale } from '../../language/understanding.ts'
import type { DeskFilter, ListPage } from '../../usecases/desk-filter.ts'
import type { FactorRoles } from '../../usecases/log-in.ts'
import type { Account, AnswerStore, Bus, Page } from '../../usecases/ports.ts'
import { DeskEvents } from './desk-events.ts'
import * as schemas from './desk-schemas.ts'
import { byId, type DeskRoutes, type DeskScope, tags, typedApp } from './desk-scope.ts'
import { createDeskSessions, type DoorStore, refuseForeignOrigin } from './desk-session.ts'
import { errorBody } from './error-handler.ts'
import { addKeptAnswers, answerOnce, type Keep } from './kept-answers.ts'
import { type DeskQuery, filterOfQuery, listQuery, searchBody } from './list-filter.ts'
import { addLoginRoutes } from './login-routes.ts'
import { type AccountOfSecret, protectBrowsers } from './machine-access.ts'
import { localeOfHeader } from './match-locale.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** The desk's use cases. What an account may see and do is decided in them. */
export interface DeskParts {
  accounts: DoorStore
  /** Roles that must have a second factor. */
  factorRoles: FactorRoles
  answers: AnswerStore
  bus: Pick<Bus, 'subscribe'>
  accountOfSecret: AccountOfSecret
  clock: Clock
  limiter: RateLimiter
  publicUrl: string | null
  listCases(account: Account, filter: DeskFilter & ListPage, locale: Locale): Promise<Page<schemas.CaseRow>>
  /** With `isPersonAsked` the person is shown unmasked and the look is recorded. */
  showCase(
    account: Account,
    caseId: string,
    view: {
      isPersonAsked: boolean
      locale: Locale
      as?: { role: Role; department: string | null } | undefined
    },
  ): Promise<schemas.CaseView>
  /** Departments and their duty clauses, for the forms. */
  reference?(locale: Locale): schemas.DeskReference
  /** Returns the new version. @throws AppError `version-conflict` with what has changed in its details */
  actOnCase(
    account: Account,
    caseId: string,
    action: schemas.DeskAction & { locale: Locale },
    keep: Keep<number>,
  ): Promise<number>
  /** What else there is below `/api/desk`. */
  routes?: readonly DeskRoutes[]
}

const refused = { '4xx': errorBody }
/** What is asked before anybody is known. */
const OPEN_TO_ALL = /\/(login|sign-on[a-z/]*)$/
const page = z.object({ rows: z.array(schemas.caseRowSchema), nextCursor: z.string().nullable() })

/** `/api/desk/*`: login, the list, one case, what may be done with it, and live news. */
export async function addDeskRoutes(root: FastifyInstance, parts: DeskParts): Promise<void> {
  const events = new DeskEvents(parts.bus)
  root.addHook('preClose', async () => events.close())
  await root.register(
    async scope => {
      await scope.register(fastifyCsrf, {
        cookieOpts: { path: '/api/desk', httpOnly: true, sameSite: 'strict' },
        getToken: request => request.headers['x-csrf-token']?.toString(),
      })
      refuseForeignOrigin(scope, parts.publicUrl)
      scope.addHook('onRoute', route => {
        if (route.schema && !OPEN_TO_ALL.test(route.url))
          Object.assign(route.schema, { security: [{ desk: [] }, { deskKey: [] }] })
      })
      refuseUnknownParameters(scope)
      scope.addHook('onSend', async (_request, reply) => {
        reply.header('cache-control', 'no-store')
      })
      const sessions = createDeskSessions(parts)
      const { account, session } = sessions
      addKeptAnswers(scope, { ...parts, account })
      addLoginRoutes(scope, sessions)
      const csrfProtection = protectBrowsers(scope)
      // At the root: hooks of a scope run only after those that wait.
      const onClosing = (end: () => void) => void root.addHook('preClose', async () => end())
      const desk: DeskScope = { app: scope, account, session, sessions, csrfProtection, onClosing }
      addCaseRoutes(desk, parts, events)
      for (const add of parts.routes ?? []) add(desk)
    },
    { prefix: '/api/desk' },
  )
}

/** A filter with a slip of the pen would show everything as if it were what was asked for. */
function refuseUnknownParameters(scope: FastifyInstance): void {
  scope.addHook('onRoute', ({ schema }) => {
    if (!schema) return
    const { querystring = z.object({}) } = schema
    if (querystring instanceof z.ZodObject) schema.querystring = querystring.strict()
  })
}

function addCaseRoutes(scope: DeskScope, parts: DeskParts, events: DeskEvents): void {
  const typed = typedApp(scope)
  const list = async (request: FastifyRequest, filter: DeskQuery) => {
    const account = await scope.account(request)
    const { rows, nextCursor } = await parts.listCases(account, filterOfQuery(filter), localeOf(request))
    return { rows: rows.map(schemas.presentRow), nextCursor }
  }
  const show = async (
    request: FastifyRequest<{
      Params: z.output<typeof byId>
      Querystring: z.output<typeof schemas.standingQuery>
    }>,
    isPersonAsked: boolean,
  ) => {
    const { role, department = null } = request.query
    const as = role && { role, department }
    const account = await scope.account(request)
    const view = { isPersonAsked, locale: localeOf(request), as }
    return (await parts.showCase(account, request.params.id, view)) as z.output<typeof schemas.caseViewSchema>
  }

  typed.get(
    '/cases',
    {
      schema: { tags, summary: 'Cases', querystring: listQuery, response: { 200: page, ...refused } },
    },
    request => list(request, request.query),
  )

  typed.post(
    '/cases/search',
    {
      config: { repeats: 'anew', scope: 'desk:read' },
      onRequest: scope.csrfProtection,
      schema: {
        tags,
        summary: 'Cases by words',
        body: searchBody,
        response: { 200: page, ...refused },
      },
    },
    request => list(request, request.body),
  )

  typed.get(
    '/cases/:id',
    {
      schema: {
        tags,
        summary: 'One case, the person masked',
        params: byId,
        querystring: schemas.standingQuery,
        response: { 200: schemas.caseViewSchema, ...refused },
      },
    },
    request => show(request, false),
  )

  typed.post(
    '/cases/:id/person',
    {
      config: { repeats: 'anew', scope: 'desk:person' },
      onRequest: scope.csrfProtection,
      schema: {
        tags,
        summary: 'One case with its person; the look is recorded',
        params: byId,
        querystring: schemas.standingQuery,
        response: { 200: schemas.caseViewSchema, ...refused },
      },
    },
    request => show(request, true),
  )

  typed.post(
    '/cases/:id/actions',
    {
      onRequest: scope.csrfProtection,
      schema: {
        tags,
        summary: 'Do something with a case',
        description:
          '409 `version-conflict` when somebody was faster; `details.changes` says what has happened since. With `Idempotency-Key` a repeat gets the same answer',
        params: byId,
        body: schemas.actionBody,
        response: { 200: z.object({ version: z.number() }), 409: schemas.conflictBody, ...refused },
      },
    },
    async request => {
      const account = await scope.account(request)
      const action = { ...request.body, locale: localeOf(request) }
      return answerOnce<{ version: number }>(request, parts.answers, async keep => ({
        version: await parts.actOnCase(account, request.params.id, action, (tx, version) =>
          keep(tx, { version }),
        ),
      }))
    },
  )

  typed.get(
    '/reference',
    {
      schema: {
        tags,
        summary: 'What forms choose from',
        response: { 200: schemas.referenceSchema, ...refused },
      },
    },
    async request => {
      await scope.account(request)
      if (!parts.reference) throw new AppError('route-not-found')
      return parts.reference(localeOf(request))
    },
  )

  typed.get(
    '/events',
    {
      exposeHeadRoute: false,
      schema: { tags, summary: 'Live news (server-sent events)', response: refused },
    },
    async (request, reply) => {
      await scope.account(request)
      events.open(request, reply, () => scope.account(request))
    },
  )
}

function localeOf(request: FastifyRequest): Locale {
  return localeOfHeader(request.headers['accept-language'])
}
