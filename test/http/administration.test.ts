import { readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { MemoryBus } from '../../src/adapters/memory/memory-bus.ts'
import { newId } from '../../src/kernel/ids.ts'
import { SILENT } from '../../src/usecases/channel-pulses.ts'
import { SILENT_MS } from '../../src/usecases/desk-tasks.ts'
import type { BusMessage } from '../../src/usecases/ports.ts'
import { copyContent } from '../support/content-copy.ts'
import { deskClient } from '../support/desk-client.ts'
import { quietLogger } from '../support/quiet-logger.ts'
import { tinyTable } from '../support/tiny-history.ts'
import { accountOf, type Desk, fileOne, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const SLOWLY = 300_000
const FAULTY = 'cities/shenfu/routing.yaml'

describe("the administrator's page", () => {
  const lines = useTestLine()
  /** A copy of the content in which somebody has made a mistake. */
  let copy: Awaited<ReturnType<typeof copyContent>>
  let desk: Desk
  /** Two instances on one store and one bus. */
  let first: WiredDesk
  let second: WiredDesk
  let here: Awaited<ReturnType<typeof deskClient>>
  let there: Awaited<ReturnType<typeof deskClient>>

  beforeAll(async () => {
    copy = await copyContent()
    desk = lines.fresh()
    const bus = new MemoryBus(quietLogger)
    const store = await lines.home().another()
    first = await startWiredDesk({ ...desk.line, bus })
    second = await startWiredDesk({ ...desk.line, bus, store }, undefined, {
      root: copy.root,
      dataDir: first.administration.dataDir,
    })
    for (const each of [first, second]) each.accounts.seat(accountOf('admin'))
    ;[here, there] = [await deskClient(first.url), await deskClient(second.url)]
  }, SLOWLY)
  afterAll(async () => {
    for (const each of [first, second]) {
      await each?.administration.tasks.stop()
      await each?.stop()
    }
    await rm(first.administration.dataDir, { recursive: true, force: true })
    await copy.remove()
  })

  /** Of two at the same instant none is the latest. */
  const later = () => desk.line.clock.advance(1000)
  const latest = async (client: typeof here, kind: string) =>
    (await client.get(`/line/tasks?kind=${kind}`)).json.rows[0]
  const train = (client: typeof here, table = tinyTable()) => {
    later()
    const content = Buffer.from(table).toString('base64')
    return client.post('/line/training', { table: { name: 'history.jsonl', content } })
  }

  describe('training', () => {
    test(
      'is begun on one instance, seen and cancelled on another, and leaves nothing',
      async () => {
        const heard: BusMessage[] = []
        const stop = desk.line.bus.subscribe(message => heard.push(message))
        const begun = await train(here)
        expect(begun.status).toBe(200)
        expect(begun.json).toMatchObject({ state: 'running', by: { login: 'test-admin' } })
        const twice = await train(there)
        expect([twice.status, twice.json.error.code]).toEqual([409, 'task-running'])

        // Its progress is told by the instance that does it, and seen by the other.
        await vi.waitFor(
          async () => {
            await first.administration.tasks.beat()
            expect((await latest(there, 'training')).progress).toMatchObject({ part: 'candidate' })
          },
          { timeout: SLOWLY, interval: 50 },
        )
        expect((await there.post(`/line/tasks/${begun.json.id}/cancel`, {})).status).toBe(200)
        await first.administration.tasks.beat()
        await first.administration.tasks.settled()
        expect(await latest(there, 'training')).toMatchObject({ state: 'cancelled', result: null })
        expect((await here.get('/line/models')).json).toEqual({ versions: [], served: null, chosen: null })
        expect((await here.post(`/line/tasks/${begun.json.id}/cancel`, {})).status).toBe(404)
        stop()
      },
      SLOWLY,
    )

    test(
      'is compared by subject, chosen by a second step, gone back from and thrown away',
      async () => {
        expect((await train(here)).status).toBe(200)
        await first.administration.tasks.settled()
        const { state, result, endedAt } = await latest(there, 'training')
        expect(state).toBe('done')
        expect(endedAt).not.toBeNull()
        expect(result).toMatchObject({ messages: 240, isWorse: false })
        expect(result.after.accuracy).toBeGreaterThan(result.before.accuracy)
        expect(result.subjects[0]).toMatchObject({ subject: 'transport', name: '交通运输' })
        const { version } = result

        const { versions, chosen } = (await there.get('/line/models')).json
        expect(versions).toMatchObject([{ version, story: { by: 'test-admin', messages: 240 } }])
        expect(chosen).toBeNull()
        expect((await there.post('/line/models/chosen', { version })).status).toBe(200)
        expect((await here.get('/line/models')).json.chosen).toBe(version)
        const inUse = await here.remove(`/line/models/${version}`)
        expect([inUse.status, inUse.json.error.code]).toEqual([409, 'model-in-use'])
        expect((await here.post('/line/models/chosen', { version: null })).status).toBe(200)
        expect((await here.remove(`/line/models/${version}`)).status).toBe(200)
        expect((await here.post('/line/models/chosen', { version })).json.error.code).toBe('model-not-found')
      },
      SLOWLY,
    )

    test.each<[string, string, object]>([
      ['too few messages', '{"label":"交通运输","text":"公交"}', { because: 'too-few', messages: 1 }],
      [
        'a label that is no subject',
        '{"label":"水果","text":"苹果"}',
        { because: 'input', text: expect.stringMatching(/^history\.jsonl:1: label "水果" is no subject/) },
      ],
    ])('of %s says so', { timeout: SLOWLY }, async (_, table, refusal) => {
      await train(here, table)
      await first.administration.tasks.settled()
      expect(await latest(here, 'training')).toMatchObject({ state: 'failed', result: refusal })
    })

    test('whose instance was killed is lost after a while, and another may begin', async () => {
      const { store, clock } = desk.line
      const at = new Date(clock.now().getTime() - SILENT_MS - 1)
      const task = {
        id: newId(at, desk.line.chance),
        kind: 'training',
        progress: { part: 'read', done: 0, of: 1 },
        by: { login: 'x', displayName: 'X' },
        startedAt: at,
      } as const
      expect(await store.tasks.begin(task)).toBe(true)
      const rows = (await here.get('/line/tasks?kind=training')).json.rows
      expect(rows.find((each: { id: string }) => each.id === task.id)).toMatchObject({ state: 'lost' })
    })
  })

  test('the audit names what is broken, with its case, on every instance', async () => {
    const { case: filed } = await fileOne(desk)
    expect((await here.post('/line/audit', {})).status).toBe(200)
    await first.administration.tasks.settled()
    expect(await latest(there, 'audit')).toMatchObject({ state: 'done', result: { broken: 0, problems: [] } })

    const raw = new pg.Client(lines.home().connection)
    await raw.connect()
    await raw.query(`update cases set summary = '改过' where id = '${filed.id}'`)
    await raw.end()
    const known = 'a'.repeat(64)
    later()
    await there.post('/line/audit', { knownAnchor: known })
    await second.administration.tasks.settled()
    const { result, by } = await latest(here, 'audit')
    expect(by.login).toBe('test-admin')
    expect(result.problems).toEqual([
      { kind: 'unlike', caseId: filed.id, columns: ['cases.summary'] },
      { kind: 'anchor-unknown', hash: known },
    ])
    expect(result.broken).toBe(2)
  })

  describe('the content', () => {
    test('on the disk is checked with its faults in place, and is told apart from what is served', async () => {
      const whole = (await here.post('/line/content-check', {})).json
      expect(whole).toMatchObject({ problems: [], changes: [], holds: { departments: expect.any(Number) } })

      const file = join(copy.root, FAULTY)
      const text = await readFile(file, 'utf8')
      await writeFile(file, text.replace('dutyDesk: hotline-centre', 'dutyDesk: nobody-here'))
      const faulty = (await there.post('/line/content-check', {})).json
      expect(faulty.changes).toEqual([{ path: FAULTY, how: 'changed' }])
      expect(faulty.holds).toBeNull()
      const [problem] = faulty.problems
      expect(problem).toMatchObject({ file: FAULTY, message: expect.stringContaining('nobody-here') })
      const marked = problem.excerpt.find((line: { isMarked: boolean }) => line.isMarked)
      expect(marked).toMatchObject({ line: problem.line, text: expect.stringContaining('nobody-here') })
      await writeFile(file, text)
    })

    test('is tried as a draft that is written nowhere', async () => {
      const path = 'cities/shenfu/supervision.yaml'
      const before = await readFile(join(ROOT, path), 'utf8')
      expect((await here.get(`/line/content-file?path=${path}`)).json).toEqual({ path, text: before })
      const draft = { path, text: 'rules: [oops\n' }
      const { problems } = (await here.post('/line/content-check', { draft })).json
      expect(problems[0]).toMatchObject({ file: path })
      expect(await readFile(join(ROOT, path), 'utf8')).toBe(before)
    })

    test.each(['package.json', 'cities/shenfu/../../secret.yaml', 'cities/other/city.yaml', '/etc/passwd'])(
      'is never %s',
      async path => {
        const read = await here.get(`/line/content-file?path=${encodeURIComponent(path)}`)
        expect([read.status, read.json.error.code]).toEqual([400, 'content-file-unknown'])
        const tried = await here.post('/line/content-check', { draft: { path, text: 'x' } })
        expect(tried.json.error.code).toBe('content-file-unknown')
      },
    )

    test('whose aliases would fill the memory is a problem like others', async () => {
      const bomb = ['a: &a [1,1,1,1,1,1,1,1,1]']
      for (let i = 1; i < 9; i++) {
        const [from, to] = [String.fromCharCode(96 + i), String.fromCharCode(97 + i)]
        bomb.push(`${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(',')}]`)
      }
      const draft = { path: 'cities/shenfu/supervision.yaml', text: bomb.join('\n') }
      const { status, json } = await here.post('/line/content-check', { draft })
      expect(status).toBe(200)
      expect(json.problems[0].file).toBe(draft.path)
    })
  })

  test('the health tells of channels over all instances, and names settings, never secrets', async () => {
    const { store, clock } = desk.line
    const now = clock.now()
    const hour = new Date('2026-11-24T02:00:00Z')
    await store.health.addPulses(
      [{ ...SILENT, channel: 'wecom', failed: 2, failedAt: now, failure: 'was refused with 40001' }],
      hour,
    )
    await store.health.seeInstance({
      id: 'other',
      startedAt: now,
      seenAt: now,
      model: null,
      content: 'c0ffee',
    })
    const { json } = await here.get('/line/health')
    const of = (channel: string) =>
      json.channels.find((each: { channel: string }) => each.channel === channel)
    expect(of('wecom')).toMatchObject({
      isOn: false,
      missing: ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY'],
      failed: 2,
      failure: 'was refused with 40001',
    })
    expect(of('telephone')).toMatchObject({ isOn: true, missing: [], name: '电话' })
    expect(json.instances.map((each: { id: string }) => each.id)).toEqual(['test', 'other'])
    expect(json.database.isUp).toBe(true)
    expect(JSON.stringify(json)).not.toContain('sixteen-letters-x')
  })

  test.each(['agent', 'handler', 'arbiter', 'supervisor'] as const)('is not for the %s', async role => {
    first.accounts.seat(accountOf(role))
    const asked = [
      await here.get('/line/health'),
      await here.get('/line/models'),
      await here.get('/line/tasks?kind=audit'),
      await here.get('/line/content-file?path=cities/shenfu/city.yaml'),
      await here.post('/line/audit', {}),
      await here.post('/line/content-check', {}),
      await train(here),
    ]
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 403))
    first.accounts.seat(accountOf('admin'))
  })
})
