import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../../kernel/clock.ts'
import type { Locale } from '../../../language/understanding.ts'
import type { MyCase, MyCaseView } from '../../../usecases/my-case.ts'
import type { CaseKey, FoundBy, Holder, MyAction } from '../../../usecases/my-cases.ts'
import type { AnswerStore } from '../../../usecases/ports.ts'
import type { Keep } from '../kept-answers.ts'
import { localeOfHeader } from '../match-locale.ts'
import type { RateLimiter } from '../rate-limiter.ts'

/** A person's own cases and what they do with them. */
export interface MyCasesParts {
  limiter: RateLimiter
  answers: AnswerStore
  clock: Clock
  publicUrl: string | null
  /** Proving a number by a code; null: there is no way to send one. */
  phones: PhoneParts | null
  /** Whose the chat is that a token of it opens; null for none of ours, or one too old. */
  accountOfToken(token: string): Holder['account']
  proofOfSession(token: string): Promise<Holder['proof']>
  list(holder: Holder, locale: Locale): Promise<(MyCase & { by: FoundBy })[]>
  /** @throws AppError `case-number-invalid`, `query-code-wrong`, `case-not-found` */
  show(key: CaseKey, holder: Holder, locale: Locale): Promise<MyCaseView>
  /** @param options `base`: address under which people reach us. @throws AppError as `show`, `certificate-not-found` */
  certificate(key: CaseKey, holder: Holder, options: { locale: Locale; base: string }): Promise<Uint8Array>
  check(key: CaseKey, holder: Holder): Promise<void>
  act(key: CaseKey, holder: Holder, action: MyAction, keep: Keep<{ number: string }>): Promise<void>
  /** @returns its stored name. @throws AppError `upload-refused` */
  saveFile(bytes: Uint8Array): Promise<string>
  /** Address of a file, for a while. */
  fileAddress(name: string): string
  /** Says that a stored file was sent for a case, so that no other can be named. */
  signFile(number: string, name: string): string
}

export interface PhoneParts {
  /** @throws AppError `phone-invalid` */
  read(text: string): string
  keyOf(phone: string): string
  send(phone: string, locale: Locale): Promise<void>
  open(phone: string, code: string): Promise<{ token: string; until: Date }>
  close(token: string): Promise<void>
}

export const tags = ['my-cases']
export const PHONE_COOKIE = 'yihao_phone'

/** What the browser opens cases by besides query codes. */
export async function holderOf(request: FastifyRequest, parts: MyCasesParts): Promise<Holder> {
  const session = request.cookies[PHONE_COOKIE]
  const [scheme, token] = (request.headers.authorization ?? '').split(/\s+/, 2)
  return {
    proof: session ? await parts.proofOfSession(session) : null,
    account: token && scheme?.toLowerCase() === 'bearer' ? parts.accountOfToken(token) : null,
  }
}

export function localeOf(request: FastifyRequest): Locale {
  return localeOfHeader(request.headers['accept-language'])
}
