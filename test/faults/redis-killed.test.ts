import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { freePort } from '../../src/cli/spawned-line.ts'
import { call } from '../http/start-line.ts'
import { urlOf } from '../support/database-server.ts'
import { type RunningLine, runLine } from '../support/running-line.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'
import { deskHeaders, fileLamp, readiness, SPEAKING } from './talk.ts'

const WAIT = { timeout: 20_000, interval: 200 }
const hasRedis = spawnSync('redis-server', ['--version']).status === 0

describe.runIf(hasRedis)('two instances whose Redis is killed', () => {
  let folder: string
  let port: number
  let redis: ChildProcess
  let opened: TestStore
  let one: RunningLine
  let other: RunningLine
  let desk: Record<string, string>
  const leave = new AbortController()
  let heard = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yihao-redis-'))
    port = await freePort()
    redis = await startRedis(port, folder)
    opened = await createTestStore()
    const shared = {
      ...SPEAKING,
      DATABASE_URL: urlOf(opened.connection),
      REDIS_URL: `redis://127.0.0.1:${port}`,
      DATA_KEY: Buffer.alloc(32, 7).toString('base64'),
    }
    one = await runLine(shared)
    other = await runLine(shared)
    desk = await deskHeaders(other.url, await one.administrator())
    // Ended by `leave`.
    listen(`${other.url}/api/desk/events`).catch(() => undefined)
  })
  afterAll(async () => {
    leave.abort()
    await Promise.all([one?.remove(), other?.remove()])
    await stopRedis(redis)
    await opened?.drop()
    await rm(folder, { recursive: true, force: true })
  })

  const listen = async (url: string) => {
    const response = await fetch(url, { headers: desk, signal: leave.signal })
    for await (const chunk of response.body!) heard += Buffer.from(chunk).toString()
  }
  /** Files at one instance until a desk at the other has heard of it. */
  const expectNews = async () => {
    const before = heard.length
    await vi.waitFor(async () => {
      await fileLamp(one.url)
      expect(heard.slice(before)).toContain('event: case')
    }, WAIT)
  }

  test('both go on without it, lose nothing, and hear each other when it is back', async () => {
    await expectNews()
    await stopRedis(redis)
    const numbers = [await fileLamp(one.url), await fileLamp(other.url), await fileLamp(one.url)]
    for (const number of numbers) {
      const body = { search: number }
      const found = await call(other.url, '/api/desk/cases/search', { body, headers: desk })
      expect(found.json.rows.map((row: { number: string }) => row.number)).toEqual([number])
    }
    for (const { url } of [one, other]) expect((await readiness(url)).status).toBe(200)
    redis = await startRedis(port, folder)
    await expectNews()
  })
})

async function startRedis(port: number, folder: string): Promise<ChildProcess> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder]
  const child = spawn('redis-server', settings, { stdio: 'ignore' })
  await vi.waitFor(async () => {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
    } finally {
      socket.destroy()
    }
  }, WAIT)
  return child
}

async function stopRedis(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
