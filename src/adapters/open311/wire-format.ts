import type { FastifyReply, FastifyRequest } from 'fastify'
import { cleanText } from '../../kernel/clean-text.ts'
import { type Tree, writeXml } from './write-xml.ts'

export const FORMATS = ['xml', 'json'] as const
export type Format = (typeof FORMATS)[number]

export const MEDIA_TYPE: Readonly<Record<Format, string>> = {
  xml: 'text/xml; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

/** The format that the address ends with; else what is accepted; else the protocol's own, XML. */
export function formatOf(request: Pick<FastifyRequest, 'url' | 'headers'>): Format {
  const [path = ''] = request.url.split('?')
  const ending = FORMATS.find(format => path.endsWith(`.${format}`))
  return ending ?? (request.headers.accept?.includes('json') ? 'json' : 'xml')
}

/** An id as it stands in an address, without the format behind it. */
export function withoutFormat(name: string): string {
  return cleanText(name).replace(/\.(?:xml|json)$/, '')
}

/** The answer as it is written; what is sent often is written once. */
export function write(format: Format, root: string, tree: Tree): string {
  return format === 'xml' ? writeXml(root, tree) : JSON.stringify(tree)
}

/** Answers in the format that was asked for. `root` is what XML calls the whole. */
export function answer(request: FastifyRequest, reply: FastifyReply, root: string, tree: Tree): FastifyReply {
  const format = formatOf(request)
  return send(reply, format, write(format, root, tree))
}

export function send(reply: FastifyReply, format: Format, text: string): FastifyReply {
  return reply.type(MEDIA_TYPE[format]).send(text)
}
