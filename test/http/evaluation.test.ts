import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csvOf } from '../../src/adapters/http/table-file.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { deskClient } from '../support/desk-client.ts'
import {
  accountOf,
  act,
  type Desk,
  type Filed,
  fileOne,
  lapse,
  outOfDutyInput,
  replyInput,
  storedCase,
  useTestLine,
} from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'
import { call } from './start-line.ts'

const agent = accountOf('agent')
const supervisor = accountOf('supervisor')
const handler = accountOf('handler', 'urban-management')
const NOVEMBER = 'from=2026-11-01&to=2026-11-30'
const FORMULA = '=HYPERLINK("http://example.cn")路灯不亮了'

describe('csv', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+86 24', "'+86 24"],
    ['-1', "'-1"],
    ['@sum', "'@sum"],
    ['\t=1', "'\t=1"],
    ['a,b', '"a,b"'],
    ['say "hello"', '"say ""hello"""'],
    ['=a\nb', '"\'=a\nb"'],
    ['路灯', '路灯'],
    [-0.5, '-0.5'],
    [null, ''],
  ])('%j is written as %j', (cell, written) => {
    expect(csvOf([[cell, 1]])).toBe(`\ufeff${written},1\r\n`)
  })
})

describe('the evaluation at the desk', () => {
  const lines = useTestLine()
  let desk: Desk
  let running: WiredDesk
  let good: Filed
  let bad: Filed
  let withdrawn: Filed

  /** Filed, signed, replied and followed up. */
  async function closed(words: string, resolved: boolean): Promise<Filed> {
    const filed = await fileOne(desk, { words })
    await act(desk.line, handler, filed.case.id, 'sign')
    await act(desk.line, handler, filed.case.id, 'reply', replyInput(desk.line))
    const said = { contacted: true, resolved, satisfied: resolved ? 'very' : 'dissatisfied' }
    await act(desk.line, agent, filed.case.id, 'follow-up', said)
    if (resolved) return filed
    // A "no" goes back; the second reply is left without a word.
    await act(desk.line, handler, filed.case.id, 'sign')
    await act(desk.line, handler, filed.case.id, 'reply', replyInput(desk.line))
    await lapse(desk.line, filed.case.id)
    return filed
  }

  beforeAll(async () => {
    desk = lines.fresh()
    running = await startWiredDesk(desk.line)
    good = await closed(FORMULA, true)
    bad = await closed('路灯还是不亮', false)
    desk.line.clock.set('2026-11-24T10:00:00+08:00')
    withdrawn = await fileOne(desk)
    await act(desk.line, agent, withdrawn.case.id, 'withdraw', {}, '灯自己好了')
  })
  afterAll(() => running.stop())

  async function at(account: Account) {
    running.accounts.seat(account)
    return deskClient(running.url)
  }

  test('gives the rates by department, who is left out apart, and the total', async () => {
    const { get } = await at(supervisor)
    const { status, json } = await get(`/evaluation?${NOVEMBER}`)
    expect(status).toBe(200)
    expect(json.rows.map((row: { key: string }) => row.key)).toEqual(['urban-management'])
    const [row] = json.rows
    expect(row.measures.resolved).toEqual({ counted: 2, met: 1, rate: 0.5 })
    expect(row.measures.contacted).toEqual({ counted: 2, met: 2, rate: 1 })
    expect(row.measures.returned).toEqual({ counted: 2, met: 0, rate: 0 })
    expect(row.measures.punctual).toEqual({ counted: 2, met: 2, rate: 1 })
    expect(row.measures['returned-wrongly']).toEqual({ counted: 0, met: 0, rate: null })
    expect(row.exclusions).toEqual({ 'out-of-duty': 0, 'not-accepted': 0, withdrawn: 1, merged: 0 })
    expect([row.hops, json.total.measures.cases.counted]).toEqual([1, 3])
    const { json: byChannel } = await get(`/evaluation?${NOVEMBER}&group=channel`)
    expect(byChannel.rows).toMatchObject([{ key: 'web-chat', name: '网页' }])
    const other = await get('/evaluation?from=2026-10-01&to=2026-10-31')
    expect([other.json.rows, other.json.total.hops]).toEqual([[], null])
  })

  test.each(['department', 'subject', 'street', 'channel', 'type', 'month'])('by %s', async group => {
    const { get } = await at(supervisor)
    const { json } = await get(`/evaluation?${NOVEMBER}&group=${group}`)
    const counted = json.rows.map((row: { measures: { cases: { counted: number } } }) => row.measures.cases)
    expect(counted).toEqual([{ counted: 3, met: expect.any(Number), rate: expect.any(Number) }])
  })

  test('every number opens its cases, and one left out says by which event', async () => {
    const { get } = await at(supervisor)
    const behind = async (what: string) =>
      (await get(`/evaluation/cases?${NOVEMBER}&key=urban-management&${what}`)).json.rows
    const idsBehind = async (what: string) => (await behind(what)).map(({ id }: { id: string }) => id)
    expect(await idsBehind('measure=resolved&part=met')).toEqual([good.case.id])
    expect(await idsBehind('measure=resolved&part=missed')).toEqual([bad.case.id])
    expect((await idsBehind('measure=resolved')).toSorted()).toEqual([good.case.id, bad.case.id].toSorted())
    const [left] = await behind('exclusion=withdrawn')
    expect([left.id, left.number]).toEqual([withdrawn.case.id, withdrawn.case.number])
    expect(left.exclusion).toMatchObject({ because: 'withdrawn', eventName: '撤销', reason: '灯自己好了' })
    const nowhere = await get(`/evaluation/cases?${NOVEMBER}&group=street&key=&measure=cases`)
    expect(nowhere.json.rows).toHaveLength(3)
  })

  test('the list comes by pages, and a cursor that was not given out is refused', async () => {
    const { get } = await at(supervisor)
    const page = `/evaluation/cases?${NOVEMBER}&measure=cases&limit=2`
    const first = (await get(page)).json
    const second = (await get(`${page}&cursor=${first.nextCursor}`)).json
    const ids = [...first.rows, ...second.rows].map(({ id }: { id: string }) => id)
    expect(first.rows).toHaveLength(2)
    expect(new Set(ids)).toEqual(new Set([good, bad, withdrawn].map(each => each.case.id)))
    expect(second.nextCursor).toBeNull()
    expect((await get(`${page}&cursor=bm9uc2Vuc2U`)).json.error.code).toBe('body-invalid')
  })

  test.each([
    ['without a period', '/evaluation'],
    ['with its end before its beginning', '/evaluation?from=2026-11-30&to=2026-11-01'],
    ['by an unknown group', `/evaluation?${NOVEMBER}&group=colour`],
    ['for no figure', `/evaluation/cases?${NOVEMBER}`],
    ['for two figures', `/evaluation/cases?${NOVEMBER}&measure=cases&exclusion=merged`],
  ])('asked %s it is refused', async (_, path) => {
    const { get } = await at(supervisor)
    const { status, json } = await get(path)
    expect([status, json.error.code]).toEqual([400, 'body-invalid'])
  })

  test('a department sees its own numbers and nobody else s; agents see none', async () => {
    const education = await at(accountOf('handler', 'education'))
    const asked = await education.get(`/evaluation?${NOVEMBER}&department=urban-management`)
    expect(asked.json.rows).toEqual([])
    const behind = await education.get(
      `/evaluation/cases?${NOVEMBER}&department=urban-management&measure=cases`,
    )
    expect(behind.json.rows).toEqual([])
    const own = await (await at(handler)).get(`/evaluation?${NOVEMBER}`)
    expect(own.json.total.measures.cases.counted).toBe(3)
    const none = await (await at(agent)).get(`/evaluation?${NOVEMBER}`)
    expect([none.status, none.json.error.code]).toEqual([403, 'action-forbidden'])
    expect((await call(running.url, `/api/desk/evaluation?${NOVEMBER}`)).status).toBe(401)
  })

  test('refuses a parameter that it does not know, by its name', async () => {
    const { get } = await at(supervisor)
    for (const path of ['', '/export', '/exports', '/cases', '/cases/export']) {
      const { status, json } = await get(`/evaluation${path}?${NOVEMBER}&measure=cases&nope=1`)
      expect([status, JSON.stringify(json.error.details)], path).toEqual([
        400,
        expect.stringContaining('nope'),
      ])
    }
    expect((await get(`/evaluation?${NOVEMBER}&key=all`)).status).toBe(400)
  })

  test('leaves as CSV that is marked with who took it, and is recorded', async () => {
    const { get } = await at(supervisor)
    const file = await get(`/evaluation/export?${NOVEMBER}&locale=zh-Hans`)
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(file.headers.get('content-disposition')).toBe(
      'attachment; filename="evaluation-department-2026-11-01-2026-11-30.csv"',
    )
    const [head, row, , , mark] = (file.json as string).split('\r\n')
    expect(head).toMatch(/^.?分组,受理办结/)
    expect(row).toMatch(/^城市管理综合执法局,1,1,1,0\.5,/)
    const { json } = await get('/evaluation/exports')
    const [{ id, at: takenAt, ...taken }] = json.rows
    expect(mark).toContain(`supervisor（test-supervisor）　导出时间：2026-11-24 10:00　导出编号：${id}`)
    expect(takenAt).toBe('2026-11-24T02:00:00.000Z')
    expect(taken).toMatchObject({ format: 'csv', rows: 2, request: { from: '2026-11-01' } })
    const forbidden = await (await at(handler)).get('/evaluation/exports')
    expect(forbidden.json.error.code).toBe('action-forbidden')
  })

  test('a file begins with the mark of UTF-8, and what looks like a formula is a text', async () => {
    const { cookie } = await cookieOf(supervisor)
    const path = `/api/desk/evaluation/cases/export?${NOVEMBER}&measure=resolved&part=met&locale=en`
    const bytes = Buffer.from(
      await (await fetch(`${running.url}${path}`, { headers: { cookie } })).arrayBuffer(),
    )
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(bytes.toString()).toContain(`"'=HYPERLINK(""http://example.cn"")路灯不亮了"`)
  })

  test('leaves as XLSX, whose cells are texts and numbers', async () => {
    const { cookie } = await cookieOf(supervisor)
    const get = async (path: string) => {
      const answer = await fetch(`${running.url}/api/desk/evaluation${path}`, { headers: { cookie } })
      expect(answer.headers.get('content-type')).toContain('spreadsheetml.sheet')
      return readSheet(Buffer.from(await answer.arrayBuffer()))
    }
    const figures = await get(`/export?${NOVEMBER}&format=xlsx&locale=en`)
    expect(figures[1]?.slice(0, 5)).toEqual(['Urban Management and Law Enforcement Bureau', 1, 1, 1, 0.5])
    const listed = await get(`/cases/export?${NOVEMBER}&format=xlsx&exclusion=withdrawn&locale=zh-Hans`)
    expect(listed[1]).toEqual(
      expect.arrayContaining([withdrawn.case.number, '诉求人撤销', '撤销 · 2026-11-24 10:00 · 灯自己好了']),
    )
    const formula = await get(`/cases/export?${NOVEMBER}&format=xlsx&measure=resolved&part=met`)
    expect(formula[1]).toContain(FORMULA)
  })

  test('a report counts for the department that handles it, and its list tells nothing of it', async () => {
    const subject = 'education-culture/admission'
    const { case: report } = await fileOne(desk, { type: 'report', words: '收钱才给学位', subject })
    expect([report.dispatch?.lead, report.isConfidential]).toEqual(['education', true])
    const { get } = await at(accountOf('handler', 'education'))
    const { json } = await get(`/evaluation?${NOVEMBER}`)
    expect(json.total.measures.cases.counted).toBe(1)
    const behind = await get(`/evaluation/cases?${NOVEMBER}&measure=cases`)
    expect(behind.json.rows).toMatchObject([{ id: report.id, summary: null }])
  })

  async function cookieOf(account: Account): Promise<{ cookie: string }> {
    running.accounts.seat(account)
    const login = await call(running.url, '/api/desk/login', {
      body: { login: 'wang', password: 'right horse' },
      headers: { origin: running.url },
    })
    const cookies = login.headers.getSetCookie().map(line => line.split(';')[0])
    return { cookie: cookies.join('; ') }
  }
})

describe('out of duty', () => {
  const lines = useTestLine()

  test('what a department called out of duty is left out once a supervisor agrees, and the list says why', async () => {
    const own = lines.fresh()
    const other = await startWiredDesk(own.line)
    const { case: filed } = await fileOne(own)
    await act(own.line, handler, filed.id, 'sign')
    await act(own.line, handler, filed.id, 'reply', outOfDutyInput(own.line))
    await act(own.line, agent, filed.id, 'follow-up', { contacted: true, resolved: true, satisfied: 'very' })
    other.accounts.seat(supervisor)
    const { get, post } = await deskClient(other.url)
    const left = async () =>
      (await get(`/evaluation/cases?${NOVEMBER}&exclusion=out-of-duty`)).json.rows.filter(
        ({ id }: { id: string }) => id === filed.id,
      )
    expect(await left()).toEqual([])
    const { version } = (await storedCase(own.line, filed.id)).case
    const decided = { action: 'approve-out-of-duty', expectedVersion: version, reason: '物业管养协议已核实' }
    expect((await post(`/cases/${filed.id}/actions`, decided)).status).toBe(200)
    expect(await left()).toMatchObject([
      {
        exclusion: {
          because: 'out-of-duty',
          eventName: '认定不属职责范围',
          reason: '超出本部门职责 · 该路灯由小区物业管养 · 物业管养协议已核实',
        },
      },
    ])
    await other.stop()
  })
})
