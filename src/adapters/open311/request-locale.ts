import type { FastifyRequest } from 'fastify'
import type { Locale } from '../../language/understanding.ts'
import type { Open311Options } from './open311-options.ts'

/** `?locale=` when we speak it, else what the caller accepts. */
export function localeOf(
  request: FastifyRequest,
  { localeOf, localeOfHeader }: Pick<Open311Options, 'localeOf' | 'localeOfHeader'>,
): Locale {
  const { locale } = (request.query ?? {}) as { locale?: unknown }
  const asked = typeof locale === 'string' ? localeOf(locale) : null
  return asked ?? localeOfHeader(request.headers['accept-language'])
}
