import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NumberView } from '../../src/hall/told-hall.ts'
import { DAY, MINUTE } from '../../src/kernel/clock.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { deskClient } from '../support/desk-client.ts'
import { accountOf, type Desk, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'
import { call } from './start-line.ts'

const lines = useTestLine()
let desk: Desk
let running: WiredDesk
let taps = 0
let days = 0

beforeAll(async () => {
  desk = lines.fresh()
  running = await startWiredDesk(desk.line)
})
afterAll(() => running.stop())
/** An empty hall for every test: a Tuesday at ten. */
beforeEach(() =>
  desk.line.clock.set(new Date(Date.parse('2026-12-01T02:00:00Z') + 7 * DAY * days++).toISOString()),
)

const post = (path: string, body: unknown, language = 'zh-CN') =>
  call(running.url, `/api/hall${path}`, { body, headers: { 'accept-language': language } })
const take = (group = 'medical', changes: object = {}) =>
  post('/numbers', { group, by: 'page', request: `tap-number-${++taps}`, ...changes })
const show = async (code: string) => (await post('/number', { code })).json as unknown as NumberView

async function clerk(account: Account = accountOf('agent')) {
  running.accounts.seat(account)
  return deskClient(running.url)
}
const codeOf = (answer: { json: Record<string, unknown> }) => (answer.json.error as { code: string }).code

describe('a number in the hall', () => {
  it('is taken, called, started, finished, and its page follows', async () => {
    const { status, json } = await take()
    expect(status).toBe(200)
    const number = json as unknown as NumberView & { qr: string }
    expect(number).toMatchObject({ label: 'B001', group: '医保', state: 'waiting', before: 0, wait: null })
    expect(number.qr).toContain('<svg')

    const window = await clerk()
    await window.post('/hall/windows/3/open', {})
    expect((await show(number.code)).wait).not.toBeNull()
    expect((await window.post('/hall/windows/3/next', {})).json).toEqual({ label: 'B001' })
    const called = await show(number.code)
    expect(called).toMatchObject({ state: 'called', window: '3' })
    expect(called.plan.text).toContain('3号窗口')
    const { current } = (await window.get('/hall')).json as { current: { id: string } }
    for (const action of ['start', 'finish'])
      expect((await window.post(`/hall/windows/3/tickets/${current.id}/${action}`, {})).status).toBe(200)
    expect(await show(number.code)).toMatchObject({ state: 'served' })
  })

  it('is the same for the same tap, and another for another', async () => {
    const [one, again, other] = [
      await take('medical', { request: 'one-and-the-same' }),
      await take('medical', { request: 'one-and-the-same' }),
      await take(),
    ]
    expect(again.json.code).toBe(one.json.code)
    expect(other.json.label).toBe('B002')
  })

  it('is missed after two calls, and comes back for half an hour', async () => {
    const code = String((await take()).json.code)
    const window = await clerk()
    await window.post('/hall/windows/3/open', {})
    await window.post('/hall/windows/3/next', {})
    const { current } = (await window.get('/hall')).json as { current: { id: string } }
    const at = `/hall/windows/3/tickets/${current.id}`
    await window.post(`${at}/recall`, {})
    expect((await show(code)).calls).toBe(2)
    await window.post(`${at}/miss`, {})
    expect(await show(code)).toMatchObject({ state: 'missed', mayReturn: true })
    expect((await post('/number/rejoin', { code })).json).toMatchObject({ state: 'waiting' })

    await window.post('/hall/windows/3/next', {})
    await window.post(`${at}/miss`, {})
    desk.line.clock.advance(31 * MINUTE)
    const late = await post('/number/rejoin', { code })
    expect([late.status, codeOf(late)]).toEqual([409, 'ticket-not-now'])
  })

  it('goes to another window before those who wait there, and only there', async () => {
    const first = await take('medical')
    for (let i = 0; i < 3; i++) await take('police')
    const window = await clerk()
    await window.post('/hall/windows/3/open', {})
    await window.post('/hall/windows/3/next', {})
    const { current } = (await window.get('/hall')).json as { current: { id: string } }
    const at = `/hall/windows/3/tickets/${current.id}/transfer`
    const refused = await window.post(at, { group: 'police', onlyWindow: '3' })
    expect([refused.status, codeOf(refused)]).toEqual([409, 'hall-window-serves-not'])
    expect((await window.post(at, { group: 'police', onlyWindow: '8' })).status).toBe(200)
    await window.post('/hall/windows/3/close', {})
    await window.post('/hall/windows/8/open', {})
    expect((await window.post('/hall/windows/8/next', {})).json.label).toBe(first.json.label)
  })

  it('speaks the language that is read', async () => {
    expect(
      (await post('/numbers', { group: 'real-estate', by: 'kiosk', request: 'tap-in-english' }, 'en')).json,
    ).toMatchObject({
      group: 'Real estate and tax',
      plan: { floor: 'Ground floor' },
    })
  })
})

describe('what is refused', () => {
  it('a number at night, of nothing, or of no code', async () => {
    const nothing = await take('haircut')
    expect([nothing.status, codeOf(nothing)]).toEqual([404, 'hall-group-not-found'])
    const unknown = await post('/number', { code: 'NOSUCHCODE' })
    expect([unknown.status, codeOf(unknown)]).toEqual([404, 'ticket-not-found'])
    desk.line.clock.advance(10 * 60 * MINUTE)
    const night = await take()
    expect([night.status, codeOf(night)]).toEqual([409, 'hall-closed'])
    expect((night.json.error as { message: string }).message).toContain('08:30')
  })

  it('the next one while somebody is served, at a window of others, or at none', async () => {
    await take()
    await take()
    const window = await clerk()
    const closed = await window.post('/hall/windows/3/next', {})
    expect([closed.status, codeOf(closed)]).toEqual([409, 'hall-window-closed'])
    await window.post('/hall/windows/3/open', {})
    await window.post('/hall/windows/3/next', {})
    const busy = await window.post('/hall/windows/3/next', {})
    expect([busy.status, codeOf(busy)]).toEqual([409, 'hall-window-busy'])
    expect(codeOf(await window.post('/hall/windows/3/close', {}))).toBe('hall-window-busy')
    expect(codeOf(await window.post('/hall/windows/77/open', {}))).toBe('hall-window-not-found')
    const other = await clerk(accountOf('supervisor'))
    expect(codeOf(await other.post('/hall/windows/3/open', {}))).toBe('hall-window-taken')
  })

  it('windows to whoever does not serve in the hall', async () => {
    const auditor = await clerk(accountOf('auditor'))
    expect((await auditor.get('/hall')).status).toBe(403)
    expect((await auditor.post('/hall/windows/3/open', {})).status).toBe(403)
  })
})
