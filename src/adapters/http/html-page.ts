import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'

/** Markup that is safe to put into a page as it is. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Piece = string | number | Markup | readonly Markup[]

/** Markup from a template; everything filled in is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  const filled = pieces.map(piece => {
    if (piece instanceof Markup) return piece.text
    if (typeof piece === 'object') return piece.map(each => each.text).join('')
    return escapeHtml(String(piece))
  })
  return new Markup(String.raw({ raw: strings }, ...filled))
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
}

export interface Page {
  language: string
  title: string
  /** The page's whole style; nothing else may style it. */
  style: string
  body: Markup
}

/** A page of one piece, without scripts: its style is named by hash, so that nothing can be slipped in. */
export function sendPage(reply: FastifyReply, { language, title, style, body }: Page): FastifyReply {
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  const page = html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><style>${new Markup(style)}</style></head>
<body>${body}</body></html>`
  return reply
    .header('content-security-policy', policy.join('; '))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.text)
}
