import { Redis } from 'ioredis'
import type { Logger } from '../../kernel/logger.ts'

/**
 * A client that fails at once instead of hanging when Redis is away (with its defaults a publish to a dead Redis hangs
 * for more than 20 s), and that reconnects for ever.
 */
export function createRedisClient(url: string, logger: Logger): Redis {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 300,
    connectTimeout: 2000,
    retryStrategy: attempt => Math.min(100 * 2 ** attempt, 2000),
  })
  sayTroubleOnce(client, logger)
  return client
}

/** One line when Redis goes and one when it is back, not one for every attempt. */
function sayTroubleOnce(client: Redis, logger: Logger): void {
  let isAway = false
  client.on('error', error => {
    if (!isAway) logger.warn({ err: error }, 'Redis is away: going on without it')
    isAway = true
  })
  client.on('ready', () => {
    if (isAway) logger.info('Redis is back')
    isAway = false
  })
}
