import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { WebhookSender } from '../../usecases/notice-ports.ts'
import { createAddressGuard } from './address-guard.ts'
import { checkAddress, isUnknownName, postJson } from './post-json.ts'
import { SIGNATURE_HEADER, signatureOf } from './signature.ts'

const TIMEOUT_MS = 10_000

/**
 * Posts events to systems of departments and enterprises, signed. The id goes along as `Idempotency-Key`, the same at each try: a receiver that
 * remembers it takes an event in once.
 */
export function createWebhookSender(options: {
  clock: Clock
  /** Inner networks in which receivers may be, also by plain HTTP. */
  networks: readonly string[]
  timeoutMs?: number
}): WebhookSender {
  const guard = createAddressGuard(options.networks)
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  return {
    async check(url) {
      await checkAddress(url, guard).catch(error => {
        const { host } = new URL(url)
        throw isUnknownName(error)
          ? new AppError('webhook-host-unknown', { host }, { cause: error })
          : new AppError('webhook-address-refused', {}, { cause: error })
      })
    },
    async send({ url, secret, id, body }) {
      const headers = {
        [SIGNATURE_HEADER]: signatureOf(secret, body, options.clock.now()),
        'idempotency-key': id,
      }
      await postJson({ url, body, headers, timeoutMs, guard })
    },
  }
}
