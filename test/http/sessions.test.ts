import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/kernel/clock.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { type Desk, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'
import { call } from './start-line.ts'

const PASSWORD = 'right horse'

describe('sessions of staff', () => {
  const lines = useTestLine()
  let desk: Desk
  let running: WiredDesk
  let li: Account
  let number = 0

  beforeAll(async () => {
    desk = lines.fresh()
    const { accounts } = desk.line.store
    running = await startWiredDesk(desk.line, undefined, { staff: accounts })
    await accounts.add({ login: 'boss', displayName: '管理员', role: 'admin', department: null }, PASSWORD)
  })
  beforeEach(async () => {
    const wanted = { login: `li${number++}`, displayName: '李伟', role: 'agent', department: null } as const
    li = await desk.line.store.accounts.add(wanted, PASSWORD)
  })
  afterAll(() => running.stop())

  const logIn = (login: string, password = PASSWORD) =>
    call(running.url, '/api/desk/login', {
      body: { login, password },
      headers: { origin: running.url, 'user-agent': 'Firefox/150' },
    })

  /** A browser in which somebody has logged in. */
  async function browser(login: string) {
    const { headers, json } = await logIn(login)
    const cookie = headers
      .getSetCookie()
      .map(line => line.split(';')[0]!)
      .join('; ')
    const own = { cookie, 'x-csrf-token': String(json.csrfToken), origin: running.url }
    return (method: string, path: string, more: Record<string, string> = {}) =>
      call(running.url, `/api/desk${path}`, { method, headers: { ...own, ...more } })
  }

  test('are listed to their owner, who ends one from another', async () => {
    const [first, second] = [await browser(li.login), await browser(li.login)]
    const { rows } = (await first('GET', '/sessions')).json
    expect(
      rows.map((each: { isThis: boolean; browser: string }) => [each.isThis, each.browser]).sort(),
    ).toEqual([
      [false, 'Firefox/150'],
      [true, 'Firefox/150'],
    ])
    const other = rows.find((each: { isThis: boolean }) => !each.isThis)
    expect((await first('DELETE', `/sessions/${other.id}`)).status).toBe(200)
    expect((await second('GET', '/me')).status).toBe(401)
    const again = await first('DELETE', `/sessions/${other.id}`)
    expect([again.status, again.json.error.code]).toEqual([404, 'session-not-found'])
  })

  test('all others end at once, this one stays', async () => {
    const all = [await browser(li.login), await browser(li.login), await browser(li.login)]
    expect((await all[0]!('DELETE', '/sessions')).json).toEqual({ ended: 2 })
    const statuses = await Promise.all(all.map(async each => (await each('GET', '/me')).status))
    expect(statuses).toEqual([200, 401, 401])
  })

  test("another's are for administrators alone", async () => {
    const mine = await browser(li.login)
    const boss = await browser('boss')
    const { rows } = (await boss('GET', `/sessions?account=${li.id}`)).json
    expect(rows).toHaveLength(1)
    const curious = await mine('GET', '/sessions?account=somebody')
    expect([curious.status, curious.json.error.code]).toEqual([403, 'action-forbidden'])
    const bossId = (await boss('GET', '/me')).json.account.id
    const [own] = (await boss('GET', '/sessions')).json.rows
    expect((await mine('DELETE', `/sessions/${own.id}?account=${bossId}`)).status).toBe(403)
    expect((await mine('DELETE', `/sessions/${own.id}`)).status).toBe(404)
    expect((await boss('DELETE', `/sessions/${rows[0].id}?account=${li.id}`)).status).toBe(200)
    expect((await mine('GET', '/me')).status).toBe(401)
  })

  test('end an hour after the last thing done, and twelve hours after they began', async () => {
    const { clock } = desk.line
    const used = await browser(li.login)
    const left = await browser(li.login)
    const watched = await browser(li.login)
    const statuses = []
    for (let i = 0; i < 15; i++) {
      clock.advance(50 * MINUTE)
      statuses.push((await used('GET', '/me')).status)
      // What the page asks by itself does not count.
      if (i === 0) expect((await watched('GET', '/me', { 'x-nobody-there': '1' })).status).toBe(200)
      if (i === 1)
        expect([(await left('GET', '/me')).status, (await watched('GET', '/me')).status]).toEqual([401, 401])
    }
    expect(statuses).toEqual([...Array(14).fill(200), 401])
  })

  test('are not opened while a login waits, even by the right password, and the wait is told in words', async () => {
    const { clock } = desk.line
    for (let i = 0; i < 5; i++) expect((await logIn(li.login, 'wrong')).status).toBe(401)
    const waiting = await logIn(li.login)
    expect([waiting.status, waiting.json.error.code]).toEqual([429, 'login-waits'])
    expect(waiting.headers.get('retry-after')).toBe('15')
    expect(waiting.json.error.message).toContain('15')
    clock.advance(15_000)
    expect((await logIn(li.login)).status).toBe(200)
    clock.advance(HOUR)
  })
})
