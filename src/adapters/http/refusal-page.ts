import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Locale } from '../../language/understanding.ts'
import { html, PAGE_STYLE, sendPage } from './html-page.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** People open it in a browser: what is refused here is told on a page, not as JSON. */
    isPage?: boolean
  }
}

/** Whom a page names for what it cannot do itself. */
export interface LineFacts {
  lineName: Readonly<Record<Locale, string>>
  phone: string
}

/** Statuses with words of their own: what is said in a conversation ("send it again") would be odd on a page. */
const WORDS: Readonly<Record<number, string>> = {
  400: 'refusal.text.400',
  413: 'refusal.text.400',
  503: 'refusal.text.503',
}
const HEADINGS: Readonly<Record<number, string>> = {
  404: 'refusal.heading.404',
  429: 'refusal.heading.429',
  500: 'refusal.heading.500',
  503: 'refusal.heading.500',
}

/**
 * Is it a person who looks, and not a program? Only where pages are, or where nothing is: some programs say by default that they
 * take HTML.
 */
export function wantsPage(request: FastifyRequest): boolean {
  const { headers, is404, routeOptions } = request
  const isPlaceForPeople = is404 || routeOptions.url === undefined || routeOptions.config.isPage === true
  return isPlaceForPeople && (headers.accept ?? '').includes('text/html')
}

/** A refusal in words, with the line's number. `message` is the text of the code. */
export function sendRefusalPage(
  reply: FastifyReply,
  {
    text,
    facts,
    locale,
  }: { text: (key: string, params?: Record<string, unknown>) => string; facts: LineFacts; locale: Locale },
  refusal: { status: number; message: string },
): FastifyReply {
  const { status, message } = refusal
  const line = facts.lineName[locale]
  const heading = text(HEADINGS[status] ?? 'refusal.heading.other')
  const words = WORDS[status] ? text(WORDS[status]) : message
  return sendPage(reply.code(status), {
    language: locale,
    title: `${heading} · ${line}`,
    style: PAGE_STYLE,
    body: html`<main><p>${line}</p><h1>${heading}</h1><p role="alert">${words}</p>
<p><a href="tel:${facts.phone}">${text('refusal.call', { phone: facts.phone })}</a></p></main>`,
  })
}
