import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withoutWhatIsOff } from '../../src/usecases/help-given.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { deskClient } from '../support/desk-client.ts'
import { accountOf, type Desk, storedCase, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const ASKED = '你好，我想咨询一下，65岁以上老人的高龄津贴怎么申请，要带什么材料'

const lines = useTestLine()
let desk: Desk
let running: WiredDesk

beforeAll(async () => {
  desk = lines.fresh()
  running = await startWiredDesk(desk.line)
})
afterAll(() => running.stop())

async function at(account: Account = accountOf('agent')) {
  running.accounts.seat(account)
  return deskClient(running.url)
}

const talk = { utterances: [{ id: 'u0', role: 'resident', text: ASKED }] }
const question = (changes: object = {}) => ({ words: ASKED, type: 'consultation', ...changes })
const outcome = (kind: string, what: string) => ({ kind, outcome: what })

const now = () => desk.line.clock.now().getTime()
const HOUR = 3_600_000
const period = () =>
  new URLSearchParams({
    from: new Date(now() - HOUR).toISOString(),
    to: new Date(now() + HOUR).toISOString(),
  })

describe('a question that can be answered on the phone', () => {
  test('gets a draft out of the knowledge, with where it stands', async () => {
    const answer = await (await at()).post('/agent/suggestions', talk)
    const [first] = answer.json.matters
    expect(first.reply.sources).toEqual([
      { is: 'knowledge', id: 'elderly-allowance', title: expect.any(String), basis: expect.any(String) },
    ])
    expect(first.reply.text).toContain(first.reply.sources[0].basis)
    expect(first.passages[0].whole).toContain(first.passages[0].text)
  })

  test('is filed as answered, by whoever answered it, and asked about like any other', async () => {
    const answer = await (await at()).post('/agent/filings', {
      matters: [question({ answer: '户籍地社区就能办。' })],
    })
    expect(answer.status).toBe(200)
    const { case: stored, events } = await storedCase(desk.line, answer.json.cases[0].id)
    expect(stored).toMatchObject({ state: 'replied', answer: '户籍地社区就能办。', dispatch: null })
    expect(events.find(({ type }) => type === 'answered')?.actor).toEqual({ role: 'agent', id: 'test-agent' })
    expect(stored.clocks['follow-up']).toMatchObject({ stoppedAt: null })
  })

  test.each([
    ['a complaint', { type: 'complaint' }],
    ['a danger', { service: 'gas' }],
    ['a case of others', { joins: 'other' }],
  ])('and not %s', async (_what, changes) => {
    const before = desk.record.caseIds.length
    const answer = await (await at()).post('/agent/filings', {
      matters: [question({ answer: '好', ...changes })],
    })
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'action-invalid' } } })
    expect(desk.record.caseIds).toHaveLength(before)
  })
})

describe('what became of the help', () => {
  const help = {
    seconds: 40,
    keys: 6,
    outcomes: [outcome('place', 'used'), outcome('subject', 'edited'), outcome('knowledge', 'ignored')],
  }

  test('is counted once for each filing, also when its answer was lost and it is sent again', async () => {
    const client = await at()
    const key = { 'idempotency-key': randomUUID() }
    const body = { matters: [question()], help }
    const first = await client.post('/agent/filings', body, key)
    const again = await client.post(
      '/agent/filings',
      { ...body, help: { ...help, seconds: 55, keys: 7 } },
      key,
    )
    expect(again.json).toEqual(first.json)
    await client.post('/agent/filings', { matters: [question()], help: { ...help, seconds: 60, keys: 10 } })

    const report = await (await at(accountOf('supervisor'))).get(`/agent/help?${period()}`)
    expect(report.status).toBe(200)
    expect(report.json.weeks).toEqual([
      expect.objectContaining({ filings: 2, cases: 2, medianSeconds: 50, medianKeys: 8 }),
    ])
    const counted = Object.fromEntries(
      report.json.kinds.map(({ kind, used, edited, ignored }: Record<string, number>) => [
        kind,
        [used, edited, ignored],
      ]),
    )
    expect(counted).toMatchObject({
      place: [2, 0, 0],
      subject: [0, 2, 0],
      knowledge: [0, 0, 2],
      time: [0, 0, 0],
    })
  })

  test('is for supervisors and administrators; an agent sees nobody else', async () => {
    const other = { ...accountOf('agent'), id: 'somebody-else' }
    expect((await (await at(other)).get(`/agent/help?${period()}`)).json.weeks).toEqual([])
    expect(await (await at(accountOf('handler'))).get(`/agent/help?${period()}`)).toMatchObject({
      status: 403,
    })
  })

  test('that is no kind of help, or no time, is refused', async () => {
    const client = await at()
    const wrong = { matters: [question()], help: { ...help, outcomes: [outcome('luck', 'used')] } }
    expect(await client.post('/agent/filings', wrong)).toMatchObject({ status: 400 })
    expect(await client.get('/agent/help?from=yesterday&to=today')).toMatchObject({ status: 400 })
  })
})

test('a kind of help that the city has switched off is not shown, the others are', async () => {
  const answer = (await (await at()).post('/agent/suggestions', talk)).json
  const [first] = withoutWhatIsOff({ off: ['knowledge', 'reply', 'type'] }, answer).matters
  expect(first).toMatchObject({ passages: [], reply: null })
  expect(first!.fields.type.value).toBeNull()
  expect(first!.fields.summary).toEqual(answer.matters[0].fields.summary)
  expect(first!.fields.summary.value).not.toBeNull()
})
