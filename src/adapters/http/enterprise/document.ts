import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Locale } from '../../../language/understanding.ts'
import type { EnterpriseParts } from './enterprise-parts.ts'
import { DELIVERY, EXAMPLES, SIGNATURE } from './examples.ts'
import {
  type ApiDocument,
  type JsonSchema,
  type Operation,
  operationsOf,
  type Parameter,
} from './json-schema.ts'
import { PROBLEMS, type ProblemCode, sampleProblem } from './problem-details.ts'

declare module 'fastify' {
  interface FastifyInstance {
    enterpriseDocument(): object
  }
}

const SECURITY = 'enterpriseKey'

/** Collects what is said of the routes of this scope; call it before they are added. */
export async function collectDocument(scope: FastifyInstance): Promise<void> {
  await scope.register(fastifySwagger, {
    decorator: 'enterpriseDocument' as never,
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Yihao Enterprise API', version: '1.0.0' },
      components: { securitySchemes: { [SECURITY]: { type: 'http', scheme: 'bearer' } } },
    },
    transform: createJsonSchemaTransform({}),
    transformObject: createJsonSchemaTransformObject({ zodToJsonConfig: { unrepresentable: 'any' } }),
  })
}

type Say = (key: string, params?: Record<string, unknown>) => string

/**
 * The description of the enterprise API in a language: what the routes say of themselves, with an example of each body and answer, every
 * way in which it can be refused, and nothing of other interfaces.
 */
export function enterpriseDocument(
  scope: FastifyInstance,
  { texts, base, locale }: { texts: EnterpriseParts['texts']; base: string; locale: Locale },
): ApiDocument {
  const document = structuredClone(scope.enterpriseDocument()) as ApiDocument
  const say: Say = (key, params) => texts(locale, key, params)
  document.servers = [{ url: base }]
  document.info.description = say('enterprise.page.intro')
  for (const { method, operation } of operationsOf(document)) {
    operation.summary = say(`enterprise.op.${operation.operationId}`)
    if (takesNothing(operation)) delete operation.requestBody
    if (method === 'post') operation.parameters = [...(operation.parameters ?? []), idempotencyKey(say)]
    addExamples(operation)
    addRefusals(operation, method, code => sampleProblem(code, texts, locale))
  }
  document.webhooks = { caseEvent: { post: caseEvent(say) } }
  return withShortNames(document)
}

/** A body that may only be empty is none to whoever reads the description. */
function takesNothing({ requestBody }: Operation): boolean {
  return JSON.stringify(requestBody ?? null).includes('EnterpriseNothing')
}

/** What is posted to whoever has added a webhook. */
function caseEvent(say: Say): Operation {
  const signed = '`t=<seconds>,v1=<hex(HMAC-SHA256(secret, t + "." + body))>`'
  return {
    operationId: 'caseEvent',
    summary: say('enterprise.webhook.case-event'),
    description: say('enterprise.page.deliveries'),
    tags: ['enterprise'],
    parameters: [
      header('X-Yihao-Signature', `${say('enterprise.page.signature')} ${signed}`, SIGNATURE),
      header('Idempotency-Key', say('enterprise.webhook.id'), DELIVERY.id),
    ],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/EnterpriseDelivery' },
          example: DELIVERY,
        },
      },
    },
    responses: { '2XX': { description: say('enterprise.webhook.taken') } },
  }
}

function header(name: string, description: string, example: string): Parameter {
  return { name, in: 'header', required: true, schema: { type: 'string' }, description, example }
}

function idempotencyKey(say: Say) {
  const schema = { type: 'string', maxLength: 200 }
  return {
    name: 'Idempotency-Key',
    in: 'header' as const,
    required: false,
    schema,
    description: say('enterprise.page.idempotency'),
  }
}

/** What tells how much is left, with each answer. */
const RATE_HEADERS = Object.fromEntries(
  ['RateLimit-Policy', 'RateLimit'].map(name => [name, { schema: { type: 'string' } }]),
)

function addExamples(operation: Operation): void {
  const { request, answer } = EXAMPLES[operation.operationId] ?? {}
  const body = operation.requestBody?.content['application/json']
  if (body) body.example = request
  for (const [status, said] of Object.entries(operation.responses)) {
    said.description = status === '201' ? 'Made' : status === '204' ? 'Gone' : 'OK'
    said.headers = RATE_HEADERS
    const media = said.content?.['application/json']
    if (status === '204') delete said.content
    else if (media) media.example = answer
  }
}

const NOT_FOUND: Readonly<Record<string, ProblemCode>> = { removeWebhook: 'webhook-not-found' }
const CONFLICT: Readonly<Record<string, ProblemCode>> = {
  applyForItem: 'external-id-taken',
  fileCase: 'external-id-taken',
  addWebhook: 'webhook-exists',
}

/** What can go wrong with an operation, one sample for each status. */
function refusalsOf({ operationId, parameters = [], requestBody }: Operation, method: string): ProblemCode[] {
  const isNamed = parameters.some(each => each.in === 'path')
  const isPost = method === 'post'
  return [
    ...(requestBody || parameters.length > 0 ? ['body-invalid' as const] : []),
    'token-invalid',
    'scope-missing',
    ...(isNamed ? [NOT_FOUND[operationId] ?? ('case-not-found' as const)] : []),
    ...(isPost ? [CONFLICT[operationId] ?? ('action-not-now' as const)] : []),
    ...(requestBody ? (['message-too-long', 'media-type-unsupported'] as const) : []),
    ...(isPost ? ['idempotency-mismatch' as const] : []),
    'rate-limited',
    'internal',
    'store-unavailable',
  ]
}

function addRefusals(
  operation: Operation,
  method: string,
  sample: (code: ProblemCode) => { title: string },
): void {
  for (const code of refusalsOf(operation, method)) {
    const example = sample(code)
    const schema = { $ref: '#/components/schemas/Problem' }
    operation.responses[PROBLEMS[code]] = {
      description: example.title,
      content: { 'application/problem+json': { schema, example } },
    }
  }
}

/** Names of the schemas that are used from here, also by way of others. */
function reachable(
  from: unknown,
  schemas: Record<string, JsonSchema>,
  known = new Set<string>(),
): Set<string> {
  for (const [, name] of JSON.stringify(from).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (known.has(name!)) continue
    known.add(name!)
    reachable(schemas[name!], schemas, known)
  }
  return known
}

/** Nothing but what is used, so that what is sent and what is answered never want the same name: here all are of the enterprise API. */
function withShortNames(document: ApiDocument): ApiDocument {
  const { schemas } = document.components
  const used = reachable([document.paths, document.webhooks], schemas)
  const kept = Object.entries(schemas).filter(([name]) => used.has(name))
  const whole = { ...document, components: { ...document.components, schemas: Object.fromEntries(kept) } }
  const named = /"(#\/components\/schemas\/)?Enterprise(\w+?)(?:Input)?"/g
  return JSON.parse(JSON.stringify(whole).replaceAll(named, '"$1$2"'))
}
