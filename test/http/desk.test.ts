import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CaseRow, DeskAction } from '../../src/adapters/http/desk-schemas.ts'
import { AppError } from '../../src/kernel/errors.ts'
import type { DeskFilter } from '../../src/usecases/desk-filter.ts'
import { CARD } from './fake-line.ts'
import { until } from './socket-client.ts'
import { call, type RunningLine, startLine } from './start-line.ts'

const ROW: CaseRow = {
  id: 'case-1',
  number: CARD.number,
  state: 'handling',
  stage: 'feedback',
  type: 'complaint',
  subject: 'housing/light',
  subjectName: '楼道灯',
  grade: 'normal',
  summary: '楼道灯坏了',
  place: '人民路3号',
  street: null,
  lead: 'housing',
  departmentName: '住建局',
  coHandlers: [],
  channel: 'web-chat',
  isConfidential: false,
  isEmergency: false,
  version: 3,
  filedAt: new Date('2026-11-24T01:00:00Z'),
  changedAt: new Date('2026-11-24T02:00:00Z'),
  dueAt: new Date('2026-12-08T09:00:00Z'),
  warnAt: null,
  signDueAt: null,
  people: 12,
  light: 'green',
}

const CHANGE = { type: 'signed', at: '2026-11-24T02:00:00.000Z', role: 'handler' }

let running: RunningLine
let url: string
let filters: DeskFilter[] = []
let acted: DeskAction[] = []

beforeAll(async () => {
  running = await startLine({
    desk: {
      listCases: async (_account, filter) => {
        filters.push(filter)
        return { rows: [ROW], nextCursor: 'next' }
      },
      reference: () => ({ departments: [{ id: 'housing', name: '住建局', duties: [] }], subjects: [] }),
      showCase: async (_account, id, { isPersonAsked, as }) => {
        if (id !== 'case-1') throw new AppError('case-not-found')
        const phone = isPersonAsked ? '13912345678' : '139****5678'
        return {
          case: { id, version: 3, filedAt: new Date('2026-11-24T01:00:00Z') },
          card: CARD,
          history: [{ at: new Date('2026-11-24T01:00:00Z'), type: 'filed' }],
          reasons: { by: 'duty' },
          standing: as ?? null,
          actions: ['sign'],
          person: { phone },
        }
      },
      actOnCase: async (_account, _id, action) => {
        if (action.expectedVersion !== 3)
          throw new AppError('version-conflict', { version: 3, state: 'handling', changes: [CHANGE] })
        acted.push(action)
        return 4
      },
    },
  })
  url = running.url
})
afterAll(() => running.stop())
beforeEach(() => {
  filters = []
  acted = []
})

/** A browser at the desk: keeps its cookies and sends its token. */
async function logIn(credentials = { login: 'wang', password: 'right horse' }, from = url) {
  const answer = await call(from, '/api/desk/login', { body: credentials, headers: { origin: from } })
  const cookie = answer.headers
    .getSetCookie()
    .map(line => line.split(';')[0]!)
    .join('; ')
  const headers = { cookie, 'x-csrf-token': String(answer.json.csrfToken), origin: from }
  return { ...answer, cookie, sent: headers }
}

describe('the session', () => {
  test('begins with login and password, in a cookie that scripts and other sites never see', async () => {
    const { status, json, headers } = await logIn()
    expect([status, json.account.displayName]).toEqual([200, '王'])
    for (const cookie of headers.getSetCookie())
      expect(cookie).toMatch(/Path=\/api\/desk; HttpOnly; SameSite=Strict/)
  })

  test.each([
    ['a wrong password', { login: 'wang', password: 'wrong' }, 401, 'login-failed'],
    ['a wrong name', { login: 'nobody', password: 'right horse' }, 401, 'login-failed'],
    ['no password', { login: 'wang' } as { login: string; password: string }, 400, 'body-invalid'],
  ])('%s is refused', async (_name, credentials, status, code) => {
    const answer = await logIn(credentials)
    expect([answer.status, answer.json.error.code]).toEqual([status, code])
  })

  test('tells who I am until I leave', async () => {
    const { sent } = await logIn()
    const me = await call(url, '/api/desk/me', { headers: sent })
    expect(me.json.account.login).toBe('wang')
    expect(me.json.csrfToken).toBeTruthy()
    expect((await call(url, '/api/desk/logout', { method: 'POST', headers: sent })).status).toBe(204)
    await logIn()
    expect((await call(url, '/api/desk/me', { headers: sent })).status).toBe(401)
  })

  test.each(['/api/desk/me', '/api/desk/cases', '/api/desk/cases/case-1', '/api/desk/events'])(
    '%s is closed without one',
    async path => {
      const answer = await call(url, path)
      expect([answer.status, answer.json.error.code]).toEqual([401, 'token-missing'])
    },
  )
})

describe('changes', () => {
  const change = { action: 'sign', expectedVersion: 3 }

  test('need the token of the page', async () => {
    const { sent, cookie } = await logIn()
    const post = (headers: Record<string, string>) =>
      call(url, '/api/desk/cases/case-1/actions', { body: change, headers })
    expect((await post({ cookie, origin: url })).json.error.code).toBe('origin-refused')
    expect((await post({ ...sent, 'x-csrf-token': 'guess' })).status).toBe(403)
    expect((await post({ ...sent, origin: 'https://evil.example' })).status).toBe(403)
    expect(acted).toEqual([])
    expect(await post(sent)).toMatchObject({ status: 200, json: { version: 4 } })
    expect(acted).toEqual([{ ...change, input: {}, reason: null, locale: 'zh-Hans' }])
  })

  test('a foreign page cannot log in either', async () => {
    const answer = await call(url, '/api/desk/login', {
      body: { login: 'wang', password: 'right horse' },
      headers: { origin: 'https://evil.example' },
    })
    expect(answer.json.error).toMatchObject({ code: 'origin-refused', details: { expected: url } })
    const line = running.logged.map(text => JSON.parse(text)).find(({ msg }) => msg?.startsWith('origin'))
    expect(line).toMatchObject({ level: 40, origin: 'https://evil.example', expected: url })
  })

  test('who comes too late is told what has changed', async () => {
    const { sent } = await logIn()
    const body = { ...change, expectedVersion: 2 }
    const answer = await call(url, '/api/desk/cases/case-1/actions', { body, headers: sent })
    expect(answer.status).toBe(409)
    expect(answer.json.error).toMatchObject({
      code: 'version-conflict',
      details: { version: 3, state: 'handling', changes: [CHANGE] },
    })
  })
})

describe('cases', () => {
  test('are listed with filters and a cursor', async () => {
    const { sent } = await logIn()
    const query =
      'states=handling,returned&department=housing&light=red&channel=web-chat&type=help&dueBefore=2026-12-01T00:00:00Z&limit=20&cursor=abc'
    const { json } = await call(url, `/api/desk/cases?${query}`, { headers: sent })
    expect(json.nextCursor).toBe('next')
    expect(json.rows[0]).toMatchObject({ dueAt: '2026-12-08T09:00:00.000Z', warnAt: null, light: 'green' })
    expect(filters).toEqual([
      {
        states: ['handling', 'returned'],
        department: 'housing',
        light: 'red',
        channel: 'web-chat',
        type: 'help',
        dueBefore: new Date('2026-12-01T00:00:00Z'),
        sort: 'due',
        limit: 20,
        cursor: 'abc',
      },
    ])
  })

  test.each(['light=blue', 'limit=0', 'limit=9999', 'sort=random', 'dueBefore=tomorrow'])(
    '%s is refused',
    async query => {
      const { sent } = await logIn()
      expect((await call(url, `/api/desk/cases?${query}`, { headers: sent })).status).toBe(400)
    },
  )

  test.each([
    ['/cases?state=replied', 'state'],
    ['/cases?light=red&foo=bar', 'foo'],
    ['/cases/case-1?rôle=handler', 'rôle'],
    ['/me?foo=bar', 'foo'],
  ])('%s has a parameter that nobody knows, and is told which', async (path, name) => {
    const { sent } = await logIn()
    const { status, json } = await call(url, `/api/desk${path}`, { headers: sent })
    expect([status, json.error.code]).toEqual([400, 'body-invalid'])
    expect(JSON.stringify(json.error.details)).toContain(name)
    expect(filters).toEqual([])
  })

  test('are searched by words in the body, never in the address', async () => {
    const { sent } = await logIn()
    await call(url, '/api/desk/cases/search', { body: { search: '13912345678' }, headers: sent })
    expect(filters[0]).toMatchObject({ search: '13912345678' })
    expect((await call(url, '/api/desk/cases?search=13912345678', { headers: sent })).status).toBe(400)
    expect(filters).toHaveLength(1)
    expect(running.logged.join('')).not.toContain('13912345678')
  })

  test('one shows its person masked, and unmasked when asked', async () => {
    const { sent } = await logIn()
    const masked = await call(url, '/api/desk/cases/case-1', { headers: sent })
    expect(masked.json).toMatchObject({ person: { phone: '139****5678' }, actions: ['sign'] })
    expect(masked.json.history[0].at).toBe('2026-11-24T01:00:00.000Z')
    const bare = await call(url, '/api/desk/cases/case-1/person', { method: 'POST', headers: sent })
    expect(bare.json.person.phone).toBe('13912345678')
    expect((await call(url, '/api/desk/cases/case-2', { headers: sent })).status).toBe(404)
  })

  test('one is looked at in the role that an administrator stands in for', async () => {
    const { sent } = await logIn()
    const seen = async (query: string) =>
      (await call(url, `/api/desk/cases/case-1${query}`, { headers: sent })).json.standing
    expect(await seen('')).toBeNull()
    expect(await seen('?role=handler&department=housing')).toEqual({ role: 'handler', department: 'housing' })
    expect((await call(url, '/api/desk/cases/case-1?role=king', { headers: sent })).status).toBe(400)
  })

  test('forms know the departments', async () => {
    const { sent } = await logIn()
    expect((await call(url, '/api/desk/reference', { headers: sent })).json.departments).toHaveLength(1)
    expect((await call(url, '/api/desk/reference')).status).toBe(401)
  })
})

test("what an action needs stands in the interface's own description", async () => {
  const { json } = await call(url, '/openapi.json')
  const { CaseAction, CaseActionInput = CaseAction } = json.components.schemas
  const { action, input, expectedVersion } = CaseActionInput.properties
  expect(action.enum).toEqual(expect.arrayContaining(['sign', 'return', 'reply', 'split']))
  expect(action.enum).not.toContain('breach')
  const returning = input.anyOf.find(({ title }: { title: string }) => title === 'return')
  expect(returning).toMatchObject({ type: 'object', required: expect.arrayContaining(['clause']) })
  expect(expectedVersion.type).toBe('integer')
  const { responses } = json.paths['/api/desk/cases/{id}/actions'].post
  expect(JSON.stringify(responses['409'])).toContain('Conflict')
})

test('news of cases arrive while the page is open', async () => {
  const { cookie } = await logIn()
  const leave = new AbortController()
  const response = await fetch(`${url}/api/desk/events`, { headers: { cookie }, signal: leave.signal })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  let heard = ''
  const reading = (async () => {
    for await (const chunk of response.body!) heard += Buffer.from(chunk).toString()
  })().catch(() => undefined)
  await until(() => heard.includes('event: ready'), 'ready')
  running.line.bus.publish([{ topic: 'case', caseId: 'case-1', version: 4 }])
  await until(() => heard.includes('data: {"caseId":"case-1","version":4}'), 'the news')
  leave.abort()
  await reading
})

test('closing does not wait for open news', async () => {
  const line = await startLine()
  const { cookie } = await logIn(undefined, line.url)
  const response = await fetch(`${line.url}/api/desk/events`, { headers: { cookie } })
  const ended = response.text()
  const started = Date.now()
  await line.stop()
  await ended
  expect(Date.now() - started).toBeLessThan(2000)
})

test('closing does not wait for connections that were opened in advance', async () => {
  const line = await startLine()
  const unused = connect(Number(new URL(line.url).port), '127.0.0.1')
  await new Promise(resolve => unused.once('connect', resolve))
  unused.on('error', () => undefined)
  const started = Date.now()
  await line.stop()
  expect(Date.now() - started).toBeLessThan(2000)
})
