/** As much of JSON Schema as the description of the enterprise API is made of. */
export interface JsonSchema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  anyOf?: JsonSchema[]
  allOf?: JsonSchema[]
  format?: string
  default?: unknown
  description?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: JsonSchema
  description?: string
  example?: unknown
}

/** What is sent in one format. */
export interface Media {
  schema: JsonSchema
  example?: unknown
}

export interface Answer {
  description: string
  headers?: Record<string, unknown>
  content?: Record<string, Media>
}

export interface Operation {
  operationId: string
  summary: string
  description?: string
  tags: string[]
  security?: object[]
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Record<string, Media> }
  responses: Record<string, Answer>
}

/** An OpenAPI 3.1 document of which each operation has its examples. */
export interface ApiDocument {
  openapi: string
  info: { title: string; version: string; description?: string }
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
  /** What we post, by its name; of OpenAPI 3.1. */
  webhooks: Record<string, { post: Operation }>
  components: { schemas: Record<string, JsonSchema>; headers?: object; securitySchemes: object }
}

const HERE = '#/components/schemas/'

/** Name of the schema that a reference means. */
export function nameOfRef(reference: string): string {
  return reference.slice(HERE.length)
}

/** Every operation with its method and address, in the order in which they are written. */
export function operationsOf({
  paths,
}: ApiDocument): { method: string; path: string; operation: Operation }[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
}

/** The JSON that an operation takes, and that it answers when all is well. */
export function bodyOf({ requestBody }: Operation): Media | null {
  return requestBody?.content['application/json'] ?? null
}

export function answerOf({ responses }: Operation): Media | null {
  const fine = Object.keys(responses).filter(status => status.startsWith('2'))
  return responses[fine.at(-1) ?? '']?.content?.['application/json'] ?? null
}
