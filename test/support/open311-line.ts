import { localeOfHeader, localeOfTag } from '../../src/adapters/http/match-locale.ts'
import { createRateLimiter, type RateRules } from '../../src/adapters/http/rate-limiter.ts'
import { writeUnread } from '../../src/adapters/open311/error-answers.ts'
import { open311, PREFIX } from '../../src/adapters/open311/open311.ts'
import type { Open311Options } from '../../src/adapters/open311/open311-options.ts'
import { publicRequests } from '../../src/usecases/public-requests.ts'
import { type RunningLine, startLine } from '../http/start-line.ts'
import type { TestLine } from './test-line.ts'

/** Keys of two programs. */
export const KEYS = { app: 'the-key-of-the-app-1234', other: 'the-key-of-another-5678' } as const

/** The real line behind the real server, reached by Open311. */
export async function startOpen311(
  line: TestLine,
  changes: { rules?: Partial<RateRules>; options?: Partial<Open311Options> } = {},
): Promise<RunningLine> {
  const limiter = createRateLimiter({ clock: line.clock, ...(changes.rules ? { rules: changes.rules } : {}) })
  const options: Open311Options = {
    line: publicRequests(line),
    clients: Object.entries(KEYS).map(([name, key]) => ({ name, key })),
    publicUrl: null,
    changedAt: line.clock.now(),
    texts: (locale, key, params) => line.content.texts.of(locale, key, params as Record<string, string>),
    localeOf: localeOfTag,
    localeOfHeader,
    limit: limiter.take,
    ...changes.options,
  }
  return startLine({
    clock: line.clock,
    server: {
      channels: [app => open311(app, options)],
      unreadAnswers: [{ prefix: PREFIX, write: (url, refusal) => writeUnread(url, refusal, options) }],
    },
  })
}
