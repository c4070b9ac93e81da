import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/kernel/clock.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { deskClient } from '../support/desk-client.ts'
import { BAKERY, enterpriseProgram, FACTORY, LIGHT } from '../support/enterprise-client.ts'
import { firmBrowser } from '../support/firm-browser.ts'
import { accountOf, type Desk, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const lines = useTestLine()
const PHONE = '13812345678'
const steward = (login: string): Account => ({ ...accountOf('agent'), id: `id-of-${login}`, login })
const LI = steward('steward-li')
const WANG = steward('steward-wang')
let desk: Desk
let running: WiredDesk
let codes: string[] = []
/** Tuesday morning, when people work. */
const MORNING = new Date('2026-11-24T09:30:00+08:00')

beforeAll(async () => {
  desk = lines.fresh()
  desk.line.clock.set(MORNING)
  running = await startWiredDesk(desk.line, undefined, {
    codeGateway: {
      send: async ({ of }) => {
        codes.push(String(of?.params?.code))
        return 'sent'
      },
    },
  })
})
afterAll(() => running.stop())

const at = async (account: Account) => {
  running.accounts.seat(account)
  return deskClient(running.url)
}
/** An enterprise that a supervisor has added, with its steward. */
async function added(firm: { enterprise: string; displayName: string }, sector: string) {
  const supervisor = await at(accountOf('supervisor'))
  const contact = { name: '周经理', phone: PHONE }
  await supervisor.post('/enterprises', { code: firm.enterprise, name: firm.displayName, sector, contact })
}

describe("an enterprise's page", () => {
  test('opens by a key, shows its own cases and no others, and closes', async () => {
    await added(FACTORY, 'manufacturing')
    const factory = await enterpriseProgram(running)
    const bakery = await enterpriseProgram(running, BAKERY)
    const mine = (await factory.send('/cases', LIGHT)).json.case.number
    const theirs = (await bakery.send('/cases', LIGHT)).json.case.number
    const page = firmBrowser(running.url)
    expect((await page.get('/me')).status).toBe(401)
    expect((await page.post('/session', { key: factory.secret })).status).toBe(200)
    expect((await page.get('/me')).json).toMatchObject({
      name: FACTORY.displayName,
      steward: { name: '李管家' },
      isQuiet: false,
    })
    const numbers = (await page.get('/cases?which=open')).json.rows.map(
      (row: { number: string }) => row.number,
    )
    expect(numbers).toEqual([mine])
    expect((await page.get(`/cases/${theirs}`)).status).toBe(404)
    const urged = await page.post(`/cases/${mine}/act`, { do: 'urge' })
    expect(urged.json.number).toBe(mine)
    expect((await page.post(`/cases/${theirs}/act`, { do: 'urge' })).status).toBe(404)
    await page.remove('/session')
    expect((await page.get('/me')).status).toBe(401)
  })

  test('an enterprise that nobody had added gets a steward when its key opens the page', async () => {
    const bakery = await enterpriseProgram(running, BAKERY)
    const page = firmBrowser(running.url)
    await page.post('/session', { key: bakery.secret })
    expect((await page.get('/me')).json.steward).toMatchObject({ name: '赵管家' })
  })

  test('does only what the key allows', async () => {
    const reader = await enterpriseProgram(running, { scopes: ['cases:read'] })
    const page = firmBrowser(running.url)
    await page.post('/session', { key: reader.secret })
    expect((await page.get('/cases')).status).toBe(200)
    expect((await page.post('/talk', { text: '在吗' })).json.error.code).toBe('scope-missing')
    expect((await page.get('/systems')).status).toBe(403)
  })

  test('a key of the desk and a wrong one open nothing', async () => {
    const page = firmBrowser(running.url)
    expect((await page.post('/session', { key: 'yk_wrong' })).status).toBe(401)
  })

  test('opens by a code to the number of its contact, and to nobody who has another number', async () => {
    const page = firmBrowser(running.url)
    codes = []
    await page.post('/phone/code', { phone: PHONE })
    const body = { enterprise: FACTORY.enterprise, phone: PHONE, code: codes[0] }
    expect((await page.post('/phone/session', { ...body, code: '000000' })).status).toBe(403)
    expect((await page.post('/phone/session', body)).status).toBe(200)
    expect((await page.get('/me')).json.code).toBe(FACTORY.enterprise)
    const other = firmBrowser(running.url)
    await other.post('/phone/code', { phone: '13900001111' })
    const refused = await other.post('/phone/session', { ...body, phone: '13900001111', code: codes[1] })
    expect(refused.json.error.code).toBe('enterprise-not-found')
    expect((await other.get('/me')).status).toBe(401)
  })

  test('changes and revokes its own keys; whoever came in with one is out with it', async () => {
    const mine = await enterpriseProgram(running)
    const theirs = await enterpriseProgram(running, BAKERY)
    const page = firmBrowser(running.url)
    await page.post('/session', { key: mine.secret })
    const rotated = await page.post(`/keys/${mine.keyId}/rotation`, { graceHours: 0 })
    expect(rotated.json.secret).toMatch(/^yk_/)
    expect((await page.post(`/keys/${theirs.keyId}/rotation`, {})).json.error.code).toBe('key-not-found')
    expect((await page.remove(`/keys/${theirs.keyId}`)).status).toBe(404)
    expect((await page.remove(`/keys/${mine.keyId}`)).status).toBe(200)
    expect((await page.get('/me')).status).toBe(401)
  })
})

describe('a steward', () => {
  const opened = async () => {
    const page = firmBrowser(running.url)
    await page.post('/session', { key: (await enterpriseProgram(running)).secret })
    return page
  }

  test('sees their own enterprises; other agents see none of them, and handlers may not ask', async () => {
    const li = await at(LI)
    expect((await li.get('/enterprises')).json.rows).toMatchObject([
      { code: FACTORY.enterprise, openCases: 1, stageName: '洽谈' },
    ])
    expect((await (await at(WANG)).get('/enterprises')).json.rows).toEqual([])
    expect((await (await at(WANG)).get(`/enterprises/${FACTORY.enterprise}`)).status).toBe(404)
    for (const role of ['handler', 'arbiter', 'auditor'] as const)
      expect((await (await at(accountOf(role))).get('/enterprises')).status).toBe(403)
    const all = (await (await at(accountOf('supervisor'))).get('/enterprises')).json
    expect(all.rows).toHaveLength(2)
    expect(all.load).toContainEqual({ login: 'steward-li', name: '李管家', count: 1, most: 40 })
  })

  test('has what the enterprise writes alone, answers it, and only then do others see it', async () => {
    const page = await opened()
    await page.post('/talk', { text: '我们想扩建厂房，先办什么？' }, { 'idempotency-key': 'q1' })
    await page.post('/talk', { text: '我们想扩建厂房，先办什么？' }, { 'idempotency-key': 'q1' })
    const said = (await page.get('/talk')).json.rows
    expect(said.map(({ from }: { from: string }) => from)).toEqual(['resident', 'line'])
    expect(said[1].text).toContain('李管家')
    const li = await at(LI)
    const [chat] = (await li.get('/chats')).json.rows
    expect(chat).toMatchObject({
      channel: 'enterprise',
      isForMe: true,
      lastWords: '我们想扩建厂房，先办什么？',
    })
    const wang = await at(WANG)
    expect((await wang.get('/chats')).json.rows).toEqual([])
    expect((await wang.post(`/chats/${chat.id}/take`, {})).json.error.code).toBe('chat-taken')
    const again = await at(LI)
    expect((await again.post(`/chats/${chat.id}/take`, {})).status).toBe(200)
    await again.post(`/chats/${chat.id}/messages`, { text: '先办建设工程规划许可' })
    const after = (await page.get('/talk?after=2')).json.rows
    expect(after.map(({ text }: { text: string }) => text)).toContain('先办建设工程规划许可')
    await again.post(`/chats/${chat.id}/finish`, {})
  })

  test('who does not answer in time: everybody who answers chats sees it', async () => {
    const page = await opened()
    await page.post('/talk', { text: '电费发票开错了找谁' })
    expect((await (await at(WANG)).get('/chats')).json.rows).toEqual([])
    desk.line.clock.advance(3 * HOUR + 30 * MINUTE)
    const [chat] = (await (await at(WANG)).get('/chats')).json.rows
    const wang = await at(WANG)
    expect((await wang.post(`/chats/${chat.id}/take`, {})).status).toBe(200)
    await wang.post(`/chats/${chat.id}/finish`, {})
  })

  test('writes first as rarely as the rules say, and never after 不用了', async () => {
    desk.line.clock.set(new Date('2026-12-01T10:00:00+08:00'))
    const page = await opened()
    const write = async (text: string) =>
      (await at(LI)).post(`/enterprises/${FACTORY.enterprise}/messages`, { text })
    expect((await write('新的惠企政策出来了')).status).toBe(200)
    expect((await write('再说一次')).json.error.details.because).toBe('too-soon')
    desk.line.clock.advance(7 * DAY)
    expect((await write('第二条')).status).toBe(200)
    desk.line.clock.advance(8 * DAY)
    expect((await write('第三条')).json.error.details.because).toBe('too-often')
    await page.post('/session', { key: (await enterpriseProgram(running)).secret })
    await page.post('/quiet', { isQuiet: true })
    desk.line.clock.set(new Date('2027-01-12T10:00:00+08:00'))
    expect((await write('新年好')).json.error.details.because).toBe('unwanted')
    await page.post('/session', { key: (await enterpriseProgram(running)).secret })
    await page.post('/talk', { text: '有补贴吗' })
    expect((await write('有，我来说明')).status).toBe(200)
  })

  test('goes on to the next stage, ticks steps, notes; only supervisors assign', async () => {
    const deed = async (account: Account, body: object, code: string = FACTORY.enterprise) =>
      (await at(account)).post(`/enterprises/${code}/deeds`, body)
    expect((await deed(LI, { do: 'begin-stage', stage: 'construction' })).status).toBe(200)
    expect((await deed(LI, { do: 'tick-step', step: 'planning', isDone: true })).status).toBe(200)
    expect((await deed(LI, { do: 'tick-step', step: 'nothing', isDone: true })).status).toBe(400)
    expect((await deed(LI, { do: 'note', text: '下周看厂房' })).status).toBe(200)
    expect((await deed(WANG, { do: 'note', text: '不是我的' })).status).toBe(404)
    expect((await deed(LI, { do: 'assign', steward: 'steward-wang' })).status).toBe(403)
    const seen = (await (await at(LI)).get(`/enterprises/${FACTORY.enterprise}`)).json
    expect(seen.life.stages.find(({ state }: { state: string }) => state === 'now').id).toBe('construction')
    expect(seen.life.steps.at(-1)).toMatchObject({ id: 'planning', isDone: true })
    expect(seen.contact).toEqual({ name: '周**', phone: '138****5678' })
    const looked = await (await at(LI)).post(`/enterprises/${FACTORY.enterprise}/contact`, {})
    expect(looked.json).toEqual({ name: '周经理', phone: PHONE })
    expect((await deed(accountOf('supervisor'), { do: 'assign', steward: 'steward-wang' })).status).toBe(200)
    expect((await (await at(LI)).get(`/enterprises/${FACTORY.enterprise}`)).status).toBe(404)
    const { records } = (await (await at(WANG)).get(`/enterprises/${FACTORY.enterprise}`)).json
    expect(records.map(({ what }: { what: string }) => what).slice(0, 5)).toEqual([
      'assigned',
      'looked',
      'note',
      'step',
      'stage',
    ])
  })
})
