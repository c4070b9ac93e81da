import { z } from 'zod'
import { REPLY_CONCERNS } from '../../assist/review-reply.ts'
import { DESK_ROLES } from '../../cases/case-state.ts'
import { LOCALES, type Locale } from '../../language/understanding.ts'
import type { HandlingHelp } from '../../usecases/handling-help.ts'
import type { Account } from '../../usecases/ports.ts'
import type { ReplyDraft, ReplyPreview } from '../../usecases/preview-reply.ts'
import { byId, type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'

export interface HandlingParts {
  help(account: Account, caseId: string, locale: Locale): Promise<HandlingHelp>
  preview(account: Account, caseId: string, draft: ReplyDraft): Promise<ReplyPreview>
}

const dated = z.string().meta({ format: 'date-time' })
const wordings = z.array(z.object({ id: z.string(), text: z.string() }))

const helpSchema = z
  .object({
    replies: wordings.meta({ description: 'Beginnings that fit, those made for the matter first' }),
    questions: wordings,
    extension: z
      .object({
        used: z.number(),
        times: z.number(),
        dueAt: dated,
        options: z.array(z.object({ by: z.string(), dueAt: dated })),
      })
      .nullable()
      .meta({ description: 'What may be asked for, each with the due time it would make' }),
    returning: z.object({
      hops: z.array(z.object({ department: z.string(), clause: z.string(), at: dated })),
      until: dated.nullable(),
      candidates: z.array(
        z.object({
          clause: z.string(),
          department: z.string(),
          departmentName: z.string(),
          text: z.string(),
        }),
      ),
    }),
  })
  .meta({ id: 'HandlingHelp' })

const draftBody = z
  .object({
    action: z.enum(['reply', 'ask-resident']),
    input: z.record(z.string(), z.unknown()),
    reason: z.string().trim().max(4000).nullable().default(null),
    as: z
      .object({ role: z.enum(DESK_ROLES), department: z.string().max(100).nullable().default(null) })
      .optional(),
  })
  .meta({ id: 'ReplyDraft' })

const previewSchema = z
  .object({
    locale: z.enum(LOCALES),
    channelName: z.string(),
    chat: z.object({ text: z.string(), choices: z.array(z.string()), asText: z.string() }),
    sms: z.string(),
    status: z.object({
      statusText: z.string(),
      stageName: z.string(),
      said: z.string(),
      files: z.number(),
    }),
    concerns: z
      .array(z.object({ kind: z.enum(REPLY_CONCERNS), text: z.string() }))
      .meta({ description: 'What the resident should perhaps not read' }),
  })
  .meta({ id: 'ReplyPreview' })

/** What helps a handler with one case, and a reply as its reader will see it. */
export function handlingRoutes(parts: HandlingParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/cases/:id/help',
      {
        schema: {
          tags,
          summary: 'What to choose from while handling a case',
          params: byId,
          response: { 200: helpSchema, '4xx': errorBody },
        },
      },
      async request => {
        const locale = localeOfHeader(request.headers['accept-language'])
        return parts.help(await scope.account(request), request.params.id, locale)
      },
    )
    app.post(
      '/cases/:id/reply-preview',
      {
        config: { repeats: 'anew' },
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'What the resident would see; nothing is sent or kept',
          params: byId,
          body: draftBody,
          response: { 200: previewSchema, '4xx': errorBody },
        },
      },
      async request => parts.preview(await scope.account(request), request.params.id, request.body),
    )
  }
}
