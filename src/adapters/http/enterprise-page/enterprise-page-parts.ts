import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../../kernel/clock.ts'
import type { Locale } from '../../../language/understanding.ts'
import type { EnterpriseCase, EnterpriseCaseWithHistory } from '../../../usecases/enterprise-case.ts'
import type { EnterpriseAction, EnterpriseQuery } from '../../../usecases/enterprise-cases.ts'
import type { EnterprisePage } from '../../../usecases/enterprise-page.ts'
import type { ApiKey, EnterpriseOwner } from '../../../usecases/key-ports.ts'
import type { EnterpriseCaller, MadeKey } from '../../../usecases/manage-keys.ts'
import type { Webhook } from '../../../usecases/notice-ports.ts'
import type { OpenedPage } from '../../../usecases/open-enterprise-page.ts'
import type { AnswerStore, Page, Transaction } from '../../../usecases/ports.ts'
import type { TalkEntry } from '../../../usecases/steward-talk.ts'
import type { Keep } from '../kept-answers.ts'
import { localeOfHeader } from '../match-locale.ts'
import type { PhoneParts } from '../my-cases/my-cases-parts.ts'
import type { RateLimiter } from '../rate-limiter.ts'

/** An enterprise's own page, with its use cases bound. */
export interface EnterprisePageParts {
  limiter: RateLimiter
  answers: AnswerStore
  clock: Clock
  publicUrl: string | null
  /** Sending a code to a number; null: there is no way to send one. */
  phones: Pick<PhoneParts, 'read' | 'keyOf' | 'send'> | null
  /** @throws AppError `token-invalid` */
  openByKey(secret: string): Promise<OpenedPage>
  /** @throws AppError `phone-code-wrong`, `enterprise-not-found` */
  openByPhone(given: { code: string; phone: string; phoneCode: string }): Promise<OpenedPage>
  close(token: string): Promise<void>
  /** @throws AppError `token-missing` */
  callerOf(token: string | undefined): Promise<EnterpriseCaller>
  page(caller: EnterpriseCaller, locale: Locale): Promise<EnterprisePage>
  list(caller: EnterpriseCaller, query: EnterpriseQuery, locale: Locale): Promise<Page<EnterpriseCase>>
  show(caller: EnterpriseCaller, number: string, locale: Locale): Promise<EnterpriseCaseWithHistory>
  act(
    caller: EnterpriseCaller,
    action: EnterpriseAction & { number: string },
    options: { locale: Locale; keep: Keep<EnterpriseCaseWithHistory> },
  ): Promise<EnterpriseCaseWithHistory>
  talk(caller: EnterpriseCaller, after: number): Promise<TalkEntry[]>
  write(
    caller: EnterpriseCaller,
    message: { text: string; locale: Locale },
    keep: (tx: Transaction) => void,
  ): Promise<void>
  setQuiet(caller: EnterpriseCaller, isQuiet: boolean): Promise<void>
  keys(caller: EnterpriseCaller): Promise<ApiKey<EnterpriseOwner>[]>
  rotate(caller: EnterpriseCaller, id: string, graceHours: number): Promise<MadeKey<EnterpriseOwner>>
  revoke(caller: EnterpriseCaller, id: string): Promise<void>
  webhooks(caller: EnterpriseCaller): Promise<Webhook[]>
}

export const tags = ['enterprise-page']
export const PAGE_COOKIE = 'yihao_enterprise'

/** Whose page it is. @throws AppError `token-missing` */
export function callerOf(request: FastifyRequest, parts: EnterprisePageParts): Promise<EnterpriseCaller> {
  return parts.callerOf(request.cookies[PAGE_COOKIE])
}

export function localeOf(request: FastifyRequest): Locale {
  return localeOfHeader(request.headers['accept-language'])
}
