import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callListRoutes } from '../../src/adapters/http/call-list-routes.ts'
import { deadLetterRoutes } from '../../src/adapters/http/dead-letter-routes.ts'
import { doubtRoutes } from '../../src/adapters/http/doubt-routes.ts'
import { addMyCases } from '../../src/adapters/http/my-cases/my-cases-api.ts'
import { addNoticeLinkRoutes } from '../../src/adapters/http/notice-link-routes.ts'
import { createRateLimiter } from '../../src/adapters/http/rate-limiter.ts'
import { addStatusSlipRoute, slipRoutes } from '../../src/adapters/http/slip-routes.ts'
import { webhookRoutes } from '../../src/adapters/http/webhook-routes.ts'
import { createWebhookSender } from '../../src/adapters/notify/http-webhook-sender.ts'
import { DAY, HOUR, MINUTE } from '../../src/kernel/clock.ts'
import { caseDoubts } from '../../src/usecases/case-doubts.ts'
import { caseSlip } from '../../src/usecases/case-slip.ts'
import { deliverNotification } from '../../src/usecases/deliver-notification.ts'
import { listCalls, noteCall, releaseCall, takeCall } from '../../src/usecases/make-calls.ts'
import { addEnterpriseKey } from '../../src/usecases/manage-keys.ts'
import { addWebhook, eventsToTell, listWebhooks, removeWebhook } from '../../src/usecases/manage-webhooks.ts'
import { type DeadLetter, listDeadLetters, mendDeadLetter } from '../../src/usecases/mend-deliveries.ts'
import { setWantsByLink, wantsByLink } from '../../src/usecases/notice-wishes.ts'
import { actAtDesk } from '../../src/usecases/work-at-desk.ts'
import { wireMyCases } from '../../src/wire-my-cases.ts'
import { deskClient, seatedAccounts } from '../support/desk-client.ts'
import { FACTORY } from '../support/enterprise-client.ts'
import { noPrinter } from '../support/no-printer.ts'
import {
  accountOf,
  act,
  type Desk,
  type Filed,
  fileOne,
  replyInput,
  say,
  storedCase,
  useTestLine,
} from '../support/use-test-line.ts'
import { call, type RunningLine, startLine } from './start-line.ts'

const agent = accountOf('agent')
const admin = accountOf('admin')
const handler = accountOf('handler', 'urban-management')
const PUBLIC_URL = 'https://12345.example.cn'
/** Cases open by their query codes only. */
const noOtherWays = {
  gateway: null,
  publicUrl: null,
  accountOfToken: () => null,
  fileAddress: (name: string) => `/files/${name}`,
  saveFile: async () => '',
}

describe('after the reply', () => {
  const lines = useTestLine()
  const accounts = seatedAccounts()
  let desk: Desk
  let running: RunningLine
  let letters: DeadLetter[] = []

  beforeAll(async () => {
    desk = lines.fresh()
    const { line } = desk
    const { answers } = line.store
    const texts = (locale: Parameters<typeof line.content.texts.of>[0], key: string, params = {}) =>
      line.content.texts.of(locale, key, params)
    const sender = createWebhookSender({ clock: line.clock, networks: [] })
    const take = (id: string) => {
      const found = letters.some(letter => letter.id === id)
      letters = letters.filter(letter => letter.id !== id)
      return Promise.resolve(found)
    }
    const box = { deadLetters: async () => letters, replay: take, discard: take }
    const limiter = createRateLimiter({ clock: line.clock })
    running = await startLine({
      desk: {
        accounts,
        answers,
        actOnCase: (account, id, action, keep) => actAtDesk(line, account, id, action, keep),
        routes: [
          callListRoutes({
            answers,
            list: (account, locale) => listCalls(line, account, locale),
            take: (account, id) => takeCall(line, account, id),
            release: (account, id) => releaseCall(line, account, id),
            note: (account, id, note, keep) => noteCall(line, account, id, note, tx => keep(tx, { id })),
          }),
          slipRoutes({
            texts,
            publicUrl: PUBLIC_URL,
            chatCode: async () => null,
            slip: (account, id, locale) => caseSlip(line, account, id, locale),
          }),
          doubtRoutes({ doubts: (account, id) => caseDoubts(line, account, id) }),
          deadLetterRoutes({
            list: (account, locale) => listDeadLetters(line, account, box, locale),
            mend: (account, mending) => mendDeadLetter(line, account, box, mending),
          }),
          webhookRoutes({
            answers,
            list: account => listWebhooks(line, account),
            events: () => eventsToTell(line),
            add: (account, wanted) => addWebhook(line, account, wanted, sender),
            remove: (account, id) => removeWebhook(line, account, id),
          }),
        ],
      },
      server: {
        routes: [
          app => addMyCases(app, wireMyCases(line, { printer: noPrinter, ...noOtherWays, limiter })),
          app => addStatusSlipRoute(app, { publicUrl: PUBLIC_URL }),
          app =>
            addNoticeLinkRoutes(app, {
              texts,
              limiter,
              lineName: line.names.line,
              wants: token => wantsByLink(line, token),
              setWants: (token, wants) => setWantsByLink(line, token, wants),
            }),
        ],
      },
    })
  })
  afterAll(() => running.stop())

  /** Each time anew, as by somebody who comes back. */
  const tellByLink = (key: { number: string; queryCode: string }, answers: object) =>
    call(running.url, '/api/my-cases/act', {
      body: { ...key, action: { do: 'follow-up', answers } },
      headers: { 'idempotency-key': `${Math.random()}` },
    })

  async function at(account: Parameters<typeof accounts.seat>[0]) {
    accounts.seat(account)
    return deskClient(running.url)
  }

  /** Somebody who left hours ago; their case has its reply, and they have been told as far as possible. */
  async function replied(): Promise<Filed> {
    desk.line.clock.set('2026-11-24T10:00:00+08:00')
    const filed = await fileOne(desk)
    desk.line.clock.advance(3 * HOUR)
    await act(desk.line, handler, filed.case.id, 'sign')
    await act(desk.line, handler, filed.case.id, 'reply', replyInput(desk.line))
    for (const job of desk.record.jobs.splice(0))
      if (job.name === 'notify-resident') await deliverNotification(desk.line, job)
    return filed
  }
  const stateOf = async ({ case: { id } }: Filed) => (await storedCase(desk.line, id)).case

  describe('the call list', () => {
    const callOf = async ({ case: { id } }: Filed) => {
      const { json } = await (await at(agent)).get('/calls')
      return json.rows.find((row: { caseId: string }) => row.caseId === id)
    }
    const answers = { contacted: false, resolved: false, satisfied: 'dissatisfied', text: '灯还是不亮' }

    test('is for the centre, and shows no phone', async () => {
      const filed = await replied()
      expect((await (await at(handler)).get('/calls')).json.error.code).toBe('action-forbidden')
      const row = await callOf(filed)
      expect(row).toMatchObject({ purpose: 'ask', tries: 0, number: filed.case.number, stateName: '待回访' })
      expect(JSON.stringify(row)).not.toContain('13800138000')
    })

    test.each([
      [{ contacted: null, resolved: null, satisfied: null }, '/answers/resolved'],
      [{ contacted: true, resolved: false, satisfied: 'very' }, '/answers/satisfied'],
    ])('%j on the telephone or by the link is refused, and names the field', async (said, place) => {
      const filed = await replied()
      const { id } = await callOf(filed)
      const called = await (await at(agent)).post(`/calls/${id}/outcome`, {
        outcome: 'reached',
        answers: said,
      })
      const { number } = filed.case
      const queryCode = desk.record.queryCodes.get(filed.case.id)!
      const told = await tellByLink({ number, queryCode }, said)
      for (const [{ status, json }, before] of [
        [called, ''],
        [told, '/action'],
      ] as const)
        expect([status, json.error.details.problems[0].path]).toEqual([400, before + place])
      expect((await stateOf(filed)).state).toBe('replied')
    })

    test('a "no" on the telephone makes a rework with fresh clocks, and the department hears of it', async () => {
      const filed = await replied()
      const { id } = await callOf(filed)
      const client = await at(agent)
      const before = await stateOf(filed)
      desk.record.jobs.splice(0)
      desk.line.clock.advance(HOUR)
      expect((await client.post(`/calls/${id}/outcome`, { outcome: 'reached', answers })).status).toBe(200)
      const after = await stateOf(filed)
      expect(after).toMatchObject({ state: 'dispatched', reworkCount: 1 })
      expect(after.clocks.handle!.startedAt > before.clocks.handle!.startedAt).toBe(true)
      expect(after.clocks.handle!.stoppedAt).toBeNull()
      expect(desk.record.jobs.map(job => `${job.name} ${job.data.event}`)).toEqual([
        'notify-department reworked',
      ])
      expect(await callOf(filed)).toBeUndefined()
      expect(
        (await client.post(`/calls/${id}/outcome`, { outcome: 'reached', answers })).json.error.code,
      ).toBe('call-not-found')
    })

    test('of two agents who note the same call one is told that it is done', async () => {
      const filed = await replied()
      const { id } = await callOf(filed)
      const client = await at(agent)
      const both = await Promise.all(
        [1, 2].map(() => client.post(`/calls/${id}/outcome`, { outcome: 'reached', answers })),
      )
      expect(both.map(({ status }) => status).toSorted()).toEqual([200, expect.toBeOneOf([404, 409])])
      expect((await stateOf(filed)).reworkCount).toBe(1)
    })

    test('nobody answers: again two hours later, three times, then no more', async () => {
      const filed = await replied()
      const client = await at(agent)
      for (const tries of [0, 1, 2]) {
        const row = await callOf(filed)
        expect(row.tries).toBe(tries)
        await client.post(`/calls/${row.id}/outcome`, { outcome: 'no-answer' })
        expect(await callOf(filed)).toBeUndefined()
        desk.line.clock.advance(2 * HOUR)
      }
      expect(await callOf(filed)).toBeUndefined()
      expect((await stateOf(filed)).state).toBe('replied')
    })

    test('one agent takes a call: nobody else makes it until it is given back or ten minutes are over', async () => {
      const filed = await replied()
      const { id } = await callOf(filed)
      const heard: unknown[] = []
      const stop = desk.line.bus.subscribe(message => heard.push(message))
      const zhao = { ...agent, id: '00000000-0000-7000-8000-000000000077' }
      const byZhao = await at(zhao)
      expect((await byZhao.post(`/calls/${id}/take`, {})).status).toBe(200)
      expect(heard).toContainEqual({ topic: 'case', caseId: filed.case.id, version: expect.any(Number) })
      stop()

      const mine = await at(agent)
      const until = new Date(desk.line.clock.now().getTime() + 10 * MINUTE).toISOString()
      expect((await callOf(filed)).taken).toEqual({ by: '', isMine: false, until })
      for (const refused of [
        await mine.post(`/calls/${id}/take`, {}),
        await mine.post(`/calls/${id}/outcome`, { outcome: 'no-answer' }),
      ])
        expect([refused.status, refused.json.error.code]).toEqual([409, 'call-taken'])
      await mine.post(`/calls/${id}/release`, {})
      expect((await callOf(filed)).taken).not.toBeNull()

      desk.line.clock.advance(10 * MINUTE)
      expect((await callOf(filed)).taken).toBeNull()
      expect((await mine.post(`/calls/${id}/take`, {})).status).toBe(200)
      expect((await callOf(filed)).taken).toMatchObject({ isMine: true })
      await mine.post(`/calls/${id}/release`, {})
      expect((await callOf(filed)).taken).toBeNull()
      expect((await (await at(handler)).post(`/calls/${id}/take`, {})).json.error.code).toBe(
        'action-forbidden',
      )
    })

    test('of many who take it at once one has it, and the others are told', async () => {
      const filed = await replied()
      const { id } = await callOf(filed)
      const takers = Array.from({ length: 5 }, (_, i) => ({ ...agent, id: `${agent.id.slice(0, -2)}8${i}` }))
      const ends = await Promise.allSettled(takers.map(each => takeCall(desk.line, each, id)))
      const refused = ends.flatMap(end => (end.status === 'rejected' ? [end.reason.code] : []))
      expect(refused).toEqual(Array(4).fill('call-taken'))
    })

    test('who does not answer is called again by anybody', async () => {
      const filed = await replied()
      const { id } = await callOf(filed)
      const client = await at(agent)
      await client.post(`/calls/${id}/take`, {})
      await client.post(`/calls/${id}/outcome`, { outcome: 'no-answer' })
      desk.line.clock.advance(2 * HOUR)
      expect(await callOf(filed)).toMatchObject({ tries: 1, taken: null })
    })

    test('what need not be asked any more is not taken', async () => {
      const filed = await replied()
      const { id } = await callOf(filed)
      for (const text of ['联系过', '解决了', '满意']) await say(desk.line, filed.conversation, text)
      const refused = await (await at(agent)).post(`/calls/${id}/take`, {})
      expect(refused.json.error.code).toBe('call-not-found')
    })

    test('reached, but nothing was asked: refused', async () => {
      const filed = await replied()
      const { id } = await callOf(filed)
      const refused = await (await at(agent)).post(`/calls/${id}/outcome`, { outcome: 'reached' })
      expect(refused.json.error.code).toBe('action-invalid')
      expect(await callOf(filed)).toBeDefined()
    })

    test('who has answered in the chat meanwhile is not called any more', async () => {
      const filed = await replied()
      expect(await callOf(filed)).toBeDefined()
      for (const text of ['联系过', '解决了', '满意']) await say(desk.line, filed.conversation, text)
      expect((await stateOf(filed)).state).toBe('closed')
      expect(await callOf(filed)).toBeUndefined()
    })
  })

  describe('on the status page', () => {
    const tell = (filed: Filed, said: object, queryCode = desk.record.queryCodes.get(filed.case.id)!) =>
      tellByLink({ number: filed.case.number, queryCode }, { contacted: true, satisfied: null, ...said })

    test('solved closes the case; not solved within 14 days takes it up again', async () => {
      const filed = await replied()
      expect((await tell(filed, { resolved: true, satisfied: 'very' })).status).toBe(200)
      expect(await stateOf(filed)).toMatchObject({
        state: 'closed',
        followUp: { resolved: true, satisfied: 'very' },
      })
      expect((await tell(filed, { resolved: true })).json.error.code).toBe('action-not-now')
      expect((await tell(filed, { resolved: false })).status).toBe(200)
      expect(await stateOf(filed)).toMatchObject({ state: 'dispatched', reworkCount: 1 })
    })

    test('after 14 days it is closed for good', async () => {
      const filed = await replied()
      await tell(filed, { resolved: true })
      desk.line.clock.advance(15 * DAY)
      expect((await tell(filed, { resolved: false })).json.error.code).toBe('action-not-now')
    })

    test('needs the query code, and an answer', async () => {
      const filed = await replied()
      expect((await tell(filed, { resolved: true }, 'WRONG234')).json.error.code).toBe('query-code-wrong')
      expect((await tell(filed, { resolved: null })).json.error.code).toBe('body-invalid')
      expect((await stateOf(filed)).state).toBe('replied')
    })

    test('gives a QR code that holds the number only', async () => {
      const { case: filed } = await replied()
      const { json } = await call(running.url, '/api/status/slip', { body: { number: filed.number } })
      expect(json.svg).toMatch(/^<svg /)
      const wrong = await call(running.url, '/api/status/slip', { body: { number: '261124000011' } })
      expect(wrong.json.error.code).toBe('case-number-invalid')
    })
  })

  describe('a doubtful closure', () => {
    test('shows at the desk when the resident was not contacted, and when they come again', async () => {
      const filed = await replied()
      const client = await at(agent)
      const doubts = async () => (await client.get(`/cases/${filed.case.id}/doubts`)).json.rows
      expect(await doubts()).toEqual([])
      for (const text of ['没人联系', '解决了', '一般']) await say(desk.line, filed.conversation, text)
      expect(await doubts()).toEqual([{ because: 'not-contacted', seq: expect.any(Number), told: 'phone' }])
      desk.line.clock.advance(2 * DAY)
      await say(desk.line, filed.conversation, '人民路3号门口路灯不亮了，电话13800138000')
      await say(desk.line, filed.conversation, '提交')
      const { case: again } = await storedCase(desk.line, desk.record.caseIds.at(-1)!)
      expect(again.id).not.toBe(filed.case.id)
      expect(await doubts()).toEqual([
        { because: 'not-contacted', seq: expect.any(Number), told: 'phone' },
        { because: 'repeat', number: again.number, at: again.filedAt.toISOString() },
      ])
      const stranger = await at(accountOf('handler', 'education'))
      expect((await stranger.get(`/cases/${filed.case.id}/doubts`)).json.error.code).toBe('case-not-found')
    })
  })

  describe('the printed slip', () => {
    test('tells what, who and by when, and leads to the status page; no person, no query code', async () => {
      const { case: filed } = await fileOne(desk)
      const { status, json: page, headers } = await (await at(agent)).get(`/cases/${filed.id}/slip`)
      expect(status).toBe(200)
      expect(headers.get('content-type')).toContain('text/html')
      expect(page).toContain('@page{size:A5')
      expect(page).toContain('<svg ')
      expect(page.replaceAll(' ', '')).toContain(filed.number)
      expect(page).toContain('城市管理综合执法局')
      expect(page).toContain(`${PUBLIC_URL}/status`)
      for (const secret of ['王秀兰', '13800138000', desk.record.queryCodes.get(filed.id)!])
        expect(page).not.toContain(secret)
    })

    test('what people wrote cannot become markup, and no script would run', async () => {
      const { case: filed } = await fileOne(desk, {
        words: '<script>alert(1)</script>路灯不亮',
        place: '"><img src=x>',
      })
      const { json: page, headers } = await (await at(agent)).get(`/cases/${filed.id}/slip`)
      expect(page).not.toMatch(/<script|<img/)
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'; style-src 'sha256-/)
    })

    test('a confidential case says nothing of its matter, and others get none', async () => {
      const words = '街道干部吃拿卡要，不给红包就不办事'
      const { case: filed } = await fileOne(desk, {
        type: 'report',
        subject: 'party-government/cadre-conduct/petty-extortion',
        words,
      })
      expect((await (await at(agent)).get(`/cases/${filed.id}/slip`)).json.error.code).toBe('case-not-found')
    })
  })

  describe('dead letters', () => {
    const letter = (id: string, webhookId = 'hook'): DeadLetter => ({
      id,
      name: 'send-webhook',
      data: { caseId: 'case-1', seq: 4, event: 'urged', webhookId },
      failedAt: new Date('2026-11-24T02:00:00Z'),
      error: 'answered with 503 for 13800138000',
      failure: { why: 'not-accepted', answered: '503' },
    })
    const [first, second] = ['8f14e45f-ceea-4670-8b1b-6e2b6e0a0001', '8f14e45f-ceea-4670-8b1b-6e2b6e0a0002']

    test('are seen by administrators, who try them again or give them up', async () => {
      letters = [letter(first!), letter(second!)]
      const client = await at(admin)
      const { json } = await client.get('/dead-letters')
      expect(json.rows.map((row: { id: string }) => row.id)).toEqual([first, second])
      expect(json.rows[0]).toMatchObject({
        name: 'send-webhook',
        event: 'urged',
        error: 'answered with 503 for [phone]',
        failure: { why: 'not-accepted', answered: '503' },
        receiver: null,
      })
      expect((await client.post(`/dead-letters/${first}/replay`)).status).toBe(200)
      expect((await client.post(`/dead-letters/${first}/replay`)).json.error.code).toBe(
        'dead-letter-not-found',
      )
      expect((await client.post(`/dead-letters/${second}/discard`)).status).toBe(200)
      expect((await client.get('/dead-letters')).json.rows).toEqual([])
    })

    test('name whose system it was for and its host, and nothing else of its address', async () => {
      const { store } = desk.line
      const createdAt = new Date('2026-11-24T02:00:00Z')
      const owners = [
        { kind: 'department', department: 'education' },
        { kind: 'enterprise', enterprise: '91210100MA0P1XXXXE' },
      ] as const
      for (const [i, owner] of owners.entries()) {
        const url = `https://told-${i}.example.cn:8443/hooks?token=secret`
        await store.webhooks.add({ id: `told-${i}`, owner, url, events: [], createdAt }, 'secret')
      }
      const admin = accountOf('admin')
      const wanted = { name: '机床 ERP', scopes: ['cases:read' as const], ...FACTORY }
      await addEnterpriseKey(desk.line, admin, wanted)
      letters = [letter(first!, 'told-0'), letter(second!, 'told-1')]
      const { json } = await (await at(admin)).get('/dead-letters')
      expect(json.rows.map((row: { receiver: object }) => row.receiver)).toEqual([
        { kind: 'department', name: '教育局', host: 'told-0.example.cn:8443' },
        { kind: 'enterprise', name: FACTORY.displayName, host: 'told-1.example.cn:8443' },
      ])
      expect(JSON.stringify(json)).not.toContain('secret')
    })

    test('others are refused', async () => {
      letters = [letter(first!)]
      const client = await at(agent)
      expect((await client.get('/dead-letters')).json.error.code).toBe('action-forbidden')
      expect((await client.post(`/dead-letters/${first}/discard`)).json.error.code).toBe('action-forbidden')
      expect(letters).toHaveLength(1)
    })
  })

  describe('webhooks', () => {
    const wanted = { department: 'urban-management', url: 'https://8.8.8.8/events', events: ['urged'] }

    test('are made by administrators; the secret is told once', async () => {
      const client = await at(admin)
      const made = await client.post('/webhooks', wanted)
      expect(made.json.secret).toMatch(/^[\w-]{43}$/)
      const { id } = made.json.webhook
      const { json: listed } = await client.get('/webhooks')
      expect(listed.rows).toContainEqual(made.json.webhook)
      expect(JSON.stringify(listed)).not.toContain(made.json.secret)
      expect((await client.remove(`/webhooks/${id}`)).status).toBe(200)
      expect((await client.remove(`/webhooks/${id}`)).json.error.code).toBe('webhook-not-found')
    })

    test.each([
      [{ url: 'https://127.0.0.1/' }, 'webhook-address-refused'],
      [{ url: 'http://8.8.8.8/' }, 'webhook-address-refused'],
      [{ department: 'moon' }, 'department-not-found'],
      [{ events: ['noted'] }, 'action-invalid'],
      [{ url: 'file:///etc/passwd' }, 'body-invalid'],
    ])('%o is refused: %s', async (changes, code) => {
      const answer = await (await at(admin)).post('/webhooks', { ...wanted, ...changes })
      expect(answer.json.error.code).toBe(code)
    })

    test('the same address is told of the same department once', async () => {
      const client = await at(admin)
      const url = 'https://8.8.8.8/twice'
      const [first] = [await client.post('/webhooks', { ...wanted, url })]
      const second = await client.post('/webhooks', { ...wanted, url, events: [] })
      expect([first.status, second.status, second.json.error.code]).toEqual([200, 409, 'webhook-exists'])
      expect((await client.post('/webhooks', { ...wanted, url, department: 'education' })).status).toBe(200)
      await client.remove(`/webhooks/${first.json.webhook.id}`)
      expect((await client.post('/webhooks', { ...wanted, url })).status).toBe(200)
    })

    test('a repeated request makes one subscription, and does not tell the secret again', async () => {
      const client = await at(admin)
      const before = (await client.get('/webhooks')).json.rows.length
      const key = { 'idempotency-key': 'hook-1' }
      const first = await client.post('/webhooks', wanted, key)
      const second = await client.post('/webhooks', wanted, key)
      expect(second.json).toEqual({ webhook: first.json.webhook, secret: null })
      expect((await client.get('/webhooks')).json.rows).toHaveLength(before + 1)
    })
  })

  describe('an idempotency key', () => {
    const urge = (version: number) => ({ action: 'urge', expectedVersion: version })
    const urges = async (id: string) => (await storedCase(desk.line, id)).case.urgeCount

    test('the same request again gets the same answer, and nothing happens twice', async () => {
      const { case: filed } = await fileOne(desk)
      const client = await at(agent)
      const post = (body: object) =>
        client.post(`/cases/${filed.id}/actions`, body, { 'idempotency-key': 'urge-1' })
      const first = await post(urge(filed.version))
      expect(first.json).toEqual({ version: filed.version + 1 })
      const second = await post(urge(filed.version))
      expect([second.status, second.json]).toEqual([200, first.json])
      expect(second.headers.get('idempotency-replayed')).toBe('true')
      expect(await urges(filed.id)).toBe(1)
      const other = await post({ ...urge(filed.version), reason: '又催' })
      expect([other.status, other.json.error.code]).toEqual([422, 'idempotency-mismatch'])
      expect(await urges(filed.id)).toBe(1)
    })

    test('many at once: one does it, all get its answer', async () => {
      const { case: filed } = await fileOne(desk)
      const client = await at(agent)
      const all = await Promise.all(
        Array.from({ length: 6 }, () =>
          client.post(`/cases/${filed.id}/actions`, urge(filed.version), { 'idempotency-key': 'urge-2' }),
        ),
      )
      expect(all.map(({ json }) => json)).toEqual(Array(6).fill({ version: filed.version + 1 }))
      expect(await urges(filed.id)).toBe(1)
    })

    test('the answer is there as soon as the effect is, also when nobody was left to send it', async () => {
      const { case: filed } = await fileOne(desk)
      const place = { accountId: agent.id, key: 'urge-3', request: 'hash', at: desk.line.clock.now() }
      await actAtDesk(
        desk.line,
        agent,
        filed.id,
        { ...urge(filed.version), input: {}, reason: null },
        (tx, version) => tx.keepAnswer({ ...place, body: { version } }),
      )
      expect(await desk.line.store.answers.find(agent.id, 'urge-3')).toMatchObject({
        body: { version: filed.version + 1 },
      })
    })

    test('what was refused may be tried again with the same key', async () => {
      const { case: filed } = await fileOne(desk)
      const client = await at(agent)
      const post = (version: number) =>
        client.post(`/cases/${filed.id}/actions`, urge(version), { 'idempotency-key': `again-${version}` })
      expect((await post(filed.version - 1)).status).toBe(409)
      expect((await post(filed.version - 1)).headers.get('idempotency-replayed')).toBeNull()
    })

    test('belongs to its account, and is forgotten after a day', async () => {
      const { case: filed } = await fileOne(desk)
      const key = { 'idempotency-key': 'shared' }
      await (await at(agent)).post(`/cases/${filed.id}/actions`, urge(filed.version), key)
      const other = { ...agent, id: '00000000-0000-7000-8000-000000000099' }
      expect(
        (await (await at(other)).post(`/cases/${filed.id}/actions`, urge(filed.version), key)).status,
      ).toBe(409)
      await desk.line.store.answers.forgetBefore(new Date(desk.line.clock.now().getTime() + 1))
      expect(await desk.line.store.answers.find(agent.id, 'shared')).toBeNull()
    })

    test.each(['', '  ', '键', 'a b', 'x'.repeat(201)])('that is none (%j) is refused', async key => {
      const { case: filed } = await fileOne(desk)
      const sent = encodeURI(key) === key || key.includes(' ') ? key : Buffer.from(key).toString('latin1')
      const answer = await (await at(agent)).post(`/cases/${filed.id}/actions`, urge(filed.version), {
        'idempotency-key': sent,
      })
      expect(answer.json.error.code).toBe('idempotency-key-invalid')
    })
  })

  describe('the link in a short message', () => {
    const open = (token: string, body?: string) =>
      call(running.url, `/notices/${token}`, {
        ...(body === undefined ? {} : { body }),
        headers: {
          'accept-language': 'zh-CN',
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
      })

    test('shows what one wants to be told and changes it by a button, not by being opened', async () => {
      const { case: filed } = await fileOne(desk)
      const { clock, store } = desk.line
      const token = await store.transact(tx => tx.notices.linkOf(filed.id, clock.now()))
      expect(token).not.toContain(filed.id)
      const page = await open(token)
      expect(page.status).toBe(200)
      expect(page.json).toContain('aria-pressed="true">进展和结果都告诉我')
      expect(await store.transact(tx => tx.notices.wants(filed.id))).toBe('all')
      expect((await open(token, 'wants=nothing')).json).toContain('aria-pressed="true">都不用告诉我')
      expect(await store.transact(tx => tx.notices.wants(filed.id))).toBe('nothing')
      expect((await open(token, 'wants=everything')).status).toBe(400)
      expect(running.logged.join('')).not.toContain(token)
    })

    test("a link that is nobody's opens nothing", async () => {
      expect((await open('AAAAAAAAAAAAAAAAAAAAAA')).json.error.code).toBe('notice-link-not-found')
      expect((await open('AAAAAAAAAAAAAAAAAAAAAA', 'wants=nothing')).json.error.code).toBe(
        'notice-link-not-found',
      )
    })
  })
})
