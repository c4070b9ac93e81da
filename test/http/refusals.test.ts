import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { brokenTexts } from '../../src/adapters/http/whole-text.ts'
import { deskClient } from '../support/desk-client.ts'
import { accountOf, type Desk, type Filed, fileOne, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'
import { call } from './start-line.ts'

const lines = useTestLine()
let desk: Desk
let running: WiredDesk
let client: Awaited<ReturnType<typeof deskClient>>
let filed: Filed

beforeAll(async () => {
  desk = lines.fresh()
  running = await startWiredDesk(desk.line)
  running.accounts.seat(accountOf('supervisor'))
  client = await deskClient(running.url)
  filed = await fileOne(desk)
})
afterAll(() => running.stop())

const pathsOf = (json: { error: { details: { problems: { path: string }[] } } }) =>
  json.error.details.problems.map(({ path }) => path)

describe('filtering by what there is not', () => {
  const NOVEMBER = 'from=2026-11-01&to=2026-11-30'

  test.each([
    ['/cases?states=foo', ['/states/0']],
    ['/cases?states=closed,foo', ['/states/1']],
    ['/cases?grade=zzz', ['/grade']],
    ['/cases?type=nope', ['/type']],
    ['/cases?department=nope', ['/department']],
    ['/cases?subjectPrefix=nope&channel=pigeon', ['/subjectPrefix', '/channel']],
    [`/evaluation?${NOVEMBER}&department=nope&street=moon`, ['/department', '/street']],
    [`/evaluation?${NOVEMBER}&type=nope`, ['/type']],
    [`/evaluation/cases?${NOVEMBER}&measure=cases&subject=nope`, ['/subject']],
    [`/evaluation/export?${NOVEMBER}&channel=pigeon`, ['/channel']],
  ])('%s is refused and names the field', async (path, fields) => {
    const { status, json } = await client.get(path)
    expect([status, json.error.code]).toEqual([400, 'body-invalid'])
    expect(pathsOf(json)).toEqual(fields)
  })

  test('what there is goes through, in the address and in a search', async () => {
    const found = await client.get(
      '/cases?states=dispatched,closed&grade=normal&type=help&department=urban-management&subjectPrefix=urban-construction&channel=web-chat',
    )
    expect(found.json.rows.map(({ id }: { id: string }) => id)).toEqual([filed.case.id])
    expect((await client.post('/cases/search', { states: ['closed'], search: '路灯' })).json.rows).toEqual([])
    expect((await client.post('/cases/search', { states: ['foo'] })).status).toBe(400)
    const counted = await client.get(`/evaluation?${NOVEMBER}&subject=urban-construction&channel=web-chat`)
    expect(counted.json.total.measures.cases.counted).toBe(1)
  })
})

describe('half a character or NUL', () => {
  const action = (input: object) => ({ action: 'note', input, expectedVersion: 1 })

  test.each([
    ['half a character', { text: 'a\ud800' }, '/input/text'],
    ['the other half', { text: '\udc00a' }, '/input/text'],
    ['NUL', { text: 'a\0b' }, '/input/text'],
    ['deep within', { text: 'a', more: [{ b: ['\ud83d'] }] }, '/input/more/0/b/0'],
    ['in a name', { 'te\ud800xt': 'a' }, '/input/te\ufffdxt'],
  ])('%s in a body is refused with its place', async (_name, input, place) => {
    const { status, json } = await client.post(`/cases/${filed.case.id}/actions`, action(input))
    expect([status, json.error.code, pathsOf(json)]).toEqual([400, 'body-invalid', [place]])
  })

  test('in an address or a query, too', async () => {
    const there = await client.get('/cases/a%00b')
    expect([there.status, pathsOf(there.json)]).toEqual([400, ['/id']])
    const asked = await client.get('/cases?subjectPrefix=a%00b')
    expect([asked.status, pathsOf(asked.json)]).toEqual([400, ['/subjectPrefix']])
  })

  test('before anybody has logged in', async () => {
    const body = { login: 'a\ud800', password: 'x\0' }
    const headers = { origin: running.url }
    const { status, json } = await call(running.url, '/api/desk/login', { body, headers })
    expect([status, pathsOf(json).toSorted()]).toEqual([400, ['/login', '/password']])
  })

  test('whole emoji, other scripts and deep nesting are no problem', () => {
    let nested: unknown = 'x'
    for (let depth = 0; depth < 30_000; depth++) nested = [nested]
    expect(brokenTexts({ text: '👨‍👩‍👧‍👦 𠮷 مرحبا', nested, none: null, count: 1 })).toEqual([])
  })
})
