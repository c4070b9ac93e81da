import { z } from 'zod'
import { HELP_KINDS, HELP_OUTCOMES } from '../../assist/help-kinds.ts'
import { CONTACT_FIELDS, FIELDS, STANDINGS } from '../../assist/suggestions.ts'
import { REQUEST_TYPES } from '../../cases/case-inputs.ts'
import { cleanText } from '../../kernel/clean-text.ts'
import { LOCALES, type Locale } from '../../language/understanding.ts'
import type { AgentSuggestions } from '../../usecases/agent-suggestions.ts'
import type { CallerFiling, FiledForCaller } from '../../usecases/file-for-caller.ts'
import type { Account } from '../../usecases/ports.ts'
import type { Talk } from '../../usecases/suggest-to-agent.ts'
import { caseCardSchema } from './city-routes.ts'
import { type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { idempotencyKeyOf } from './kept-answers.ts'
import { localeOfHeader } from './match-locale.ts'

export interface AgentParts {
  suggest(account: Account, talk: Talk, locale: Locale): Promise<AgentSuggestions>
  /** With a key the same request again is answered the same and files nothing twice. */
  file(
    account: Account,
    filing: CallerFiling,
    options: { key: string | null; locale: Locale },
  ): Promise<FiledForCaller>
}

/** A talk of some hours; longer ones are cut by the page. */
const MOST_UTTERANCES = 400
const LONGEST_TALK = 20_000
const MOST_MATTERS = 8

const text = (most: number) => z.string().max(most).transform(cleanText)
const filled = (most: number) =>
  z.string().trim().min(1).max(most).transform(cleanText).nullable().default(null)
const callId = z.string().min(1).max(128).nullable().default(null)
const chatId = callId.meta({ description: 'A chat that was taken over, instead of a call' })
const standing = z.object({
  value: z.string().max(4000).nullable(),
  confidence: z.number().min(0).max(1),
  is: z.enum(STANDINGS),
})

const talkBody = z
  .object({
    callId,
    chatId,
    utterances: z
      .array(
        z.object({
          id: z.string().min(1).max(200),
          role: z.enum(['resident', 'agent']),
          text: text(LONGEST_TALK),
        }),
      )
      .max(MOST_UTTERANCES)
      .refine(all => all.reduce((sum, each) => sum + each.text.length, 0) <= LONGEST_TALK, 'too long'),
    /** What the page shows, so that it changes calmly. */
    before: z
      .object({
        contact: z.partialRecord(z.enum(CONTACT_FIELDS), standing).default({}),
        matters: z.record(z.string().max(8), z.partialRecord(z.enum(FIELDS), standing)).default({}),
      })
      .default({ contact: {}, matters: {} }),
  })
  .meta({ id: 'Talk' })

const span = z.object({ utterance: z.string(), start: z.number(), end: z.number() })
const suggested = z
  .object({ value: z.string().nullable(), confidence: z.number(), evidence: z.array(span) })
  .meta({ id: 'Suggested' })
const beside = z.object({
  id: z.string(),
  number: z.string(),
  summary: z.string(),
  place: z.string().nullable(),
  stateName: z.string(),
  departmentName: z.string(),
  dueText: z.string().nullable(),
  isOwn: z.boolean(),
})
const named = { id: z.string(), name: z.string() }

const draftReply = z
  .object({
    text: z.string(),
    sources: z.array(
      z.object({
        is: z.enum(['knowledge', 'case']),
        id: z.string(),
        title: z.string(),
        basis: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'DraftReply', description: "In the caller's language" })

const suggestionsSchema = z
  .object({
    locale: z.enum(LOCALES).meta({ description: 'The language in which the caller speaks' }),
    caller: z.string().nullable().meta({ description: 'The number of the call, masked' }),
    contact: z.object({ phone: suggested, name: suggested }),
    matters: z.array(
      z.object({
        id: z.string(),
        words: z.string(),
        fields: z.record(z.enum(FIELDS), suggested),
        subjects: z.array(z.object({ ...named, confidence: z.number() })),
        deciding: z.array(z.string()),
        danger: z
          .object({
            kind: z.string(),
            service: z.string(),
            cue: z.string(),
            isSensed: z.boolean().optional(),
            serviceText: z.string(),
            advice: z.string().meta({ description: "In the caller's language" }),
            evidence: z.array(span),
          })
          .nullable(),
        question: z.object({ about: z.string(), text: z.string(), left: z.number() }),
        isConfidential: z.boolean(),
        department: z.object({
          ...named,
          coHandlers: z.array(z.string()),
          isCertain: z.boolean(),
          reason: z.string(),
          dueText: z.string(),
          gradeName: z.string(),
          candidates: z.array(z.object({ ...named, reason: z.string(), confidence: z.number() })),
        }),
        neighbours: z.array(beside.extend({ people: z.number() })),
        answered: z.array(beside),
        duplicateOf: z.string().nullable(),
        passages: z.array(
          z.object({
            id: z.string(),
            title: z.string(),
            text: z.string().meta({ description: 'The lines that answer' }),
            whole: z.string(),
            basis: z.string(),
            departmentName: z.string(),
          }),
        ),
        reply: draftReply.nullable(),
      }),
    ),
    cases: z.array(beside).meta({ description: 'What else the caller told of' }),
  })
  .meta({ id: 'AgentSuggestions' })

const helpBody = z
  .object({
    seconds: z.number().int().min(0).max(86_400),
    keys: z.number().int().min(0).max(100_000),
    outcomes: z.array(z.object({ kind: z.enum(HELP_KINDS), outcome: z.enum(HELP_OUTCOMES) })).max(200),
  })
  .meta({ id: 'FilingHelp', description: 'What became of the help that was shown; no words' })

const filingBody = z
  .object({
    callId,
    chatId,
    matters: z
      .array(
        z.object({
          words: text(LONGEST_TALK).pipe(z.string().trim().min(1)),
          type: z.enum(REQUEST_TYPES),
          subject: filled(200),
          place: filled(200),
          time: filled(200),
          wanted: filled(500),
          summary: filled(500),
          joins: filled(120).meta({ description: 'Id of the case of others that the caller joins' }),
          lead: filled(80).meta({ description: 'A department, where the line is not sure' }),
          service: z.enum(['police', 'fire', 'medical', 'gas', 'traffic']).nullable().default(null),
          answer: filled(4000).meta({
            description: 'What the caller was told and is the answer; of consultations only',
          }),
        }),
      )
      .min(1)
      .max(MOST_MATTERS),
    name: filled(40),
    phone: z
      .string()
      .regex(/^\d{5,15}$/)
      .nullable()
      .default(null)
      .meta({ description: 'Null: the number of the call' }),
    isWithoutPhone: z.boolean().default(false),
    help: helpBody.nullable().default(null),
  })
  .meta({ id: 'CallerFiling' })

/** The agent's desk: help while somebody speaks, and filing what was said. */
export function agentRoutes(parts: AgentParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)

    app.post(
      '/agent/suggestions',
      {
        config: { repeats: 'anew', scope: 'desk:read' },
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'What to fill in, to ask and to know while somebody speaks',
          description: 'Nothing is kept. What `before` says was accepted, edited or refused is never changed',
          body: talkBody,
          response: { 200: suggestionsSchema, '4xx': errorBody },
        },
      },
      async request => {
        const account = await scope.account(request)
        return parts.suggest(
          account,
          request.body as Talk,
          localeOfHeader(request.headers['accept-language']),
        )
      },
    )

    app.post(
      '/agent/filings',
      {
        // Its answer holds secrets that lie nowhere; the use case knows a repeat and tells them again.
        config: { repeats: 'none' },
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'File all matters of a talk for the one who calls',
          description: 'With `Idempotency-Key` a repeat gets the same numbers and query codes',
          body: filingBody,
          response: {
            200: z.object({
              cases: z.array(z.object({ id: z.string(), version: z.number(), card: caseCardSchema })),
            }),
            '4xx': errorBody,
          },
        },
      },
      async request =>
        parts.file(await scope.account(request), request.body, {
          key: idempotencyKeyOf(request),
          locale: localeOfHeader(request.headers['accept-language']),
        }),
    )
  }
}
