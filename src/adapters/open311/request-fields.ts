import fastifyMultipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/errors.ts'
import { refuseFields } from '../../usecases/refuse-field.ts'
import type { Open311Options } from './open311-options.ts'
import { collect, type Fields, readForm, readJson } from './read-fields.ts'

/** The protocol's longest description is 4,000 characters; escaped in a form each may take nine bytes. */
const BODY_LIMIT = 64 * 1024

/** Bodies as forms, and politely as JSON and multipart; all become the same fields. */
export async function addBodies(scope: FastifyInstance): Promise<void> {
  scope.removeAllContentTypeParsers()
  const options = { parseAs: 'buffer' as const, bodyLimit: BODY_LIMIT }
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    options,
    async (_request: FastifyRequest, body: Buffer) => readForm(body),
  )
  scope.addContentTypeParser('application/json', options, async (_request: FastifyRequest, body: Buffer) =>
    readJson(body),
  )
  await scope.register(fastifyMultipart, {
    limits: { fieldSize: BODY_LIMIT, fields: 100, files: 0, parts: 100 },
  })
}

/** What was posted. @throws AppError `body-invalid` when there is nothing that can be read */
export async function postedFields(request: FastifyRequest): Promise<Fields> {
  if (!request.isMultipart()) return (request.body as Fields | undefined) ?? collect([])
  return collect(await multipartPairs(request))
}

async function multipartPairs(request: FastifyRequest): Promise<[string, string][]> {
  const pairs: [string, string][] = []
  try {
    for await (const part of request.parts()) {
      // Photos are told of by their address; a file in the body would be one that nobody checks.
      if (part.type === 'file') throw refuseFields([{ field: part.fieldname, because: 'unsupported' }])
      if (part.valueTruncated) throw refuseFields([{ field: part.fieldname, because: 'too-large' }])
      pairs.push([part.fieldname, String(part.value)])
    }
    return pairs
  } catch (error) {
    if (error instanceof AppError) throw error
    // The reader's own errors have no status where the body is not what its head says.
    throw refuseFields([{ field: 'body', because: 'malformed' }])
  }
}

/** What stands in the address. */
export function queriedFields(request: FastifyRequest): Fields {
  const query = (request.query ?? {}) as Record<string, string | string[]>
  return collect(
    Object.entries(query).flatMap(([name, value]) => [value].flat().map(each => [name, each] as const)),
  )
}

/** @throws AppError `jurisdiction-not-found` when another place is meant */
export function checkJurisdiction({ named }: Fields, { line }: Pick<Open311Options, 'line'>): void {
  const [asked] = named.get('jurisdiction_id') ?? []
  if (asked !== undefined && !line.jurisdictions.includes(asked)) throw new AppError('jurisdiction-not-found')
}
