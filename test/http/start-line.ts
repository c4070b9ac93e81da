import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { parse } from 'yaml'
import { createBot } from '../../src/adapters/bot/create-bot.ts'
import { directLine } from '../../src/adapters/direct-line/direct-line.ts'
import type { DirectLineOptions } from '../../src/adapters/direct-line/direct-line-options.ts'
import { createDiskUploadStore } from '../../src/adapters/direct-line/disk-upload-store.ts'
import { createServer, type ServerParts } from '../../src/adapters/http/create-server.ts'
import { localeOfTag } from '../../src/adapters/http/match-locale.ts'
import { createMetrics } from '../../src/adapters/http/metrics.ts'
import { createRateLimiter, type RateRules } from '../../src/adapters/http/rate-limiter.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { systemChance } from '../../src/kernel/ids.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { CARD, FakeLine, fakeAccounts, fakeAnswers } from './fake-line.ts'

export const SECRET = 'the-direct-line-secret'
const systemClock: Clock = { now: () => new Date() }

const known = new Set(Object.keys(parse(readFileSync('locales/zh-Hans.yaml', 'utf8'))))

/** Tells which text was asked for. Like the real ones it throws when there is no such text. */
export function texts(locale: string, key: string): string {
  if (!known.has(key)) throw new Error(`no text ${key}`)
  return `${locale}:${key}`
}

export interface RunningLine {
  app: FastifyInstance
  line: FakeLine
  /** `http://127.0.0.1:…` */
  url: string
  /** Everything that was logged. */
  logged: string[]
  stop(): Promise<void>
}

/** The real edges on a real port, with the fake line behind. */
export async function startLine(
  changes: {
    directLine?: Partial<DirectLineOptions>
    server?: Partial<ServerParts>
    desk?: Partial<ServerParts['desk']>
    rules?: Partial<RateRules>
    clock?: Clock
    line?: FakeLine
    port?: number
  } = {},
): Promise<RunningLine> {
  const line = changes.line ?? new FakeLine()
  const clock = changes.clock ?? systemClock
  const logged: string[] = []
  const logger = createLogger({ level: 'debug', destination: { write: text => void logged.push(text) } })
  const uploads = await mkdtemp(join(tmpdir(), 'yihao-uploads-'))
  const metrics = createMetrics(
    async () => ({ open: 3, overdue: 1, warned: 1, byState: { handling: 3 } }),
    async () => 2,
  )
  const limiter = createRateLimiter({ clock, ...(changes.rules ? { rules: changes.rules } : {}) })
  const bot = createBot({
    takeTurn: line.takeTurn,
    texts,
    lineName: () => '8890',
    localeOf: localeOfTag,
    onTurn: metrics.onTurn,
  })
  const options: DirectLineOptions = {
    signingKey: 'signing-key-of-tests',
    secret: SECRET,
    allowedOrigins: [],
    publicUrl: null,
    bot,
    store: line.store,
    openConversation: line.openConversation,
    localeOf: localeOfTag,
    bus: line.bus,
    uploads: createDiskUploadStore(uploads, systemChance),
    limit: limiter.take,
    clock,
    chance: systemChance,
    onSocket: metrics.onSocket,
    ...changes.directLine,
  }
  const localised = (text: string) => ({ 'zh-Hans': text, 'zh-Hant': text, en: text })
  const app = await createServer({
    logger,
    texts,
    metrics,
    limiter,
    checks: {},
    city: {
      id: 'shenfu',
      name: localised('沈抚示范区'),
      lineName: localised('8890'),
      phone: '8890',
      timeZone: 'Asia/Shanghai',
      emergency: { police: '110' },
      notice: null,
      locales: ['zh-Hans', 'zh-Hant', 'en'],
      isSample: true,
    },
    lookUpCase: async ({ number, queryCode }) => {
      if (number !== CARD.number) throw new AppError('case-not-found')
      if (queryCode !== CARD.queryCode) throw new AppError('query-code-wrong')
      const { queryCode: _secret, ...card } = CARD
      return { card, history: [{ at: '2026-11-24T01:00:00.000Z', text: '已受理' }], files: [] }
    },
    desk: {
      accounts: fakeAccounts(),
      factorRoles: [],
      answers: fakeAnswers(),
      bus: line.bus,
      clock,
      accountOfSecret: async () => {
        throw new AppError('token-invalid')
      },
      listCases: async () => ({ rows: [], nextCursor: null }),
      showCase: async () => {
        throw new AppError('case-not-found')
      },
      actOnCase: async () => 2,
      ...changes.desk,
    },
    webRoot: join(uploads, 'no-pages'),
    publicUrl: null,
    trustProxy: false,
    channels: [app => directLine(app, options)],
    ...changes.server,
  })
  const url = await app.listen({ port: changes.port ?? 0, host: '127.0.0.1' })
  const stop = async () => {
    await app.close()
    await rm(uploads, { recursive: true, force: true })
  }
  return { app, line, url, logged, stop }
}

/** Calls the Direct Line interface. */
export async function call(
  url: string,
  path: string,
  options: { token?: string; body?: unknown; method?: string; headers?: Record<string, string> } = {},
) {
  const { token, body, headers } = options
  const response = await fetch(`${url}${path}`, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  // biome-ignore lint/suspicious/noExplicitAny: the wire is untyped
  const json: any = text.startsWith('{') ? JSON.parse(text) : text
  return { status: response.status, json, headers: response.headers }
}

/** A started conversation of a fresh person. */
export async function startConversation(url: string) {
  const minted = await call(url, '/v3/directline/tokens/generate', { token: SECRET, body: {} })
  const started = await call(url, '/v3/directline/conversations', {
    token: minted.json.token,
    body: { locale: 'zh-CN' },
  })
  return {
    id: started.json.conversationId as string,
    token: started.json.token as string,
    streamUrl: started.json.streamUrl as string,
  }
}
