import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/errors.ts'
import { isSame } from '../../kernel/same-secret.ts'
import { receiveActivity } from './activity-routes.ts'
import { contentTypeOf, extensionOf } from './attachments.ts'
import { authorityOver } from './authority.ts'
import type { DirectLineOptions } from './direct-line-options.ts'
import { parseActivity, type WireActivity } from './inbound-activity.ts'
import { signName } from './signed-token.ts'
import type { StreamHub } from './stream-hub.ts'

/** Most files of one message, and most bytes of each. */
export const MAX_FILES = 5
export const MAX_FILE_BYTES = 10 * 1024 * 1024

type UploadRequest = FastifyRequest<{ Params: { id: string }; Querystring: { watermark?: string } }>
type FileRequest = FastifyRequest<{ Params: { id: string; name: string }; Querystring: { s?: string } }>

/** Files with a message, and the way back to them. */
export function addUploadRoutes(app: FastifyInstance, options: DirectLineOptions, hub: StreamHub): void {
  app.post(
    '/conversations/:id/upload',
    { bodyLimit: MAX_FILES * MAX_FILE_BYTES, schema: { summary: 'Say something with files' } },
    async (request: UploadRequest) => {
      authorityOver(request.params.id, request, options)
      await options.limit('turn-by-conversation', request.params.id)
      const { activity, files } = request.isMultipart() ? await readParts(request) : readSingle(request)
      if (files.length === 0) throw new AppError('upload-refused', { because: 'no-file' })
      if (files.length > MAX_FILES) throw tooMany()
      const extensions = await Promise.all(files.map(extensionOf))
      const names = await Promise.all(
        files.map((bytes, index) => options.uploads.save(bytes, extensions[index]!)),
      )
      return receiveActivity(activity, names, request, options, hub)
    },
  )

  app.get(
    '/conversations/:id/attachments/:name',
    { schema: { hide: true } },
    async (request: FileRequest, reply: FastifyReply) => {
      const { id, name } = request.params
      if (!isSame(request.query.s ?? '', signName(id, name, options.signingKey)))
        throw new AppError('token-invalid')
      const bytes = await options.uploads.read(name)
      if (!bytes) throw new AppError('route-not-found')
      reply.headers({
        'content-type': contentTypeOf(name),
        'content-disposition': `attachment; filename="${name}"`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': 'private, max-age=86400, immutable',
      })
      return reply.send(Buffer.from(bytes))
    },
  )
}

interface Upload {
  activity: WireActivity
  files: Uint8Array[]
}

async function readParts(request: UploadRequest): Promise<Upload> {
  try {
    return await collectParts(request)
  } catch (cause) {
    const { code } = cause as { code?: string }
    if (code === 'FST_REQ_FILE_TOO_LARGE') throw tooLarge()
    throw code === 'FST_FILES_LIMIT' || code === 'FST_PARTS_LIMIT' ? tooMany() : cause
  }
}

function tooLarge(): AppError {
  return new AppError('upload-refused', { because: 'too-large', max: MAX_FILE_BYTES })
}

function tooMany(): AppError {
  return new AppError('upload-refused', { because: 'too-many', max: MAX_FILES })
}

async function collectParts(request: UploadRequest): Promise<Upload> {
  let activity: unknown = { type: 'message' }
  const files: Uint8Array[] = []
  for await (const part of request.parts()) {
    const isActivity = part.fieldname === 'activity'
    if (part.type === 'field') {
      if (isActivity) activity = parseJson(String(part.value))
      continue
    }
    const bytes = await part.toBuffer()
    if (isActivity || part.mimetype === 'application/vnd.microsoft.activity')
      activity = parseJson(bytes.toString())
    else files.push(bytes)
  }
  return { activity: parseActivity(activity, request.params.id), files }
}

/** One bare file as the body, its type in the header. */
function readSingle(request: UploadRequest): Upload {
  if (!(request.body instanceof Uint8Array)) throw new AppError('upload-refused', { because: 'no-file' })
  if (request.body.length > MAX_FILE_BYTES) throw tooLarge()
  return { activity: parseActivity({ type: 'message' }, request.params.id), files: [request.body] }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError('body-invalid')
  }
}
