import { appendFile } from 'node:fs/promises'
import type { Logger } from '../../kernel/logger.ts'
import type { SmsGateway } from '../../usecases/notice-ports.ts'

/**
 * For development: nothing is sent. The log says that a message would have gone out, never to whom or what; both go into a file, a
 * JSON line each, when one is named.
 */
export function createLogSmsGateway({
  logger,
  file,
}: {
  logger: Pick<Logger, 'info'>
  file: string | null
}): SmsGateway {
  return {
    async send({ to, text, key, of }) {
      logger.info({ text: of.key, characters: [...text].length }, 'a short message would have gone out')
      // Only its owner may read who was told what.
      if (file) await appendFile(file, `${JSON.stringify({ to, text, key })}\n`, { mode: 0o600 })
      return 'sent'
    },
  }
}
