import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { WANTS, type Wants } from '../../followup/notification-rules.ts'
import type { Locale } from '../../language/understanding.ts'
import type { Texts } from './error-handler.ts'
import { html, PAGE_STYLE, sendPage } from './html-page.ts'
import { localeOfHeader } from './match-locale.ts'
import type { RateLimiter } from './rate-limiter.ts'

export interface NoticeLinkParts {
  texts: Texts
  limiter: RateLimiter
  lineName(locale: Locale): string
  /** @throws AppError `notice-link-not-found` */
  wants(token: string): Promise<Wants>
  setWants(token: string, wants: Wants): Promise<void>
}

const params = z.object({ token: z.string().regex(/^[\w-]{1,64}$/) })
const wish = z.enum(WANTS)

/**
 * `/notices/<token>`: what one wants to be told, by the link in a short message. Looking changes nothing (messengers open links by
 * themselves); a button does.
 */
export function addNoticeLinkRoutes(root: FastifyInstance, parts: NoticeLinkParts): void {
  void root.register(async app => {
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 1024 },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    const typed = app.withTypeProvider<ZodTypeProvider>()
    typed.get(
      '/notices/:token',
      { config: { isPage: true }, schema: { hide: true, params } },
      async (request, reply) => {
        await parts.limiter.take('notice-link-by-address', request.ip)
        const locale = localeOfHeader(request.headers['accept-language'])
        return page(reply, parts, locale, await parts.wants(request.params.token), false)
      },
    )
    typed.post(
      '/notices/:token',
      { config: { isPage: true }, schema: { hide: true, params, body: z.object({ wants: wish }) } },
      async (request, reply) => {
        await parts.limiter.take('notice-link-by-address', request.ip)
        const { wants } = request.body
        await parts.setWants(request.params.token, wants)
        return page(reply, parts, localeOfHeader(request.headers['accept-language']), wants, true)
      },
    )
  })
}

function page(
  reply: FastifyReply,
  { texts, lineName }: NoticeLinkParts,
  locale: Locale,
  wants: Wants,
  isSaved: boolean,
): FastifyReply {
  const line = lineName(locale)
  const buttons = WANTS.map(
    each =>
      html`<button name="wants" value="${each}" ${each === wants ? html`aria-pressed="true"` : ''}>${texts(locale, `notices.wants.${each}`)}</button>`,
  )
  return sendPage(reply, {
    language: locale,
    title: texts(locale, 'notices.title', { line }),
    style: PAGE_STYLE,
    body: html`<main><p>${line}</p><h1>${texts(locale, 'notices.heading')}</h1>
<p role="status">${isSaved ? texts(locale, 'notices.saved') : ''}</p>
<form method="post">${buttons}</form><p>${texts(locale, 'notices.hint')}</p></main>`,
  })
}
