import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LOCALES, type Locale } from '../../../language/understanding.ts'
import { html, type Markup, sendPage } from '../html-page.ts'
import { localeOfTag } from '../match-locale.ts'
import { baseUrl, type EnterpriseParts, localeOf } from './enterprise-parts.ts'
import { DELIVERY, EXAMPLES } from './examples.ts'
import {
  type ApiDocument,
  answerOf,
  bodyOf,
  type JsonSchema,
  nameOfRef,
  type Operation,
  operationsOf,
} from './json-schema.ts'
import { PROBLEMS, type ProblemCode } from './problem-details.ts'

type Say = (key: string, params?: Record<string, unknown>) => string
type Schemas = Record<string, JsonSchema>

/** `/developers`: the description of the enterprise API for people, in their language, without scripts and from nowhere else. */
export function addDevelopersPage(
  root: FastifyInstance,
  documentIn: (request: FastifyRequest, locale: Locale) => ApiDocument,
  parts: EnterpriseParts,
): void {
  root.get(
    '/developers',
    { schema: { hide: true } },
    (request: FastifyRequest<{ Querystring: { locale?: string } }>, reply) => {
      const { locale: asked } = request.query
      const locale = (typeof asked === 'string' && localeOfTag(asked)) || localeOf(request)
      const say: Say = (key, params) => parts.texts(locale, `enterprise.${key}`, params)
      const title = say('page.title', { line: parts.lineName(locale) })
      const document = documentIn(request, locale)
      const body = pageBody(document, { title, say, base: baseUrl(request, parts) })
      return sendPage(reply, { language: locale, title, style: STYLE, body })
    },
  )
}

function pageBody(
  document: ApiDocument,
  { title, say, base }: { title: string; say: Say; base: string },
): Markup {
  const operations = operationsOf(document)
  return html`<main>
<p class="languages">${LOCALES.map(each => html`<a href="/developers?locale=${each}">${say(`page.in.${each}`)}</a> `)}</p>
<h1>${title}</h1>
<p>${say('page.intro')}</p>
<p><a href="/api/enterprise/v1/openapi.json">openapi.json</a></p>
<nav><ul>${operations.map(({ method, path, operation }) => contentsRow(method, path, operation))}</ul></nav>
<section id="start"><h2>${say('page.start')}</h2><p>${say('page.auth')}</p>
<pre><code>curl ${base}/api/enterprise/v1/cases -H 'Authorization: Bearer yk_…' -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(EXAMPLES.fileCase!.request)}'</code></pre>
<p>${say('page.repeat')}</p><p>${say('page.limits')}</p></section>
${operations.map(each => operationSection(each, document.components.schemas, say))}
<section id="webhooks"><h2>${say('page.webhooks')}</h2><p>${say('page.deliveries')}</p>${sample(DELIVERY)}
<p>${say('page.signature')}</p><pre><code>X-Yihao-Signature: t=1795595400,v1=5f8b…
v1 = hex(HMAC-SHA256(secret, t + "." + body))</code></pre></section>
<section id="problems"><h2>${say('page.problems')}</h2><p>${say('page.problem')}</p>
<table><thead><tr><th>code</th><th>HTTP</th><th>${say('page.meaning')}</th></tr></thead><tbody>
${(Object.keys(PROBLEMS) as ProblemCode[]).map(code => problemRow(code, say))}</tbody></table></section>
</main>`
}

function contentsRow(method: string, path: string, { operationId, summary }: Operation): Markup {
  return html`<li><a href="#${operationId}"><b>${method.toUpperCase()}</b> <code>${path}</code></a> ${summary}</li>`
}

function problemRow(code: ProblemCode, say: Say): Markup {
  const meaning = say(`problem.${code}`, { scope: 'cases:write', allowed: 20 })
  return html`<tr id="${code}"><td><code>${code}</code></td><td>${PROBLEMS[code]}</td><td>${meaning}</td></tr>`
}

function operationSection(
  { method, path, operation }: { method: string; path: string; operation: Operation },
  schemas: Schemas,
  say: Say,
): Markup {
  const { operationId, summary, parameters = [] } = operation
  const body = bodyOf(operation)
  const answer = answerOf(operation)
  const rows = parameters.map(each =>
    fieldRow(each.name, each.schema, each.required === true, each.description, say),
  )
  return html`<section id="${operationId}"><h2>${summary}</h2>
<p class="address"><b>${method.toUpperCase()}</b> <code>${path}</code></p>
${table(say('page.parameters'), rows, say)}
${body ? table(say('page.body'), fieldRows(body.schema, schemas, say), say) : []}
${body ? sample(body.example) : []}
${answer ? html`<h3>${say('page.answer')}</h3>${sample(answer.example)}` : html`<h3>204</h3>`}
${answer ? html`<details><summary>${say('page.fields')}</summary>${table('', fieldRows(answer.schema, schemas, say), say)}</details>` : []}
</section>`
}

function sample(value: unknown): Markup {
  return html`<pre><code>${JSON.stringify(value, null, 2)}</code></pre>`
}

function table(title: string, rows: readonly Markup[], say: Say): Markup | [] {
  if (rows.length === 0) return []
  return html`<h3>${title}</h3><table><thead><tr><th>${say('page.field')}</th><th>${say('page.type')}</th><th>${say('page.meaning')}</th></tr></thead>
<tbody>${rows}</tbody></table>`
}

/** The fields of an object, and of the objects in it, each by its whole name. */
function fieldRows(schema: JsonSchema, schemas: Schemas, say: Say, above = ''): Markup[] {
  const { properties = {}, required = [] } = resolve(schema, schemas)
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = above + name
    const inner = resolve(field.items ?? field, schemas)
    const below = inner.properties ? fieldRows(inner, schemas, say, `${path}${field.items ? '[]' : ''}.`) : []
    return [
      fieldRow(path, resolve(field, schemas), required.includes(name), field.description, say),
      ...below,
    ]
  })
}

function fieldRow(name: string, schema: JsonSchema, isRequired: boolean, about = '', say: Say): Markup {
  const must = isRequired ? html` <em>${say('page.required')}</em>` : html``
  return html`<tr><td><code>${name}</code>${must}</td><td>${typeOf(schema)}</td><td>${about || (schema.description ?? '')}</td></tr>`
}

/** A schema itself, also behind a reference, or beside null. */
function resolve(schema: JsonSchema, schemas: Schemas): JsonSchema {
  if (schema.$ref) return resolve(schemas[nameOfRef(schema.$ref)]!, schemas)
  const [only] = [...(schema.anyOf ?? []), ...(schema.allOf ?? [])].filter(each => each.type !== 'null')
  return only ? { ...schema, anyOf: [], allOf: [], ...resolve(only, schemas) } : schema
}

function typeOf({ type = [], enum: values, format, items, maxLength }: JsonSchema): string {
  if (values) return values.join(' | ')
  if (items) return `${typeOf(items) || 'object'}[]`
  const limit = maxLength === undefined ? '' : ` ≤ ${maxLength}`
  const named = [type].flat().filter(each => each !== 'null')
  return (format ?? named.join(' | ')) + limit
}

const STYLE = `
body { font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: #1d2129; background: #fff; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
.languages { text-align: right; }
nav ul { list-style: none; padding: 0; }
section { border-top: 1px solid #dcdfe6; margin-top: 2rem; }
code, pre { font: .875rem/1.5 ui-monospace, Consolas, monospace; overflow-wrap: anywhere; }
pre { background: #f5f7fa; padding: .75rem; overflow-x: auto; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { border: 1px solid #dcdfe6; padding: .3rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
em { color: #a61b1b; font-style: normal; font-size: .8rem; }
a { color: #0b5cad; }
@media (prefers-color-scheme: dark) {
  body { background: #17191c; color: #e5e6e8; } pre { background: #22252a; } a { color: #7ab8ff; } em { color: #ff9a9a; }
  section, th, td { border-color: #3a3f47; }
}
`
