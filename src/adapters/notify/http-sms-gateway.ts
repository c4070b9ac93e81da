import type { Clock } from '../../kernel/clock.ts'
import type { SmsGateway } from '../../usecases/notice-ports.ts'
import { NotAccepted, postJson } from './post-json.ts'
import { SIGNATURE_HEADER, signatureOf } from './signature.ts'

const TIMEOUT_MS = 10_000

/** Answers that will be the same tomorrow: it is not about the gateway but about this message. */
const NEVER = [400, 404, 410, 422]

/**
 * The provincial or a provider's gateway behind one HTTP address: `POST {to, text, key}`, signed like a webhook. 2xx: taken;
 * 400, 404, 410 and 422: never; anything else is tried again with the same `Idempotency-Key`.
 */
export function createSmsGateway(options: {
  url: string
  key: string
  clock: Clock
  timeoutMs?: number
}): SmsGateway {
  const { url, key: secret, clock, timeoutMs = TIMEOUT_MS } = options
  return {
    async send({ to, text, key }) {
      const body = JSON.stringify({ to, text, key })
      const headers = { [SIGNATURE_HEADER]: signatureOf(secret, body, clock.now()), 'idempotency-key': key }
      try {
        await postJson({ url, body, headers, timeoutMs })
        return 'sent'
      } catch (error) {
        if (error instanceof NotAccepted && NEVER.includes(error.status)) return 'refused'
        throw error
      }
    },
  }
}
