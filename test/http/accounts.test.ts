import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DESK_ROLES } from '../../src/cases/case-state.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { StaffBrowser } from '../support/staff-browser.ts'
import { type Desk, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const PASSWORD = 'a password of tests'

describe('accounts', () => {
  const lines = useTestLine()
  let desk: Desk
  let running: WiredDesk
  let boss: StaffBrowser
  let bossId: string
  let li: Account
  let number = 0

  beforeAll(async () => {
    desk = lines.fresh()
    const { accounts } = desk.line.store
    running = await startWiredDesk(desk.line, undefined, { staff: accounts })
    for (const role of DESK_ROLES)
      await accounts.add(
        { login: role, displayName: role, role, department: role === 'handler' ? 'urban-management' : null },
        PASSWORD,
      )
    boss = new StaffBrowser(running.url)
    bossId = (await boss.logIn('admin', PASSWORD)).json.account.id
  })
  beforeEach(async () => {
    const wanted = { login: `li${number++}`, displayName: '李伟', role: 'agent', department: null } as const
    li = await desk.line.store.accounts.add(wanted, PASSWORD)
  })
  afterAll(() => running.stop())

  const at = async (login: string, password = PASSWORD) => {
    const browser = new StaffBrowser(running.url)
    const { status, json } = await browser.logIn(login, password)
    return Object.assign(browser, { status, code: json.error?.code ?? null, need: json.need ?? null })
  }
  const codeOf = ({ status, json }: { status: number; json: { error?: { code: string } } }) => [
    status,
    json.error?.code ?? null,
  ]
  const changesOf = async (id: string) =>
    (await boss.get(`/account-changes?account=${id}`)).json.rows as {
      change: string
      by: string
      details: object
    }[]

  test('an administrator adds a handler, whose first password is told once, opens nothing but its own change', async () => {
    const wanted = { login: 'Zhao.Min', displayName: '赵敏', role: 'handler', department: 'urban-management' }
    const first = await boss.post('/accounts', wanted, { 'idempotency-key': 'add-zhao' })
    const again = await boss.post('/accounts', wanted, { 'idempotency-key': 'add-zhao' })
    expect(first.json.account).toMatchObject({ login: 'zhao.min', role: 'handler' })
    expect([again.json.account, again.json.password]).toEqual([first.json.account, null])
    const zhao = await at('zhao.min', first.json.password)
    expect(zhao.need).toBe('password')
    for (const path of ['/cases', '/reference', '/sessions', '/events', '/me/factor'])
      expect(codeOf(await zhao.get(path))).toEqual([403, 'login-unfinished'])
    expect((await zhao.reload()).json.need).toBe('password')
    const refusals = [
      [{ old: 'wrong', wanted: '路灯坏了三天没人来修' }, 'password-wrong'],
      [{ old: first.json.password, wanted: first.json.password }, 'password-unchanged'],
      [{ old: first.json.password, wanted: 'short' }, 'password-too-short'],
      [{ old: first.json.password, wanted: 'zhao.min2026' }, 'password-known'],
    ] as const
    for (const [body, code] of refusals)
      expect((await zhao.post('/me/password', body)).json.error.code).toBe(code)
    const changed = await zhao.post('/me/password', {
      old: first.json.password,
      wanted: '路灯坏了三天没人来修',
    })
    expect(changed.json).toEqual({ need: null })
    expect((await zhao.get('/cases')).status).toBe(200)
    expect((await at('zhao.min', first.json.password)).code).toBe('login-failed')
    expect((await changesOf(first.json.account.id)).map(({ change, by }) => `${change} ${by}`)).toEqual([
      'password-changed zhao.min',
      'added admin',
    ])
  })

  test.each([
    [{ login: 'admin' }, 409, 'login-taken'],
    [{ login: 'x' }, 400, 'body-invalid'],
    [{ login: 'a b' }, 400, 'body-invalid'],
    [{ role: 'resident' }, 400, 'body-invalid'],
    [{ role: 'handler', department: 'no-such' }, 404, 'department-not-found'],
    [{ role: 'handler', department: null }, 404, 'department-not-found'],
    [{ role: 'agent', department: 'urban-management' }, 404, 'department-not-found'],
    [{ password: 'short' }, 400, 'password-too-short'],
    [{ password: 'password123' }, 400, 'password-known'],
  ])('with %j none is added', async (changes, status, code) => {
    const wanted = { login: 'nobody.yet', displayName: '某', role: 'agent', ...changes }
    expect(codeOf(await boss.post('/accounts', wanted))).toEqual([status, code])
  })

  test('another name, role and department are told with what was before, and the open desk follows', async () => {
    const browser = await at(li.login)
    expect((await browser.get('/calls')).status).toBe(200)
    const wanted = { displayName: '李伟（城管）', role: 'handler', department: 'urban-management' }
    expect((await boss.post(`/accounts/${li.id}`, wanted)).status).toBe(200)
    expect((await browser.get('/calls')).status).toBe(403)
    expect((await browser.get('/me')).json.account).toMatchObject(wanted)
    await boss.post(`/accounts/${li.id}`, wanted)
    expect(await changesOf(li.id)).toMatchObject([
      {
        change: 'changed',
        by: 'admin',
        details: {
          displayName: { from: '李伟', to: '李伟（城管）' },
          role: { from: 'agent', to: 'handler' },
          department: { from: null, to: 'urban-management' },
        },
      },
    ])
  })

  test('whoever is disabled is out at once and is told why, and comes in again when enabled', async () => {
    const browser = await at(li.login)
    expect((await boss.post(`/accounts/${li.id}/disabling`)).status).toBe(200)
    expect((await browser.get('/me')).status).toBe(401)
    expect((await at(li.login)).code).toBe('account-disabled')
    // Whoever does not know the password learns nothing of it.
    expect((await at(li.login, 'wrong')).code).toBe('login-failed')
    await boss.post(`/accounts/${li.id}/enabling`)
    expect((await at(li.login)).status).toBe(200)
    expect((await changesOf(li.id)).map(({ change }) => change)).toEqual(['enabled', 'disabled'])
  })

  test('a password that was reset ends all sessions and must be changed', async () => {
    const browser = await at(li.login)
    const chosen = await boss.post(`/accounts/${li.id}/password`, { password: '先用这个密码登录再改掉' })
    expect(chosen.json.password).toBe('先用这个密码登录再改掉')
    expect((await browser.get('/me')).status).toBe(401)
    expect((await at(li.login)).code).toBe('login-failed')
    expect((await at(li.login, '先用这个密码登录再改掉')).need).toBe('password')
    expect((await boss.post(`/accounts/${li.id}/password`, {})).json.password).toHaveLength(14)
  })

  test('an administrator ends all sessions of somebody', async () => {
    const both = [await at(li.login), await at(li.login)]
    await boss.post(`/accounts/${li.id}/sessions-end`)
    for (const browser of both) expect((await browser.get('/me')).status).toBe(401)
  })

  test('nobody does to themselves what another must do', async () => {
    const steps = ['disabling', 'password', 'factor-removal']
    for (const step of steps)
      expect(codeOf(await boss.post(`/accounts/${bossId}/${step}`))).toEqual([409, 'own-account'])
    const demoted = { displayName: '管理员', role: 'agent' }
    expect(codeOf(await boss.post(`/accounts/${bossId}`, demoted))).toEqual([409, 'own-account'])
    expect((await boss.post(`/accounts/${bossId}`, { ...demoted, role: 'admin' })).status).toBe(200)
  })

  test('of an account that there is not nothing is done', async () => {
    for (const path of ['', '/disabling', '/enabling', '/password', '/factor-removal', '/sessions-end'])
      expect(
        codeOf(await boss.post(`/accounts/nobody${path}`, path ? {} : { displayName: 'x', role: 'agent' })),
      ).toEqual([404, 'account-not-found'])
  })

  test.each(DESK_ROLES.filter(role => role !== 'admin'))('%s manages no accounts', async role => {
    const browser = await at(role)
    expect(codeOf(await browser.get('/accounts'))).toEqual([403, 'action-forbidden'])
    const wanted = { login: 'friend', displayName: '友', role: 'admin' }
    expect(codeOf(await browser.post('/accounts', wanted))).toEqual([403, 'action-forbidden'])
    for (const path of ['/disabling', '/enabling', '/password', '/factor-removal', '/sessions-end'])
      expect(codeOf(await browser.post(`/accounts/${li.id}${path}`))).toEqual([403, 'action-forbidden'])
    const profile = { displayName: 'x', role: 'agent' }
    expect(codeOf(await browser.post(`/accounts/${li.id}`, profile))).toEqual([403, 'action-forbidden'])
    const reads = role === 'auditor' ? 200 : 403
    expect((await browser.get('/account-changes')).status).toBe(reads)
  })

  test('the list tells role, second factor and when it was last used, and no secret', async () => {
    await at(li.login)
    const { rows } = (await boss.get('/accounts')).json
    const row = rows.find(({ id }: Account) => id === li.id)
    expect(row).toEqual({
      ...li,
      isDisabled: false,
      mustChange: false,
      hasFactor: false,
      lastSeenAt: desk.line.clock.now().toISOString(),
    })
  })

  test('an auditor reads looks, exports and what was done to accounts', async () => {
    const auditor = await at('auditor')
    for (const path of ['/looks', '/evaluation/exports', '/account-changes', '/cases'])
      expect([path, (await auditor.get(path)).status]).toEqual([path, 200])
    for (const path of ['/keys', '/dead-letters', '/calls', '/webhooks'])
      expect([path, (await auditor.get(path)).status]).toEqual([path, 403])
  })
})
