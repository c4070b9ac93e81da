import type {} from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import type { ChatLine } from '../chat/chat-line.ts'
import { hearOnce, requireFresh } from '../chat/fresh-request.ts'
import { readJson } from '../chat/read-json.ts'
import { openSealed, type SealKeys, type SignedRequest, sealAnswer } from '../chat/sealed-request.ts'

const sealedSchema = z.object({ encrypt: z.string().min(1) })
const eventSchema = z.object({ EventType: z.string() })

/**
 * Events of the enterprise. None of them is a turn; they must be answered with a sealed "success", else DingTalk takes the address for
 * dead and switches the subscription off. Source: "事件订阅" of the platform.
 */
export function addEventRoute(
  scope: FastifyInstance,
  path: string,
  { keys, line }: { keys: SealKeys; line: Pick<ChatLine, 'clock' | 'shared'> },
): void {
  scope.post(path, { schema: { hide: true } }, async ({ query, body }: SignedRequest, reply) => {
    const { timestamp = '', nonce = '' } = query
    requireFresh(secondsOf(timestamp), line)
    const outer = readJson(String(body ?? ''), sealedSchema)
    if (!outer) throw new AppError('body-invalid')
    const signed = { ...query, msg_signature: query.msg_signature ?? query.signature }
    const plain = openSealed(outer.encrypt, signed, keys)
    await hearOnce({ channel: 'dingtalk-events', timestamp, nonce, said: plain }, line, async () => {
      if (!readJson(plain, eventSchema)) throw new AppError('body-invalid')
    })
    const at = line.clock.now().getTime()
    const { sealed, signature } = sealAnswer('success', { timestamp: at, nonce }, keys)
    return reply.type('application/json; charset=utf-8').send(
      JSON.stringify({
        msg_signature: signature,
        timeStamp: String(at),
        nonce,
        encrypt: sealed,
      }),
    )
  })
}

/** DingTalk signs milliseconds. */
export function secondsOf(timestamp: string): string {
  return /^\d{13}$/.test(timestamp) ? timestamp.slice(0, 10) : timestamp
}
