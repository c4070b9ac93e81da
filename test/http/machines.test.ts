import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY } from '../../src/kernel/clock.ts'
import { deskClient } from '../support/desk-client.ts'
import { accountOf, type Desk, fileOne, storedCase, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'
import { call } from './start-line.ts'

const admin = accountOf('admin')
const OFFICE = { name: '城管系统', role: 'handler', department: 'urban-management' }
const SIGN = { action: 'sign', expectedVersion: 3 }

describe('machines at the desk', () => {
  const lines = useTestLine()
  let desk: Desk
  let running: WiredDesk
  let made = 0

  beforeAll(async () => {
    desk = lines.fresh()
    running = await startWiredDesk(desk.line)
  })
  afterAll(() => running.stop())

  async function administrator() {
    running.accounts.seat(admin)
    return deskClient(running.url)
  }

  /** A key of its own name, and requests with it as a program sends them: no cookie, no CSRF token. */
  async function machine(changes: object = {}) {
    made++
    const { json } = await (await administrator()).post('/keys', {
      ...OFFICE,
      name: `机器 ${made}`,
      ...changes,
    })
    const secret = json.secret as string
    const send = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
      call(running.url, `/api/desk${path}`, {
        token: secret,
        headers,
        ...(body === undefined ? {} : { body }),
      })
    return { key: json.key, secret, send }
  }

  test('a key is told once, listed without its secret, and works until it is revoked', async () => {
    const { key, secret, send } = await machine()
    expect(secret).toMatch(/^yk_[\w-]{43}$/)
    expect(key).toMatchObject({ role: 'handler', department: 'urban-management', createdBy: 'test-admin' })
    expect((await send('/cases')).status).toBe(200)
    const client = await administrator()
    const listed = await client.get('/keys')
    expect(JSON.stringify(listed.json)).not.toContain(secret)
    expect(listed.json.rows[0]).toMatchObject({ id: key.id, lastUsedAt: desk.line.clock.now().toISOString() })
    expect((await client.remove(`/keys/${key.id}`)).status).toBe(200)
    const after = await send('/cases')
    expect([after.status, after.json.error.code]).toEqual([401, 'token-invalid'])
    expect((await client.remove(`/keys/${key.id}`)).json.error.code).toBe('key-not-found')
    expect((await client.get('/keys')).json.rows[0].revokedAt).not.toBeNull()
  })

  test('works a case as its department does, and its name stands in the history', async () => {
    const { case: filed } = await fileOne(desk)
    const { key, send } = await machine()
    const { json } = await send('/cases?sort=newest')
    expect(json.rows.map((row: { id: string }) => row.id)).toContain(filed.id)
    const signed = await send(`/cases/${filed.id}/actions`, SIGN)
    expect([signed.status, signed.json]).toEqual([200, { version: 4 }])
    const { events } = await storedCase(desk.line, filed.id)
    expect(events.at(-1)?.actor).toEqual({
      role: 'handler',
      id: `key:${key.name}`,
      department: 'urban-management',
    })
  })

  test('the same idempotency key signs once and gets the same answer; without it the second is a conflict', async () => {
    const { case: filed } = await fileOne(desk)
    const { send } = await machine()
    const once = { 'idempotency-key': 'sign-1' }
    const path = `/cases/${filed.id}/actions`
    const [first, second] = [await send(path, SIGN, once), await send(path, SIGN, once)]
    expect([first.json, second.json]).toEqual([{ version: 4 }, { version: 4 }])
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect((await send(path, SIGN)).json.error.code).toBe('version-conflict')
    const other = await send(path, { ...SIGN, expectedVersion: 4 }, once)
    expect(other.json.error.code).toBe('idempotency-mismatch')
  })

  test('searches by POST and listens to news', async () => {
    const { case: filed } = await fileOne(desk)
    const { send, secret } = await machine({ scopes: ['desk:read'] })
    const found = await send('/cases/search', { search: filed.number })
    expect(found.json.rows.map((row: { id: string }) => row.id)).toEqual([filed.id])
    const abort = new AbortController()
    const news = await fetch(`${running.url}/api/desk/events`, {
      headers: { authorization: `Bearer ${secret}` },
      signal: abort.signal,
    })
    expect(news.headers.get('content-type')).toContain('text/event-stream')
    abort.abort()
  })

  test.each([
    ['reads', ['desk:read'], [200, 403, 403]],
    ['reads and acts', ['desk:read', 'desk:act'], [200, 200, 403]],
    ['may all', ['desk:read', 'desk:act', 'desk:person'], [200, 200, 200]],
    ['acts', ['desk:act'], [403, 200, 403]],
  ])('a key that %s does no more', async (_, scopes, expected) => {
    const { case: filed } = await fileOne(desk)
    const { send } = await machine({ scopes })
    const answers = [
      await send(`/cases/${filed.id}`),
      await send(`/cases/${filed.id}/actions`, SIGN),
      await send(`/cases/${filed.id}/person`, {}),
    ]
    expect(answers.map(({ status }) => status)).toEqual(expected)
    for (const { status, json } of answers)
      if (status === 403) expect(json.error.code).toBe('action-forbidden')
  })

  test('another department, another role and an administrator are not to be had with it', async () => {
    const { case: filed } = await fileOne(desk)
    const education = await machine({ department: 'education' })
    expect((await education.send(`/cases/${filed.id}`)).json.error.code).toBe('case-not-found')
    const agent = await machine({ role: 'agent', department: null })
    expect((await agent.send(`/cases/${filed.id}/actions`, SIGN)).json.error.code).toBe('action-forbidden')
    const as = { role: 'handler', department: 'urban-management' }
    const standing = await agent.send(`/cases/${filed.id}/actions`, { ...SIGN, as })
    expect(standing.json.error.code).toBe('action-forbidden')
    for (const path of ['/keys', '/webhooks', '/dead-letters'])
      expect((await agent.send(path)).json.error.code).toBe('action-forbidden')
    expect((await agent.send('/keys', { ...OFFICE, name: 'more' })).status).toBe(403)
  })

  test.each([
    ['an administrator', { role: 'admin' }, 'body-invalid'],
    ['no name', { name: ' ' }, 'body-invalid'],
    ['half a character', { name: '\ud800' }, 'body-invalid'],
    ['no scope', { scopes: [] }, 'body-invalid'],
    ['a scope that there is not', { scopes: ['enterprise:file'] }, 'body-invalid'],
    ['a handler of no department', { department: null }, 'department-not-found'],
    ['a handler of an unknown department', { department: 'moon' }, 'department-not-found'],
  ])('a key for %s is not made', async (_, changes, code) => {
    const client = await administrator()
    const before = (await client.get('/keys')).json.rows.length
    const answer = await client.post('/keys', { ...OFFICE, name: '不成', ...changes })
    expect(answer.json.error.code).toBe(code)
    expect((await client.get('/keys')).json.rows).toHaveLength(before)
  })

  test('only a handler is of a department: an agent of one is refused by field', async () => {
    const { json } = await (await administrator()).post('/keys', { ...OFFICE, name: '话务', role: 'agent' })
    expect(json.error.details.problems).toMatchObject([{ path: '/department' }])
  })

  test('another secret takes the place of the first', async () => {
    const { key, send } = await machine()
    const { json } = await (await administrator()).post(`/keys/${key.id}/rotation`, { graceHours: 0 })
    expect((await send('/cases')).status).toBe(401)
    expect((await call(running.url, '/api/desk/cases', { token: json.secret })).status).toBe(200)
    for (const graceHours of [-1, 169, 1.5]) {
      const client = await administrator()
      expect((await client.post(`/keys/${key.id}/rotation`, { graceHours })).status).toBe(400)
    }
  })

  test('a name is given once, a repeated request makes one key and tells no secret again', async () => {
    const client = await administrator()
    const once = { 'idempotency-key': 'make-1' }
    const first = await client.post('/keys', OFFICE, once)
    const second = await client.post('/keys', OFFICE, once)
    expect(first.json.secret).toMatch(/^yk_/)
    expect(second.json).toEqual({ key: first.json.key, secret: null })
    const taken = await client.post('/keys', OFFICE)
    expect([taken.status, taken.json.error.code]).toEqual([409, 'name-taken'])
    expect(taken.json.error.message).toBe('这个名称用过了，请换一个。')
    running.accounts.seat(accountOf('supervisor'))
    const supervisor = await deskClient(running.url)
    expect((await supervisor.post('/keys', { ...OFFICE, name: '另一个' })).json.error.code).toBe(
      'action-forbidden',
    )
  })

  test('who comes with a wrong key is judged by it, whatever cookie comes along', async () => {
    const client = await administrator()
    for (const authorization of ['Bearer yk_wrong', 'Bearer ', 'bearer x']) {
      const answer = await client.get('/cases', undefined, { authorization })
      expect([answer.status, answer.json.error.code]).toEqual([401, 'token-invalid'])
    }
    const changed = await client.post(
      '/keys',
      { ...OFFICE, name: '冒充' },
      { authorization: 'Bearer yk_wrong' },
    )
    expect(changed.json.error.code).toBe('token-invalid')
    // Another scheme is none of ours; the cookie counts, and with it the CSRF token.
    expect((await client.get('/cases', undefined, { authorization: 'Basic eDp5' })).status).toBe(200)
    const bare = await client.post('/keys', OFFICE, { authorization: 'Basic eDp5', 'x-csrf-token': '' })
    expect(bare.status).toBe(403)
  })

  test('guessing ends soon, and does not hold up who has a key', async () => {
    const { send } = await machine()
    const guesses: number[] = []
    for (let i = 0; i < 34; i++)
      guesses.push((await call(running.url, '/api/desk/cases', { token: `yk_${i}` })).status)
    expect(guesses.at(0)).toBe(401)
    expect(guesses.at(-1)).toBe(429)
    expect((await send('/cases')).status).toBe(200)
    desk.line.clock.advance(DAY)
  })

  test('is described in the interface, and no secret is ever logged', async () => {
    const { secret, send } = await machine()
    await send('/cases')
    await send('/cases/nothing/actions', { action: secret, expectedVersion: 1 })
    const { json } = await call(running.url, '/openapi.json')
    expect(json.components.securitySchemes.deskKey).toMatchObject({ type: 'http', scheme: 'bearer' })
    expect(json.paths['/api/desk/cases/{id}/actions'].post.security).toEqual([{ desk: [] }, { deskKey: [] }])
    expect(running.logged.length).toBeGreaterThan(0)
    expect(running.logged.join('')).not.toContain(secret)
    expect(running.logged.join('')).not.toContain('yk_')
  })
})
