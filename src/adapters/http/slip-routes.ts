import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { formatCaseNumber, isCaseNumber } from '../../cases/case-number.ts'
import { AppError } from '../../kernel/errors.ts'
import { LOCALES, type Locale } from '../../language/understanding.ts'
import type { CaseSlip } from '../../usecases/case-slip.ts'
import type { Account } from '../../usecases/ports.ts'
import { caseQr, qrOf, statusAddress } from './case-qr.ts'
import { byId, type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody, type Texts } from './error-handler.ts'
import { html, Markup, sendPage } from './html-page.ts'
import { localeOfHeader } from './match-locale.ts'

export interface SlipParts {
  texts: Texts
  /** Address under which people reach us, or null to take it from each request. */
  publicUrl: string | null
  slip(account: Account, caseId: string, locale: Locale): Promise<CaseSlip>
  /** What a second code holds, whose scan opens the case in a chat; null when there is no such chat, or it is away. */
  chatCode(number: string): Promise<string | null>
}

/** Slips of one print. */
const MOST_SLIPS = 50
const localeQuery = z.object({ locale: z.enum(LOCALES).optional() })

/** A case on a sheet of A5, to be given to its owner; also several, a sheet each. */
export function slipRoutes(parts: SlipParts): DeskRoutes {
  const bodyOf = async (request: FastifyRequest, slip: CaseSlip, locale: Locale) => {
    const address = baseOf(request, parts.publicUrl)
    const [qr, chatCode] = await Promise.all([caseQr(address, slip.number), parts.chatCode(slip.number)])
    const chatQr = chatCode === null ? null : await qrOf(chatCode)
    return slipBody(slip, { qr, chatQr }, statusAddress(address, ''), (key, params) =>
      parts.texts(locale, key, params),
    )
  }
  return scope => {
    const app = typedApp(scope)
    const readerOf = async (request: FastifyRequest) => ({
      account: await scope.account(request),
      locale:
        (request.query as z.output<typeof localeQuery>).locale ??
        localeOfHeader(request.headers['accept-language']),
    })
    app.get(
      '/cases/:id/slip',
      {
        config: { isPage: true },
        schema: {
          tags,
          summary: 'The case on a printed slip (HTML, A5)',
          params: byId,
          querystring: localeQuery,
          response: { 200: z.string(), '4xx': errorBody },
        },
      },
      async (request, reply) => {
        const { account, locale } = await readerOf(request)
        const slip = await parts.slip(account, request.params.id, locale)
        return sendPage(reply, {
          language: locale,
          title: parts.texts(locale, 'slip.title', { number: formatCaseNumber(slip.number) }),
          style: STYLE,
          body: await bodyOf(request, slip, locale),
        })
      },
    )

    app.get(
      '/slips',
      {
        config: { isPage: true },
        schema: {
          tags,
          summary: 'Several cases, each on a slip of its own (HTML, A5)',
          querystring: localeQuery.extend({
            ids: z
              .string()
              .max(5000)
              .transform(text => text.split(','))
              .pipe(z.array(z.string().min(1).max(120)).max(MOST_SLIPS))
              .meta({ description: `Ids of cases, comma-separated, ${MOST_SLIPS} at most` }),
          }),
          response: { 200: z.string(), '4xx': errorBody },
        },
      },
      async (request, reply) => {
        const { account, locale } = await readerOf(request)
        const bodies: Markup[] = []
        for (const id of request.query.ids)
          bodies.push(await bodyOf(request, await parts.slip(account, id, locale), locale))
        return sendPage(reply, {
          language: locale,
          title: parts.texts(locale, 'slip.title-many', { count: bodies.length }),
          style: STYLE,
          body: html`${bodies}`,
        })
      },
    )
  }
}

/** `POST /api/status/slip`: the QR code of a case for its owner's page. Whoever asks gets back only what they sent. */
export function addStatusSlipRoute(app: FastifyInstance, { publicUrl }: Pick<SlipParts, 'publicUrl'>): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/status/slip',
    {
      schema: {
        tags: ['pages'],
        summary: 'A QR code (SVG) that leads to a case on the status page',
        body: z.object({ number: z.string().max(40) }),
        response: { 200: z.object({ svg: z.string() }), '4xx': errorBody },
      },
    },
    async request => {
      const { number } = request.body
      if (!isCaseNumber(number)) throw new AppError('case-number-invalid')
      return { svg: await caseQr(baseOf(request, publicUrl), number) }
    },
  )
}

function baseOf(request: FastifyRequest, publicUrl: string | null): string {
  return publicUrl ?? `${request.protocol}://${request.host}`
}

function slipBody(
  slip: CaseSlip,
  { qr, chatQr }: { qr: string; chatQr: string | null },
  address: string,
  text: (key: string, params?: Record<string, unknown>) => string,
): Markup {
  const rows = slip.facts.map(({ name, value }) => html`<tr><th>${name}</th><td>${value}</td></tr>`)
  return html`<main><header><p>${slip.lineName}</p><h1>${text('slip.heading')}</h1></header>
<p class="number">${formatCaseNumber(slip.number)}</p>
<table>${rows}</table>
<section><div class="qr">${new Markup(qr)}</div><div><p>${text('slip.scan')}</p>
<p class="address">${address.replace(/#.*$/, '')}</p>
<p class="code">${text('slip.code')}<span></span></p></div></section>
${chatQr === null ? '' : html`<section><div class="qr">${new Markup(chatQr)}</div><p>${text('slip.scan-chat')}</p></section>`}
<footer>${text('slip.call', { phone: slip.phone })}　${text('slip.printed', { at: slip.printedAt, by: slip.printedBy })}</footer></main>`
}

/** Song for what is read, Hei for what is looked for; lines at 1.7 as Chinese print has them. */
const STYLE = `@page{size:A5;margin:12mm}
*{box-sizing:border-box;margin:0;padding:0}
body{font:11pt/1.7 "Songti SC","Noto Serif CJK SC","Source Han Serif SC",SimSun,serif;color:#000;background:#fff}
main + main{break-before:page}
main{max-width:124mm;margin:0 auto;padding:4mm 0}
header{text-align:center;border-bottom:.6mm solid #000;padding-bottom:2mm}
h1,.number,th{font-family:"PingFang SC","Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",sans-serif}
h1{font-size:17pt;letter-spacing:.3em;text-indent:.3em}
.number{font-size:19pt;font-weight:700;text-align:center;letter-spacing:.06em;margin:4mm 0 3mm;white-space:nowrap}
table{width:100%;border-collapse:collapse}
th,td{border:.2mm solid #666;padding:1.4mm 2.4mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{width:7em;font-weight:500;white-space:nowrap;background:#f2f2f2;-webkit-print-color-adjust:exact;print-color-adjust:exact}
section{display:flex;gap:5mm;align-items:center;margin-top:5mm;break-inside:avoid}
.qr{flex:none;width:34mm;height:34mm}.qr svg{width:100%;height:100%;display:block}
.address{font:9pt/1.4 ui-monospace,Consolas,monospace;overflow-wrap:anywhere}
.code{margin-top:2mm;white-space:nowrap}.code span{display:inline-block;width:38mm;height:6mm;border-bottom:.3mm solid #000}
footer{margin-top:5mm;border-top:.2mm solid #666;padding-top:2mm;font-size:9pt;text-align:center}
@media screen and (max-width:560px){.number{font-size:16pt}section{flex-wrap:wrap}th{width:5.5em}}
@media screen{body{background:#e9e9e9}main{background:#fff;padding:12mm;max-width:148mm;margin:6mm auto}}
`
