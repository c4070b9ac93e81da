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

/** For pages that are read and tapped on a phone, light and dark; the colours are those of the resident's pages. */
export const PAGE_STYLE = `:root{color-scheme:light dark;--ground:#f3f5f4;--surface:#fff;--ink:#17252a;--line:#7d8f92;--brand:#0b5a68;--chosen:#e0f0f0;--focus:#b3560b}
@media (prefers-color-scheme:dark){:root{--ground:#0f1719;--surface:#1a2528;--ink:#eef4f3;--line:#7e9599;--brand:#7fd0d6;--chosen:#1d3c41;--focus:#ffb86b}}
*{box-sizing:border-box}
body{margin:0;font:17px/1.7 system-ui,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:var(--ink);background:var(--ground)}
main{max-width:30rem;margin:0 auto;padding:2rem 1.2rem;overflow-wrap:anywhere}
h1{font-size:1.4rem;line-height:1.4;margin:.2rem 0 1rem}
a{color:var(--brand)}
button{display:block;width:100%;min-height:3.2rem;margin:.6rem 0;padding:.5rem 1rem;font:inherit;text-align:left;border:2px solid var(--line);border-radius:.7rem;background:var(--surface);color:inherit}
button[aria-pressed=true]{border-color:var(--brand);background:var(--chosen);font-weight:700}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
[role=status]{min-height:1.7em;color:var(--brand);font-weight:700}
`

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
