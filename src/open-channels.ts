import { join } from 'node:path'
import { createBot } from './adapters/bot/create-bot.ts'
import { directLine } from './adapters/direct-line/direct-line.ts'
import { createDiskUploadStore } from './adapters/direct-line/disk-upload-store.ts'
import type { ServerParts } from './adapters/http/create-server.ts'
import type { Texts } from './adapters/http/error-handler.ts'
import { localeOfTag } from './adapters/http/match-locale.ts'
import type { Metrics } from './adapters/http/metrics.ts'
import type { RateLimiter } from './adapters/http/rate-limiter.ts'
import type { Config } from './config.ts'
import type { Line } from './usecases/line.ts'
import { openConversation } from './usecases/open-conversation.ts'
import { takeTurn } from './usecases/take-turn.ts'

/** What channels are made of besides the line. */
export interface ChannelParts {
  config: Config
  /** Folder of what this instance keeps; uploads go there. */
  dataDir: string
  signingKey: Buffer
  texts: Texts
  metrics: Metrics
  limiter: RateLimiter
}

/** Every channel by which people reach the line, each a plugin of the server with its parts bound. */
export function openChannels(line: Line, parts: ChannelParts): ServerParts['channels'] {
  const { config, dataDir, signingKey, texts, metrics, limiter } = parts
  const { store, bus, clock, chance } = line
  const bot = createBot({
    takeTurn: incoming => takeTurn(line, incoming),
    texts,
    lineName: line.names.line,
    localeOf: localeOfTag,
    onTurn: metrics.onTurn,
  })
  const direct: Parameters<typeof directLine>[1] = {
    signingKey: signingKey.toString('base64'),
    secret: config.DIRECT_LINE_SECRET ?? null,
    allowedOrigins: config.ALLOWED_ORIGINS,
    publicUrl: config.PUBLIC_URL ?? null,
    bot,
    store,
    openConversation: opening => openConversation(line, opening),
    localeOf: localeOfTag,
    bus,
    uploads: createDiskUploadStore(join(dataDir, 'uploads'), chance),
    limit: limiter.take,
    clock,
    chance,
    onSocket: metrics.onSocket,
  }
  return [app => directLine(app, direct)]
}
