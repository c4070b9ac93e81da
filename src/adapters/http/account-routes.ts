import { z } from 'zod'
import { DESK_ROLES } from '../../cases/case-state.ts'
import type { GivenPassword, Profile } from '../../usecases/manage-accounts.ts'
import type { Account, AnswerStore, LookAtCase } from '../../usecases/ports.ts'
import { ACCOUNT_CHANGES, type AccountRecord, type ListedAccountChange } from '../../usecases/staff-ports.ts'
import { accountSchema } from './desk-schemas.ts'
import { byId, type DeskRoutes, type DeskScope, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { keepInstead } from './kept-answers.ts'

export interface AccountParts {
  answers: AnswerStore
  list(account: Account): Promise<AccountRecord[]>
  add(
    account: Account,
    wanted: Profile & { login: string; password: string | null },
  ): Promise<{ account: Account } & GivenPassword>
  change(account: Account, id: string, profile: Profile): Promise<void>
  disable(account: Account, id: string): Promise<void>
  enable(account: Account, id: string): Promise<void>
  resetPassword(account: Account, id: string, password: string | null): Promise<GivenPassword>
  endSessions(account: Account, id: string): Promise<void>
  resetFactor(account: Account, id: string): Promise<void>
  changes(account: Account, id: string | undefined): Promise<ListedAccountChange[]>
  /** The latest looks at confidential cases and persons. */
  looks(account: Account): Promise<LookAtCase[]>
}

const refused = { '4xx': errorBody }
const dated = z.string().meta({ format: 'date-time' })
const recordSchema = accountSchema
  .extend({
    isDisabled: z.boolean(),
    mustChange: z.boolean().meta({ description: 'Its password must be changed at the next login' }),
    hasFactor: z.boolean().meta({ description: 'It has a second factor' }),
    lastSeenAt: dated.nullable(),
  })
  .meta({ id: 'AccountRecord' })
const profile = {
  displayName: z.string().trim().min(1).max(60),
  role: z.enum(DESK_ROLES),
  department: z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .default(null)
    .meta({ description: 'Of a handler; of no other' }),
}
const chosenPassword = z.string().min(1).max(200).nullable().default(null)
const wantedBody = z
  .object({
    login: z
      .string()
      .trim()
      .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]{1,59}$/u, 'letters, digits and . _ @ -, two at least'),
    ...profile,
    password: chosenPassword.meta({ description: 'Left out: one is made up' }),
  })
  .meta({ id: 'AccountWanted' })
const toldOnce = z.string().nullable().meta({ description: 'Told this once; null in a repeated answer' })
const done = z.object({ id: z.string() })

/** Accounts of people, for administrators; and what was done to them, for those who watch over it. */
export function accountRoutes(parts: AccountParts): DeskRoutes {
  return scope => {
    addListing(scope, parts)
    addMaking(scope, parts)
    addChanging(scope, parts)
    addTraces(scope, parts)
  }
}

function addListing(scope: DeskScope, parts: AccountParts): void {
  typedApp(scope).get(
    '/accounts',
    {
      schema: {
        tags,
        summary: 'Accounts, in order of their logins',
        response: { 200: z.object({ rows: z.array(recordSchema) }), ...refused },
      },
    },
    async request => ({ rows: (await parts.list(await scope.account(request))).map(present) }),
  )
}

function addMaking(scope: DeskScope, parts: AccountParts): void {
  const app = typedApp(scope)
  app.post(
    '/accounts',
    {
      onRequest: scope.csrfProtection,
      schema: {
        tags,
        summary:
          'Add an account; its first password is told this once and must be changed at the first login',
        body: wantedBody,
        response: { 200: z.object({ account: accountSchema, password: toldOnce }), ...refused },
      },
    },
    async request => {
      const made = await parts.add(await scope.account(request), request.body)
      await keepInstead(request, parts.answers, { account: made.account, password: null })
      return made
    },
  )
  app.post(
    '/accounts/:id/password',
    {
      onRequest: scope.csrfProtection,
      schema: {
        tags,
        summary:
          'Give it another password, told this once; it must be changed at the next login, and sessions end',
        params: byId,
        body: z.object({ password: chosenPassword }),
        response: { 200: done.extend({ password: toldOnce }), ...refused },
      },
    },
    async request => {
      const { id } = request.params
      const account = await scope.account(request)
      const { password } = await parts.resetPassword(account, id, request.body.password)
      await keepInstead(request, parts.answers, { id, password: null })
      return { id, password }
    },
  )
}

function addChanging(scope: DeskScope, parts: AccountParts): void {
  const app = typedApp(scope)
  app.post(
    '/accounts/:id',
    {
      onRequest: scope.csrfProtection,
      schema: {
        tags,
        summary: 'Give it another name, role or department',
        params: byId,
        body: z.object(profile),
        response: { 200: done, ...refused },
      },
    },
    async request => {
      const { id } = request.params
      await parts.change(await scope.account(request), id, request.body)
      return { id }
    },
  )
  const steps = {
    disabling: ['Nobody opens the desk with it any more; sessions end at once', parts.disable],
    enabling: ['It opens the desk again', parts.enable],
    'factor-removal': ['Take its second factor away, for whoever lost it; sessions end', parts.resetFactor],
    'sessions-end': ['End all its sessions', parts.endSessions],
  } as const
  for (const [path, [summary, work]] of Object.entries(steps))
    app.post(
      `/accounts/:id/${path}`,
      {
        onRequest: scope.csrfProtection,
        schema: { tags, summary, params: byId, response: { 200: done, ...refused } },
      },
      async request => {
        const { id } = request.params
        await work(await scope.account(request), id)
        return { id }
      },
    )
}

const changeSchema = z
  .object({
    id: z.string(),
    at: dated,
    by: z.string().meta({ description: 'Login of who did it; `console`: somebody at the machine' }),
    change: z.enum(ACCOUNT_CHANGES),
    details: z.record(z.string(), z.unknown()),
    login: z.string(),
    displayName: z.string(),
  })
  .meta({ id: 'AccountChange' })
const lookSchema = z
  .object({ login: z.string(), displayName: z.string(), at: dated, caseId: z.string(), number: z.string() })
  .meta({ id: 'LookAtCase' })

function addTraces(scope: DeskScope, parts: AccountParts): void {
  const app = typedApp(scope)
  app.get(
    '/account-changes',
    {
      schema: {
        tags,
        summary: 'What was done to accounts, newest first; the latest five hundred',
        querystring: z.object({ account: z.string().min(1).max(120).optional() }),
        response: { 200: z.object({ rows: z.array(changeSchema) }), ...refused },
      },
    },
    async request => {
      const changes = await parts.changes(await scope.account(request), request.query.account)
      return { rows: changes.map(each => ({ ...each, at: each.at.toISOString() })) }
    },
  )
  app.get(
    '/looks',
    {
      schema: {
        tags,
        summary:
          'Who opened which confidential case or asked for whose person, newest first; the latest two hundred',
        response: { 200: z.object({ rows: z.array(lookSchema) }), ...refused },
      },
    },
    async request => {
      const looks = await parts.looks(await scope.account(request))
      return { rows: looks.map(each => ({ ...each, at: each.at.toISOString() })) }
    },
  )
}

function present({ lastSeenAt, ...record }: AccountRecord): z.output<typeof recordSchema> {
  return { ...record, lastSeenAt: lastSeenAt?.toISOString() ?? null }
}
