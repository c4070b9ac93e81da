import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../../../kernel/clock.ts'
import type { Locale } from '../../../language/understanding.ts'
import type {
  EnterpriseApplication,
  EnterpriseApplicationWanted,
} from '../../../usecases/enterprise-applications.ts'
import type { EnterpriseCase, EnterpriseCaseWithHistory } from '../../../usecases/enterprise-case.ts'
import type { CaseName, EnterpriseAction, EnterpriseQuery } from '../../../usecases/enterprise-cases.ts'
import type { EnterpriseSubmission, FiledEnterpriseCase } from '../../../usecases/file-enterprise-case.ts'
import type { EnterpriseCaller, EnterpriseScope } from '../../../usecases/manage-keys.ts'
import type { Webhook } from '../../../usecases/notice-ports.ts'
import type { AnswerStore, Page } from '../../../usecases/ports.ts'
import type { Texts } from '../error-handler.ts'
import type { Keep } from '../kept-answers.ts'
import { localeOfHeader } from '../match-locale.ts'
import type { RateLimiter } from '../rate-limiter.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key of an enterprise must allow here. */
    enterpriseScope?: EnterpriseScope
  }
  interface FastifyRequest {
    /** Whose key came along; set on every route that needs one. */
    enterprise: EnterpriseCaller | null
  }
}

/** What is done with applications. */
export interface ApplicationParts {
  /** @throws AppError `upload-refused` */
  saveFile(bytes: Uint8Array): Promise<string>
  apply(
    caller: EnterpriseCaller,
    wanted: EnterpriseApplicationWanted,
    options: { locale: Locale; keep: Keep<EnterpriseApplication> },
  ): Promise<EnterpriseApplication>
  show(caller: EnterpriseCaller, name: CaseName, locale: Locale): Promise<EnterpriseApplication>
  list(
    caller: EnterpriseCaller,
    page: { limit: number; cursor: string | null },
    locale: Locale,
  ): Promise<Page<EnterpriseApplication>>
}

/** The use cases of the enterprise API, bound to the line, and what its edge is made of. */
export interface EnterpriseParts {
  answers: AnswerStore
  clock: Clock
  limiter: RateLimiter
  texts: Texts
  /** Address under which programs reach us; null: as each request names it. */
  publicUrl: string | null
  /** Name of the line, for the page. */
  lineName(locale: Locale): string
  /** Told of every refusal, for the metrics. */
  onRefusal(code: string, status: number): void
  /** @throws AppError `token-invalid` */
  callerOf(secret: string): Promise<EnterpriseCaller>
  file(
    caller: EnterpriseCaller,
    submission: EnterpriseSubmission,
    options: { locale: Locale; keep: Keep<FiledEnterpriseCase> },
  ): Promise<FiledEnterpriseCase>
  show(caller: EnterpriseCaller, name: CaseName, locale: Locale): Promise<EnterpriseCaseWithHistory>
  list(caller: EnterpriseCaller, query: EnterpriseQuery, locale: Locale): Promise<Page<EnterpriseCase>>
  act(
    caller: EnterpriseCaller,
    action: EnterpriseAction & { number: string },
    options: { locale: Locale; keep: Keep<EnterpriseCaseWithHistory> },
  ): Promise<EnterpriseCaseWithHistory>
  applications: ApplicationParts
  subjects(locale: Locale): { id: string; name: string }[]
  listWebhooks(caller: EnterpriseCaller): Promise<Webhook[]>
  addWebhook(
    caller: EnterpriseCaller,
    wanted: { url: string; events: string[] },
  ): Promise<{ webhook: Webhook; secret: string }>
  removeWebhook(caller: EnterpriseCaller, id: string): Promise<void>
}

/** A file of routes of the enterprise API. */
export type EnterpriseRoutes = (scope: FastifyInstance, parts: EnterpriseParts) => void

export const tags = ['enterprise']

/** Whose request it is. */
export function callerOf({ enterprise }: FastifyRequest): EnterpriseCaller {
  if (!enterprise) throw new Error('a route of the enterprise API without its scope')
  return enterprise
}

export function localeOf({ headers }: Pick<FastifyRequest, 'headers'>): Locale {
  return localeOfHeader(headers['accept-language'])
}

/** Without an ending slash. */
export function baseUrl(request: FastifyRequest, { publicUrl }: Pick<EnterpriseParts, 'publicUrl'>): string {
  return publicUrl?.replace(/\/+$/, '') ?? `${request.protocol}://${request.host}`
}
