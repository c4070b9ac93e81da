import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MINUTE } from '../../src/kernel/clock.ts'
import { codeOfStep, fromBase32, stepAt } from '../../src/kernel/totp.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { StaffBrowser } from '../support/staff-browser.ts'
import { type Desk, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const PASSWORD = 'a password of tests'

describe('the second factor', () => {
  const lines = useTestLine()
  let desk: Desk
  let running: WiredDesk
  /** Another instance on the same store. */
  let other: WiredDesk
  let li: Account
  let number = 0

  beforeAll(async () => {
    desk = lines.fresh()
    const { accounts } = desk.line.store
    const house = { staff: accounts, factorRoles: ['admin', 'auditor'] as const }
    running = await startWiredDesk(desk.line, undefined, house)
    other = await startWiredDesk(desk.line, undefined, house)
  })
  beforeEach(async () => {
    li = await add('agent')
  })
  afterAll(async () => {
    await running.stop()
    await other.stop()
  })

  const add = (role: Account['role']) =>
    desk.line.store.accounts.add(
      { login: `${role}${number++}`, displayName: '某', role, department: null },
      PASSWORD,
    )
  const codeAt = (secret: string, by = 0) =>
    codeOfStep(fromBase32(secret), stepAt(desk.line.clock.now()) + by)
  const errorOf = ({ json }: { json: { error?: { code: string } } }) => json.error?.code ?? null

  async function at(account: Account, on = running) {
    const browser = new StaffBrowser(on.url)
    const { json } = await browser.logIn(account.login, PASSWORD)
    return Object.assign(browser, { need: json.need as string | null, code: json.error?.code ?? null })
  }

  /** Sets one up and returns its secret and the recovery codes. */
  async function setUp(account: Account): Promise<{ secret: string; codes: string[] }> {
    const browser = await at(account)
    const { secret } = (await browser.post('/me/factor', { password: PASSWORD })).json
    const { recoveryCodes } = (await browser.post('/me/factor/confirmation', { code: codeAt(secret) })).json
    desk.line.clock.advance(2 * MINUTE)
    return { secret, codes: recoveryCodes }
  }

  test('is set up with the password, a QR code and a first code, and from then on asked for', async () => {
    const browser = await at(li)
    expect(errorOf(await browser.post('/me/factor', {}))).toBe('password-wrong')
    const begun = await browser.post('/me/factor', { password: PASSWORD })
    expect(begun.json.svg).toContain('<svg')
    expect(errorOf(await browser.post('/me/factor/confirmation', { code: '000000' }))).toBe('code-wrong')
    const set = await browser.post('/me/factor/confirmation', { code: codeAt(begun.json.secret) })
    expect(set.json.recoveryCodes).toHaveLength(8)
    expect(set.json.recoveryCodes[0]).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/)
    expect((await browser.get('/cases')).status).toBe(200)
    expect((await browser.get('/me/factor')).json).toEqual({
      isSet: true,
      isRequired: false,
      recoveryCodesLeft: 8,
    })
    expect(errorOf(await browser.post('/me/factor', { password: PASSWORD }))).toBe('factor-set')
    desk.line.clock.advance(MINUTE)
    const again = await at(li)
    expect(again.need).toBe('code')
    for (const path of ['/cases', '/me/factor', '/sessions', '/reference'])
      expect(errorOf(await again.get(path))).toBe('login-unfinished')
    const changing = { old: PASSWORD, wanted: '路灯坏了三天没人来修' }
    expect(errorOf(await again.post('/me/password', changing))).toBe('login-unfinished')
    expect((await again.post('/me/code', { code: codeAt(begun.json.secret) })).json).toEqual({ need: null })
    expect((await again.get('/cases')).status).toBe(200)
  })

  test('a code opens once, on whichever instance, and none before it any more', async () => {
    const { secret } = await setUp(li)
    const browsers = await Promise.all([running, other].map(each => at(li, each)))
    const code = codeAt(secret)
    const answers = await Promise.all(browsers.map(each => each.post('/me/code', { code })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
    const late = await at(li)
    expect(errorOf(await late.post('/me/code', { code: codeAt(secret, -1) }))).toBe('code-wrong')
    expect((await late.post('/me/code', { code: codeAt(secret, 1) })).status).toBe(200)
  })

  test('a recovery code opens once, however it is typed, and leaves an entry', async () => {
    const { codes } = await setUp(li)
    const typed = codes[0]!.toLowerCase().replace('-', ' ')
    expect((await (await at(li)).post('/me/code', { code: typed })).json).toEqual({ need: null })
    const again = await at(li)
    expect(errorOf(await again.post('/me/code', { code: codes[0] }))).toBe('code-wrong')
    expect((await again.post('/me/code', { code: codes[1] })).status).toBe(200)
    expect((await again.get('/me/factor')).json.recoveryCodesLeft).toBe(6)
    const changes = await desk.line.store.accounts.changes({ accountId: li.id, limit: 9 })
    expect(changes.map(({ change }) => change)).toEqual([
      'recovery-code-used',
      'recovery-code-used',
      'factor-set',
    ])
  })

  test('guessing codes makes the login wait, and the right password in between pays for none', async () => {
    const { secret } = await setUp(li)
    const browser = await at(li)
    const outcomes: (string | null)[] = []
    for (let i = 0; i < 3; i++) {
      outcomes.push(errorOf(await browser.post('/me/code', { code: '000000' })))
      outcomes.push((await at(li)).code)
    }
    expect(outcomes).toEqual(['code-wrong', null, 'code-wrong', null, 'login-waits', 'login-waits'])
    expect(errorOf(await browser.post('/me/code', { code: codeAt(secret) }))).toBe('login-waits')
    desk.line.clock.advance(MINUTE)
    expect((await browser.post('/me/code', { code: codeAt(secret) })).status).toBe(200)
  })

  test('whose role must have one sets it up before the desk opens, and cannot go without', async () => {
    const boss = await add('admin')
    const browser = await at(boss)
    expect(browser.need).toBe('factor')
    expect(errorOf(await browser.get('/cases'))).toBe('login-unfinished')
    const { secret } = (await browser.post('/me/factor', {})).json
    const set = await browser.post('/me/factor/confirmation', { code: codeAt(secret) })
    expect(set.json).toMatchObject({ need: null })
    expect((await browser.get('/accounts')).status).toBe(200)
    desk.line.clock.advance(MINUTE)
    expect(errorOf(await browser.post('/me/factor/removal', { code: codeAt(secret) }))).toBe('factor-needed')
  })

  test('codes are renewed, and the factor removed, by a code of it', async () => {
    const { secret, codes } = await setUp(li)
    const browser = await at(li)
    await browser.post('/me/code', { code: codeAt(secret) })
    expect(errorOf(await browser.post('/me/factor/recovery-codes', { code: '000000' }))).toBe('code-wrong')
    desk.line.clock.advance(MINUTE)
    const renewed = await browser.post('/me/factor/recovery-codes', { code: codeAt(secret) })
    expect(renewed.json.recoveryCodes.filter((code: string) => codes.includes(code))).toEqual([])
    expect(errorOf(await browser.post('/me/factor/removal', { code: codes[0] }))).toBe('code-wrong')
    expect((await browser.post('/me/factor/removal', { code: renewed.json.recoveryCodes[0] })).status).toBe(
      200,
    )
    expect((await at(li)).need).toBeNull()
    expect(errorOf(await browser.post('/me/code', { code: '000000' }))).toBe('factor-missing')
  })

  test('whoever lost it is helped by an administrator', async () => {
    const [boss, agent] = [await add('admin'), li]
    const chief = await at(boss)
    const { secret } = (await chief.post('/me/factor', {})).json
    await chief.post('/me/factor/confirmation', { code: codeAt(secret) })
    await setUp(agent)
    expect((await at(agent)).need).toBe('code')
    expect((await chief.post(`/accounts/${agent.id}/factor-removal`)).status).toBe(200)
    expect((await at(agent)).need).toBeNull()
  })
})
