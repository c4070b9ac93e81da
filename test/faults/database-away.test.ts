import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { pauseServer } from '../../src/cli/soak-run.ts'
import { call } from '../http/start-line.ts'
import { type RunningLine, runLine } from '../support/running-line.ts'
import { deskHeaders, fileLamp, readiness, SPEAKING, talkWith } from './talk.ts'

const WAIT = { timeout: 30_000, interval: 100 }

describe('while the database is away', () => {
  let line: RunningLine
  let desk: Record<string, string>
  beforeAll(async () => {
    line = await runLine(SPEAKING)
    desk = await deskHeaders(line.url, await line.administrator())
  })
  afterAll(() => line?.remove())

  /** The line lives, says what it cannot do, and takes the same message once all is well again. */
  async function expectClearAnswers(begin: () => Promise<() => Promise<void>>): Promise<void> {
    const talk = await talkWith(line.url)
    const end = await begin()
    try {
      const [refused, list] = await Promise.all([
        talk.say('你好', 'the-same'),
        call(line.url, '/api/desk/cases', { headers: desk }),
      ])
      for (const answer of [refused, list]) {
        expect([answer.status, answer.json.error.code]).toEqual([503, 'store-unavailable'])
        expect(answer.json.error.message).toMatch(/\p{Script=Han}/u)
        expect(answer.headers.get('retry-after')).toBe('2')
      }
      const { status, store } = await readiness(line.url)
      expect(status).toBe(503)
      expect(store).not.toBe('ok')
      expect((await call(line.url, '/healthz')).status).toBe(200)
    } finally {
      await end()
    }
    await vi.waitFor(async () => expect((await readiness(line.url)).status).toBe(200), WAIT)
    const first = await vi.waitFor(async () => {
      const answer = await talk.say('你好', 'the-same')
      expect(answer.status).toBe(200)
      return answer
    }, WAIT)
    const again = await talk.say('你好', 'the-same')
    expect(again.json).toEqual(first.json)
    expect(await fileLamp(line.url)).toMatch(/^\d{12}$/)
    expect((await call(line.url, '/api/desk/cases', { headers: desk })).status).toBe(200)
  }

  test('a paused server: clear answers, and it goes on by itself', async () => {
    await expectClearAnswers(async () => {
      const resume = await pauseServer(line.dataDir)
      return async () => resume()
    })
  })

  test('no connections left: clear answers, and it goes on by itself', async () => {
    const hogs: pg.Client[] = []
    await expectClearAnswers(async () => {
      const connect = async () => {
        const client = new pg.Client({
          host: join(line.dataDir, 'postgres/run'),
          user: 'yihao',
          database: 'yihao',
        })
        client.on('error', () => {})
        await client.connect()
        hogs.push(client)
        return client
      }
      const first = await connect()
      // Whatever the line gives up or loses is taken at once, until it has none and there is none.
      await vi.waitFor(async () => {
        await first.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'yihao%'`,
        )
        while (await connect().catch(() => null));
        const { rows } = await first.query(
          `select from pg_stat_activity where application_name like 'yihao%'`,
        )
        expect(rows).toEqual([])
      }, WAIT)
      return async () => {
        await Promise.all(hogs.map(client => client.end()))
      }
    })
  })
})
