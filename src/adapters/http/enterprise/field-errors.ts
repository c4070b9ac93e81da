import type { FastifyRequest } from 'fastify'
import type { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

/** What can be wrong with a field; the words are `enterprise.field.<code>`. */
export const WRONG = [
  'missing',
  'wrong-type',
  'too-long',
  'out-of-range',
  'not-offered',
  'malformed',
  'not-a-field',
  'unknown',
  'outside',
] as const
export type Wrong = (typeof WRONG)[number]

/** Where in a request a field may stand, in OpenAPI's words. */
export const PLACES = ['body', 'query', 'path', 'header'] as const

export interface FieldError {
  in: (typeof PLACES)[number]
  field: string
  code: Wrong
}

type SchemaError = Extract<Parameters<typeof hasZodFastifySchemaValidationErrors>[0], never> & ZodErrors
interface ZodErrors {
  validation: { keyword: string; instancePath: string; params: object }[]
  validationContext?: string
}

/** Nobody reads more than so many, and names that were sent are not sent back at any length. */
const MOST = 50
const LONGEST_NAME = 100

/** Fastify's words for them. */
const PLACE_OF = { body: 'body', querystring: 'query', params: 'path' } as const

/** What the schemas refuse, field by field. */
export function fieldErrors(error: ZodErrors | SchemaError, request: FastifyRequest): FieldError[] {
  const place = PLACE_OF[(error.validationContext ?? 'body') as keyof typeof PLACE_OF] ?? 'body'
  const whole = { body: request.body, query: request.query, path: request.params }[place]
  const named = (parts: readonly string[]) => parts.join('.').slice(0, LONGEST_NAME) || place
  const all = error.validation.flatMap<FieldError>(({ keyword, instancePath, params }) => {
    const path = instancePath.split('/').filter(Boolean)
    const { keys } = params as { keys?: string[] }
    if (keyword === 'unrecognized_keys' && keys)
      return keys.map(key => ({ in: place, field: named([...path, key]), code: 'not-a-field' as const }))
    const code = codeOf(keyword, params as { origin?: string }, valueAt(whole, path))
    return [{ in: place, field: named(path), code }]
  })
  return all.slice(0, MOST)
}

function codeOf(keyword: string, { origin }: { origin?: string }, value: unknown): Wrong {
  if (value === undefined) return 'missing'
  switch (keyword) {
    case 'invalid_type':
      return 'wrong-type'
    case 'invalid_value':
      return 'not-offered'
    case 'too_big':
      return origin === 'number' || origin === 'int' ? 'out-of-range' : 'too-long'
    case 'too_small':
      return origin === 'number' || origin === 'int' ? 'out-of-range' : 'missing'
    default:
      return 'malformed'
  }
}

function valueAt(whole: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
    whole,
  )
}
