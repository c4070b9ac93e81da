// Brings `summary` and `hide` into route schemas.
import type {} from '@fastify/swagger'
import type { Locale } from '../../language/understanding.ts'
import type { FiledRequest, PublicSubmission } from '../../usecases/file-public-request.ts'
import type { PublicQuery, PublicUpdate } from '../../usecases/list-public-requests.ts'
import type { PublicService, ServiceAttribute } from '../../usecases/public-services.ts'
import type { PublicRequest } from '../../usecases/show-public-case.ts'

/** The line as a program of others sees it. */
export interface PublicLine {
  /** Names by which the place is called in `jurisdiction_id`. */
  jurisdictions: readonly string[]
  /** Whom to ask, and how to get a key. */
  contact(locale: Locale): { contact: string; keyService: string }
  services(locale: Locale): PublicService[]
  /** Undefined for an unknown service. */
  attributes(code: string, locale: Locale): ServiceAttribute[] | undefined
  /** @throws AppError as `filePublicRequest` */
  file(submission: PublicSubmission, locale: Locale): Promise<FiledRequest>
  /** @throws AppError as `listPublicRequests` */
  list(query: PublicQuery, locale: Locale): Promise<PublicRequest[]>
  /** @throws AppError `case-not-found` */
  show(id: string, viewer: { client: string | null; locale: Locale }): Promise<PublicRequest>
  /** @throws AppError as `listPublicUpdates` */
  updates(query: Omit<PublicQuery, 'serviceCodes' | 'status'>, locale: Locale): Promise<PublicUpdate[]>
  /** @throws AppError `case-not-found` */
  resolveToken(token: string): Promise<string>
}

export interface Open311Options {
  line: PublicLine
  /** Programs that may file; none: nobody may, and everybody reads. */
  clients: readonly { name: string; key: string }[]
  /** Address under which people reach us; null: as each request names it. */
  publicUrl: string | null
  /** When the services last changed, in discovery: when this process read its content. */
  changedAt: Date
  texts(locale: Locale, key: string, params?: Record<string, unknown>): string
  localeOf(tag: string): Locale | null
  localeOfHeader(header: string | undefined): Locale
  /** Counts one against a rule. @throws AppError `rate-limited` */
  limit(
    rule:
      | 'open311-read-by-address'
      | 'open311-list-by-address'
      | 'open311-file-by-client'
      | 'open311-wrong-key-by-address',
    key: string,
  ): Promise<void>
  /** Told of every refusal, for the metrics. */
  onRefusal?: (code: string, status: number) => void
}
