import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { CallNews, CallTrail } from '../../usecases/phone-call-ports.ts'

/** About so much is kept of each call, and so long after its last news. */
const MOST_NEWS = 500
const KEEP_SECONDS = 900
const PAGE = 200

const spoken = {
  utteranceId: z.string(),
  revision: z.number(),
  role: z.enum(['resident', 'agent']),
  text: z.string(),
  beginMs: z.number(),
  endMs: z.number(),
  confidence: z.number().nullable(),
}
const newsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('partial'), utterance: z.object(spoken) }),
  z.object({ kind: z.literal('final'), utterance: z.object({ ...spoken, position: z.number() }) }),
  z.object({ kind: z.literal('call') }),
])

/** The trail of calls over all instances: a Redis stream each. A cursor is the id of the last entry that was read. */
export class RedisCallTrail implements CallTrail {
  readonly #client: Redis

  constructor(client: Redis) {
    this.#client = client
  }

  async add(callId: string, news: readonly CallNews[]): Promise<void> {
    const key = keyOf(callId)
    const pipeline = this.#client.pipeline()
    for (const each of news) pipeline.xadd(key, 'MAXLEN', '~', MOST_NEWS, '*', 'news', JSON.stringify(each))
    pipeline.expire(key, KEEP_SECONDS)
    await pipeline.exec().catch(() => {
      // Best effort: the client has said that Redis is away.
    })
  }

  async after(callId: string, cursor: string | null) {
    const news: CallNews[] = []
    let last = cursor
    try {
      for (let isMore = true; isMore; ) {
        const start = last === null ? '-' : `(${last}`
        const entries = await this.#client.xrange(keyOf(callId), start, '+', 'COUNT', PAGE)
        news.push(...entries.flatMap(([, [, text]]) => readNews(text)))
        last = entries.at(-1)?.[0] ?? last
        isMore = entries.length === PAGE
      }
      return { news, cursor: last }
    } catch {
      return null
    }
  }
}

function keyOf(callId: string): string {
  return `yihao:call:${callId}`
}

/** What an instance of another version wrote may be unknown here. */
function readNews(text: string | undefined): CallNews[] {
  const parsed = newsSchema.safeParse(JSON.parse(text ?? 'null'))
  return parsed.success ? [parsed.data] : []
}
