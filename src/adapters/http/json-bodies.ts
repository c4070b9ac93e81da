import type { FastifyInstance } from 'fastify'
import { AppError } from '../../kernel/errors.ts'
import type { RequestProblem } from './whole-text.ts'

/**
 * JSON as the whole server takes it: UTF-8 and nothing else. Bytes that are none (GBK, half a character) would be read as garbage that
 * nobody can mend afterwards, so they are refused: 415 for another charset, 400 for bytes that are no UTF-8. An empty body is none: some
 * clients send the header all the same.
 */
export function takeJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const charset = charsetOf(request.headers['content-type'])
    if (charset !== null && !UTF8.has(charset)) return done(unsupported(charset), undefined)
    const text = textOf(body as Buffer)
    if (text === null) return done(new AppError('body-invalid', { problems: [NO_UTF8] }), undefined)
    if (text === '') return done(null, undefined)
    return parse(request, text, done)
  })
}

const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii'])
const NO_UTF8: RequestProblem = { in: 'body', path: '', message: 'no UTF-8' }

function charsetOf(type = ''): string | null {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1]?.toLowerCase() ?? null
}

function unsupported(charset: string): Error {
  return Object.assign(new Error(`charset ${charset}`), { statusCode: 415 })
}

function textOf(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
