import {
  type ApiDocument,
  answerOf,
  bodyOf,
  type JsonSchema,
  nameOfRef,
  type Operation,
  operationsOf,
} from '../adapters/http/enterprise/json-schema.ts'

/**
 * The typed client of `examples/enterprise-client/`, made from the description of the enterprise API: a type for each schema, a method
 * for each operation. It needs nothing but `fetch`.
 */
export function enterpriseClient(document: ApiDocument): string {
  const schemas = Object.entries(document.components.schemas).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return [
    `${HEAD}\n`,
    ...schemas.map(([name, schema]) => `export interface ${name} ${typeOf(schema, '')}\n`),
    CALLING,
    'export class EnterpriseClient {',
    CONSTRUCTOR,
    ...operationsOf(document).map(method),
    `${CALL}\n}\n`,
  ].join('\n')
}

/** A schema as a type of TypeScript. */
function typeOf(schema: JsonSchema, indent: string): string {
  if (schema.$ref) return nameOfRef(schema.$ref)
  const choices = schema.anyOf ?? schema.allOf
  if (choices) return choices.map(each => typeOf(each, indent)).join(schema.anyOf ? ' | ' : ' & ')
  if (schema.enum) return schema.enum.map(quoted).join(' | ')
  if (schema.const !== undefined) return quoted(schema.const)
  return [schema.type ?? 'unknown']
    .flat()
    .map(type => plainType(type, schema, indent))
    .join(' | ')
}

function plainType(type: string, schema: JsonSchema, indent: string): string {
  if (type === 'integer') return 'number'
  if (type === 'array') {
    const item = typeOf(schema.items ?? {}, indent)
    return /[|&]/.test(item) ? `(${item})[]` : `${item}[]`
  }
  return type === 'object' ? objectType(schema, indent) : type
}

function objectType({ properties = {}, required = [] }: JsonSchema, indent: string): string {
  const inner = `${indent}  `
  const fields = Object.entries(properties).map(([name, field]) => {
    const about = field.description ? `${inner}/** ${field.description} */\n` : ''
    return `${about}${inner}${name}${required.includes(name) ? '' : '?'}: ${typeOf(field, inner)}\n`
  })
  return `{\n${fields.join('')}${indent}}`
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

/** Path parameters first, then the body or the query, then what every call may be told. */
function method({ method, path, operation }: ReturnType<typeof operationsOf>[number]): string {
  const { operationId, summary, parameters = [] } = operation
  const inPath = parameters.filter(each => each.in === 'path').map(({ name }) => `${name}: string`)
  const [sent, argument] = sentBy(operation)
  const answer = answerOf(operation)
  const type = answer ? typeOf(answer.schema, '') : 'void'
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => `\${encodeURIComponent(${name})}`)
  const address = filled === path ? `'${path}'` : `\`${filled}\``
  const signature = [...inPath, ...argument, 'options: CallOptions = {}'].join(', ')
  return `  /** ${summary}. */
  ${operationId}(${signature}): Promise<${type}> {
    return this.#call('${method.toUpperCase()}', ${address}, { ...options${sent} })
  }
`
}

function sentBy(operation: Operation): [sent: string, argument: string[]] {
  const body = bodyOf(operation)
  if (body) return [', body', [`body: ${typeOf(body.schema, '')}`]]
  const query = (operation.parameters ?? []).filter(each => each.in === 'query')
  if (query.length === 0) return ['', []]
  const fields = query.map(({ name, schema }) => `${name}?: ${typeOf(schema, '')}`)
  return [', query', [`query: { ${fields.join('; ')} } = {}`]]
}

const HEAD = `// Made by \`npm run docs\` from the description of the enterprise API; a change by hand is lost.`

const CALLING = `export interface ClientOptions {
  /** e.g. \`https://12345.example.cn\`, with the prefix of a gateway where there is one */
  baseUrl: string
  /** \`yk_…\`, as the administrators of the line gave it. */
  key: string
  /** Language of what is said: \`zh-Hans\`, \`zh-Hant\` or \`en\`. */
  language?: string
  fetch?: typeof fetch
}

/** What every call may be told. */
export interface CallOptions {
  /** The same for each try of one request, which is then done once. */
  idempotencyKey?: string
  signal?: AbortSignal
}

/** A refusal; decide by \`problem.code\`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  /** When to come again; null when that would change nothing. */
  readonly retryAfterSeconds: number | null

  constructor(problem: Problem, retryAfterSeconds: number | null) {
    super(\`\${problem.status} \${problem.code}: \${problem.detail}\`)
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }
}

type Sent = CallOptions & { body?: object; query?: Record<string, string | number | undefined> }
`

const CONSTRUCTOR = `  readonly #options: ClientOptions

  constructor(options: ClientOptions) {
    this.#options = options
  }
`

const CALL = `  /** @throws ProblemError for every refusal */
  async #call<T>(method: string, path: string, { body, query = {}, idempotencyKey, signal }: Sent): Promise<T> {
    const { baseUrl, key, language = 'zh-Hans' } = this.#options
    const url = new URL(baseUrl.replace(/\\/+$/, '') + path)
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
    const answer = await (this.#options.fetch ?? fetch)(url, {
      method,
      headers: {
        authorization: \`Bearer \${key}\`,
        'accept-language': language,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    })
    if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T
    const retryAfter = answer.headers.get('retry-after')
    throw new ProblemError((await answer.json()) as Problem, retryAfter === null ? null : Number(retryAfter))
  }`
