import { z } from 'zod'
import { cleanText } from '../../kernel/clean-text.ts'
import { isCreditCode } from '../../kernel/credit-code.ts'
import type { Locale } from '../../language/understanding.ts'
import type { NewEnterprise } from '../../usecases/assign-enterprise.ts'
import type { EnterpriseContact } from '../../usecases/enterprise-ports.ts'
import type { EnterpriseList, EnterpriseView } from '../../usecases/look-after-enterprises.ts'
import type { Account } from '../../usecases/ports.ts'
import type { EnterpriseDeed } from '../../usecases/serve-enterprise.ts'
import { type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'
import { lifeSchema, presentLife, presentTalk, talkEntry } from './steward-schemas.ts'

/** The use cases of stewards. */
export interface StewardParts {
  list(account: Account, locale: Locale): Promise<EnterpriseList>
  show(account: Account, code: string, locale: Locale): Promise<EnterpriseView>
  add(account: Account, wanted: NewEnterprise): Promise<{ code: string }>
  serve(account: Account, code: string, deed: EnterpriseDeed): Promise<void>
  write(account: Account, code: string, text: string): Promise<void>
  contact(account: Account, code: string): Promise<EnterpriseContact>
}

const dated = z.string().meta({ format: 'date-time' })
const text = (most: number) => z.string().max(most).transform(cleanText).pipe(z.string().trim().min(1))
const refused = { '4xx': errorBody }
const creditCode = z
  .string()
  .trim()
  .toUpperCase()
  .refine(isCreditCode, 'no unified social credit code')
  .meta({ description: 'Unified social credit code (统一社会信用代码)' })
const contact = z
  .object({
    name: text(40).nullable().default(null),
    phone: z
      .string()
      .regex(/^1[3-9]\d{9}$/, 'a mobile number of eleven digits')
      .nullable()
      .default(null)
      .meta({ description: 'By a code to it the enterprise opens its page, too' }),
  })
  .meta({ id: 'StewardContact' })
const byCode = z.object({ code: creditCode })

const listSchema = z
  .object({
    rows: z.array(
      z.object({
        code: z.string(),
        name: z.string(),
        sectorName: z.string(),
        stageName: z.string(),
        stewardName: z.string().nullable(),
        openCases: z.int(),
        warnedCases: z.int().meta({ description: 'At which the steward should look now' }),
        next: z.object({ name: z.string(), dueAt: dated, isLate: z.boolean() }).nullable(),
        isQuiet: z.boolean(),
      }),
    ),
    load: z.array(z.object({ login: z.string(), name: z.string(), count: z.int(), most: z.int() })),
    sectors: z.array(z.object({ id: z.string(), name: z.string() })),
    mayAssign: z.boolean(),
  })
  .meta({ id: 'StewardEnterprises' })

const viewSchema = z
  .object({
    code: z.string(),
    name: z.string(),
    sectorName: z.string(),
    steward: z.string().nullable(),
    stewardName: z.string().nullable(),
    contact: z.object({ name: z.string().nullable(), phone: z.string().nullable() }),
    life: lifeSchema,
    cases: z.array(
      z.object({
        id: z.string(),
        number: z.string(),
        title: z.string(),
        statusText: z.string(),
        departmentName: z.string(),
        dueAt: dated.nullable(),
        light: z.enum(['green', 'yellow', 'red']).nullable(),
        isWarned: z.boolean(),
      }),
    ),
    talk: z.array(talkEntry),
    mayContact: z.object({ may: z.boolean(), because: z.string(), from: dated.nullable() }),
    isQuiet: z.boolean(),
    records: z.array(z.object({ at: dated, what: z.string(), login: z.string(), text: z.string() })),
  })
  .meta({ id: 'StewardEnterprise' })

const deedBody = z.discriminatedUnion('do', [
  z.object({ do: z.literal('note'), text: text(2000) }),
  z.object({ do: z.literal('begin-stage'), stage: z.string().min(1).max(60) }),
  z.object({ do: z.literal('tick-step'), step: z.string().min(1).max(60), isDone: z.boolean() }),
  z.object({ do: z.literal('set-contact'), contact }),
  z.object({ do: z.literal('assign'), steward: z.string().min(1).max(100) }),
])
const done = z.object({ code: z.string() })

/** Enterprises as their stewards and whoever watches over those see and serve them. */
export function stewardRoutes(parts: StewardParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/enterprises',
      {
        schema: {
          tags,
          summary: "A steward's enterprises; all of them for supervisors and administrators",
          response: { 200: listSchema, ...refused },
        },
      },
      async request => {
        const list = await parts.list(await scope.account(request), localeOf(request.headers))
        const rows = list.rows.map(row => ({
          ...row,
          next: row.next && { ...row.next, dueAt: row.next.dueAt.toISOString() },
        }))
        return { ...list, rows }
      },
    )
    app.get(
      '/enterprises/:code',
      {
        schema: {
          tags,
          summary: 'One, with its stage, its cases, the talk and the notes',
          params: byCode,
          response: { 200: viewSchema, ...refused },
        },
      },
      async request => {
        const account = await scope.account(request)
        return presentView(await parts.show(account, request.params.code, localeOf(request.headers)))
      },
    )
    addDeeds(scope, parts)
  }
}

function addDeeds(scope: Parameters<DeskRoutes>[0], parts: StewardParts): void {
  const app = typedApp(scope)
  const changing = { onRequest: scope.csrfProtection }
  app.post(
    '/enterprises',
    {
      ...changing,
      schema: {
        tags,
        summary: 'Add an enterprise: it gets its steward by sector and load',
        body: z.object({
          code: creditCode,
          name: text(100),
          sector: z.string().min(1).max(60).nullable().default(null),
          contact: contact.default({ name: null, phone: null }),
        }),
        response: { 200: done, ...refused },
      },
    },
    async request => ({ code: (await parts.add(await scope.account(request), request.body)).code }),
  )
  app.post(
    '/enterprises/:code/deeds',
    {
      ...changing,
      schema: {
        tags,
        summary: 'Note something, go on to a stage, tick a step, name the contact, assign a steward',
        params: byCode,
        body: deedBody,
        response: { 200: done, ...refused },
      },
    },
    async request => {
      await parts.serve(await scope.account(request), request.params.code, request.body)
      return { code: request.params.code }
    },
  )
  app.post(
    '/enterprises/:code/messages',
    {
      ...changing,
      schema: {
        tags,
        summary: 'Write to the enterprise, as rarely as the quiet rules say; a question is always answered',
        params: byCode,
        body: z.object({ text: text(2000) }),
        response: { 200: done, ...refused },
      },
    },
    async request => {
      await parts.write(await scope.account(request), request.params.code, request.body.text)
      return { code: request.params.code }
    },
  )
  app.post(
    '/enterprises/:code/contact',
    {
      ...changing,
      config: { repeats: 'anew' },
      schema: {
        tags,
        summary: 'Whom to reach, whole; the look is recorded',
        params: byCode,
        response: {
          200: z.object({ name: z.string().nullable(), phone: z.string().nullable() }),
          ...refused,
        },
      },
    },
    async request => parts.contact(await scope.account(request), request.params.code),
  )
}

function presentView({ version: _version, ...view }: EnterpriseView): z.output<typeof viewSchema> {
  const { mayContact: may } = view
  return {
    ...view,
    life: presentLife(view.life),
    cases: view.cases.map(each => ({ ...each, dueAt: each.dueAt?.toISOString() ?? null })),
    talk: view.talk.map(presentTalk),
    mayContact: { may: may.may, because: may.because, from: 'from' in may ? may.from.toISOString() : null },
    records: view.records.map(({ at, ...record }) => ({ ...record, at: at.toISOString() })),
  }
}

function localeOf(headers: { 'accept-language'?: string | undefined }): Locale {
  return localeOfHeader(headers['accept-language'])
}
