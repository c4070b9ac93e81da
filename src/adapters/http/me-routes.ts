import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { LOGIN_NEEDS, type LoginNeed } from '../../usecases/log-in.ts'
import type { OwnFactor } from '../../usecases/own-account.ts'
import type { OpenSession } from '../../usecases/staff-ports.ts'
import { qrOf } from './case-qr.ts'
import { type DeskRoutes, type DeskScope, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'

type Given<T> = T & { address: string }

/** What people do with their own accounts. Machines have none. */
export interface MeParts {
  proveByCode(session: OpenSession, given: Given<{ code: string }>): Promise<void>
  changePassword(session: OpenSession, given: Given<{ old: string; wanted: string }>): Promise<void>
  factor(session: OpenSession): Promise<OwnFactor>
  beginFactor(
    session: OpenSession,
    given: Given<{ need: LoginNeed | null; password: string | null }>,
  ): Promise<{ secret: string; uri: string }>
  /** @returns the recovery codes */
  confirmFactor(session: OpenSession, code: string): Promise<string[]>
  renewRecoveryCodes(session: OpenSession, given: Given<{ code: string }>): Promise<string[]>
  removeFactor(session: OpenSession, given: Given<{ code: string }>): Promise<void>
}

const refused = { '4xx': errorBody }
const typedCode = z.object({ code: z.string().min(1).max(40) })
const password = z.string().min(1).max(200)
const left = z.object({ need: z.enum(LOGIN_NEEDS).nullable() })
const codes = z.object({ recoveryCodes: z.array(z.string()).meta({ description: 'Told this once' }) })

/** Below `/me`: the rest of a login, one's password and one's second factor. Answers hold secrets, so none is kept for repeats. */
export function meRoutes(parts: MeParts): DeskRoutes {
  return scope => {
    addLoginSteps(scope, parts)
    addFactorRoutes(scope, parts)
  }
}

const changing = ({ csrfProtection }: DeskScope) => ({
  config: { repeats: 'none' as const },
  onRequest: csrfProtection,
})

/** What is asked of the session that a request is of, once more. */
async function needOf({ sessions }: DeskScope, request: FastifyRequest): Promise<{ need: LoginNeed | null }> {
  return { need: (await sessions.begun(request)).need }
}

function addLoginSteps(scope: DeskScope, parts: MeParts): void {
  const app = typedApp(scope)
  app.post(
    '/me/code',
    {
      ...changing(scope),
      schema: {
        tags,
        summary: 'The code of the second factor, or a recovery code, at a login',
        body: typedCode,
        response: { 200: left, ...refused },
      },
    },
    async request => {
      const session = await scope.sessions.begun(request)
      await parts.proveByCode(session, { ...request.body, address: request.ip })
      return needOf(scope, request)
    },
  )
  app.post(
    '/me/password',
    {
      ...changing(scope),
      schema: {
        tags,
        summary: 'Change my password; my other sessions end',
        body: z.object({ old: password, wanted: password }),
        response: { 200: left, ...refused },
      },
    },
    async request => {
      const { need, ...session } = await scope.sessions.begun(request)
      // Before the code of a second factor a password alone changes nothing.
      const open = need === 'password' ? session : await scope.session(request)
      await parts.changePassword(open, { ...request.body, address: request.ip })
      return needOf(scope, request)
    },
  )
}

function addFactorRoutes(scope: DeskScope, parts: MeParts): void {
  const app = typedApp(scope)
  /** While a second factor is what is asked, it can be set; else only by an open session. */
  const settling = async (request: FastifyRequest) => {
    const begun = await scope.sessions.begun(request)
    return begun.need === 'factor' ? begun : { ...(await scope.session(request)), need: null }
  }
  const factorSchema = z
    .object({ isSet: z.boolean(), isRequired: z.boolean(), recoveryCodesLeft: z.number() })
    .meta({ id: 'OwnFactor' })
  app.get(
    '/me/factor',
    { schema: { tags, summary: 'How my second factor stands', response: { 200: factorSchema, ...refused } } },
    async request => parts.factor(await settling(request)),
  )
  app.post(
    '/me/factor',
    {
      ...changing(scope),
      schema: {
        tags,
        summary: 'Begin a second factor: its secret, and a QR code (SVG) for an authenticator app',
        body: z.object({
          password: password.nullable().default(null).meta({ description: 'Asked of an open session' }),
        }),
        response: { 200: z.object({ secret: z.string(), svg: z.string() }), ...refused },
      },
    },
    async request => {
      const { need, ...session } = await settling(request)
      const given = { need, password: request.body.password, address: request.ip }
      const { secret, uri } = await parts.beginFactor(session, given)
      return { secret, svg: await qrOf(uri) }
    },
  )
  app.post(
    '/me/factor/confirmation',
    {
      ...changing(scope),
      schema: {
        tags,
        summary: 'Its first code: from now on it is asked for; tells the recovery codes',
        body: typedCode,
        response: { 200: codes.extend(left.shape), ...refused },
      },
    },
    async request => {
      const { need: _need, ...session } = await settling(request)
      const recoveryCodes = await parts.confirmFactor(session, request.body.code)
      return { recoveryCodes, ...(await needOf(scope, request)) }
    },
  )
  app.post(
    '/me/factor/recovery-codes',
    {
      ...changing(scope),
      schema: {
        tags,
        summary: 'Other recovery codes; those until now open nothing',
        body: typedCode,
        response: { 200: codes, ...refused },
      },
    },
    async request => {
      const given = { ...request.body, address: request.ip }
      return { recoveryCodes: await parts.renewRecoveryCodes(await scope.session(request), given) }
    },
  )
  app.post(
    '/me/factor/removal',
    {
      ...changing(scope),
      schema: {
        tags,
        summary: 'Go on without a second factor',
        body: typedCode,
        response: { 200: z.object({ isSet: z.literal(false) }), ...refused },
      },
    },
    async request => {
      const session = await scope.session(request)
      await parts.removeFactor(session, { ...request.body, address: request.ip })
      return { isSet: false as const }
    },
  )
}
