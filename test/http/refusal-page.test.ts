import { afterEach, describe, expect, test } from 'vitest'
import { addNoticeLinkRoutes } from '../../src/adapters/http/notice-link-routes.ts'
import { createRateLimiter } from '../../src/adapters/http/rate-limiter.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { call, type RunningLine, startLine } from './start-line.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const FORM = 'application/x-www-form-urlencoded'
const clock = { now: () => new Date('2026-11-24T02:00:00Z') }

describe('what is refused at the link of a short message', () => {
  let running: RunningLine
  afterEach(() => running.stop())

  /** Each token is refused as it says. */
  const REFUSALS: Record<string, () => Error> = {
    wrong: () => new AppError('notice-link-not-found'),
    often: () => new AppError('rate-limited', { retryAfterSeconds: 7 }),
    away: () => new AppError('store-unavailable'),
    broken: () => new Error('a bug'),
  }
  async function start() {
    running = await startLine({
      server: {
        routes: [
          app =>
            addNoticeLinkRoutes(app, {
              texts: (locale, key) => `${locale}:${key}`,
              limiter: createRateLimiter({ clock }),
              lineName: () => '8890',
              wants: async token => {
                throw REFUSALS[token]!()
              },
              setWants: async () => {},
            }),
        ],
      },
    })
  }
  const open = (path: string, options: { body?: string; accept?: string; language?: string } = {}) => {
    const { body, accept = BROWSER, language = 'zh-CN' } = options
    return call(running.url, path, {
      ...(body === undefined ? {} : { body }),
      headers: {
        accept,
        'accept-language': language,
        ...(body === undefined ? {} : { 'content-type': FORM }),
      },
    })
  }

  test.each([
    ['/notices/wrong', undefined, 404, 'refusal.heading.404', 'error.notice-link-not-found'],
    ['/notices/wrong/', undefined, 404, 'refusal.heading.404', 'error.route-not-found'],
    ['/notices/often', undefined, 429, 'refusal.heading.429', 'error.rate-limited'],
    ['/notices/away', undefined, 503, 'refusal.heading.500', 'refusal.text.503'],
    ['/notices/broken', undefined, 500, 'refusal.heading.500', 'error.internal'],
    ['/notices/%E4%B8%80', undefined, 400, 'refusal.heading.other', 'refusal.text.400'],
    ['/notices/%zz', undefined, 400, 'refusal.heading.other', 'refusal.text.400'],
    ['/notices/wrong', 'wants=evil', 400, 'refusal.heading.other', 'refusal.text.400'],
    ['/notices/wrong', `x=${'a'.repeat(5000)}`, 413, 'refusal.heading.other', 'refusal.text.400'],
  ])(
    '%s %s is %d on a page in words, with the number to call',
    async (path, body, status, heading, words) => {
      await start()
      const answer = await open(path, body === undefined ? {} : { body })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        status,
        'text/html; charset=utf-8',
      ])
      expect(answer.json).toContain(`<h1>zh-Hans:${heading}</h1>`)
      expect(answer.json).toContain(`<p role="alert">zh-Hans:${words}</p>`)
      expect(answer.json).toContain('href="tel:8890"')
      expect(answer.json).toContain('prefers-color-scheme:dark')
      if (status === 429) expect(answer.headers.get('retry-after')).toBe('7')
    },
  )

  test.each([
    ['zh-TW', 'zh-Hant'],
    ['en-GB', 'en'],
  ])('in the language of the browser: %s', async (language, locale) => {
    await start()
    const { json } = await open('/notices/wrong', { language })
    expect(json).toContain(`<html lang="${locale}">`)
    expect(json).toContain(`${locale}:error.notice-link-not-found`)
  })

  test('programs get JSON, also from interfaces when they say that they take HTML', async () => {
    await start()
    const program = await open('/notices/wrong', { accept: 'application/json' })
    expect(program.json.error.code).toBe('notice-link-not-found')
    const java = await open('/api/desk/me', {
      accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
    })
    expect([java.status, java.json.error.code]).toEqual([401, 'token-missing'])
  })
})
