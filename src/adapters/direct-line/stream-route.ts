import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/errors.ts'
import { baseUrl, checkOrigin } from './authority.ts'
import { ConversationStream, type Socket } from './conversation-stream.ts'
import { findConversation, renderEntries } from './conversations.ts'
import type { DirectLineOptions } from './direct-line-options.ts'
import { type Claims, readToken } from './signed-token.ts'
import type { StreamHub } from './stream-hub.ts'
import { parseWatermark } from './watermark.ts'

type StreamRequest = FastifyRequest<{
  Params: { id: string }
  Querystring: { t?: string; watermark?: string }
}>

/** The socket. Everything is checked before the upgrade, so that a refusal is a plain HTTP status. */
export function addStreamRoute(app: FastifyInstance, options: DirectLineOptions, hub: StreamHub): void {
  const admitted = new WeakMap<object, { claims: Claims; watermark: number }>()

  const admit = async (request: StreamRequest, _reply: FastifyReply) => {
    const { t, watermark } = request.query
    if (!t) throw new AppError('token-missing')
    const claims = readToken(t, 'stream', options.signingKey, options.clock.now())
    if (claims.conv !== request.params.id) throw new AppError('token-invalid')
    checkOrigin(request, claims, options)
    const from = parseWatermark(watermark)
    if (!(await findConversation(claims.conv, options))) throw new AppError('conversation-not-found')
    admitted.set(request, { claims, watermark: from })
  }

  app.get(
    '/conversations/:id/stream',
    { websocket: true, preValidation: admit, schema: { hide: true } },
    (socket: unknown, request: StreamRequest) => {
      const { claims, watermark } = admitted.get(request)!
      const base = baseUrl(request, options)
      const stream = new ConversationStream({
        conversationId: claims.conv,
        watermark,
        socket: socket as Socket,
        store: options.store,
        render: entries => renderEntries(entries, claims, base, options),
      })
      options.onSocket?.(1)
      ;(socket as Socket).on('close', () => {
        hub.remove(stream)
        options.onSocket?.(-1)
      })
      hub.add(stream)
    },
  )
}
