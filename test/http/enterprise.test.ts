import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/kernel/clock.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { deskClient } from '../support/desk-client.ts'
import {
  BAKERY,
  type EnterpriseProgram,
  enterpriseProgram,
  FACTORY,
  LIGHT,
  sender,
} from '../support/enterprise-client.ts'
import {
  accountOf,
  act,
  type Desk,
  fileOne,
  replyInput,
  storedCase,
  useTestLine,
} from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'
import { call } from './start-line.ts'

const lines = useTestLine()
const handler = accountOf('handler', 'urban-management')
let desk: Desk
let running: WiredDesk
let factory: EnterpriseProgram
let bakery: EnterpriseProgram
let ids = 0
const newId = () => `PO-${++ids}/7`

beforeAll(async () => {
  desk = lines.fresh()
  running = await startWiredDesk(desk.line)
  factory = await enterpriseProgram(running)
  bakery = await enterpriseProgram(running, BAKERY)
})
afterAll(() => running.stop())

async function administrator() {
  running.accounts.seat(accountOf('admin'))
  return deskClient(running.url)
}

const file = async (changes: object = {}, by = factory) =>
  (await by.send('/cases', { ...LIGHT, ...changes })).json.case
const idOf = async (number: string) =>
  (await desk.line.store.transact(tx => tx.caseByNumber(number)))!.case.id

describe('a matter', () => {
  test('is filed as on every channel, and says who handles it by when', async () => {
    const externalId = newId()
    const answer = await factory.send('/cases', {
      ...LIGHT,
      externalId,
      contact: { name: '王工', phone: '+86 138-0013-8000' },
    })
    expect(answer.status).toBe(201)
    const { case: filed, danger } = answer.json
    expect(danger).toBeNull()
    expect(filed).toMatchObject({
      externalId,
      state: 'dispatched',
      isOpen: true,
      stage: { id: 'transfer' },
      subject: { id: LIGHT.subject, name: '路灯' },
      words: LIGHT.words,
      place: LIGHT.place,
      department: { id: 'urban-management', name: '城市管理综合执法局' },
      reply: null,
      actions: ['add-information', 'urge', 'withdraw'],
    })
    expect(new Date(filed.dueAt).getTime()).toBeGreaterThan(desk.line.clock.now().getTime())
    expect(filed.history.map((each: { type: string }) => each.type)).toEqual([
      'filed',
      'accepted',
      'dispatched',
    ])
    expect(answer.headers.get('location')).toBe(`/api/enterprise/v1/cases/${filed.number}`)
    const person = await desk.line.store.transact(async tx => tx.personOf(await idOf(filed.number)))
    expect(person).toEqual({
      name: '王工',
      phone: '13800138000',
      organisation: FACTORY.displayName,
      channel: 'enterprise',
      channelUserId: FACTORY.enterprise,
    })
  })

  test('is understood from its words when nothing else is said, in the caller’s language', async () => {
    const { json } = await factory.send(
      '/cases',
      { words: '人民路3号半夜施工太吵了' },
      { headers: { 'accept-language': 'en' } },
    )
    expect(json.case.subject.id).toBe('environment/noise/construction-night')
    expect(json.case.stage.name).toMatch(/^[\x20-\x7e]+$/)
  })

  test('in danger tells whom to call', async () => {
    const { json } = await factory.send('/cases', { words: '我们厂里着火了，有人困在里面，在人民路3号' })
    expect(json.danger).toContain('119')
    expect((await storedCase(desk.line, await idOf(json.case.number))).case.isEmergency).toBe(true)
  })

  test('in danger tells whom to call again when it is filed again by its external id', async () => {
    const matter = { words: '我们厂里着火了，有人困在里面，在人民路3号', externalId: newId() }
    const [first, second] = [await factory.send('/cases', matter), await factory.send('/cases', matter)]
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.json.danger).toContain('119')
    expect(second.json.danger).toBe(first.json.danger)
  })

  test('keeps a point of a Chinese map as WGS-84', async () => {
    const { at } = await file({ at: { latitude: 41.82427, longitude: 123.76266, system: 'GCJ-02' } })
    expect(at.longitude).toBeCloseTo(123.757, 2)
    expect(Math.abs(at.longitude - 123.76266)).toBeGreaterThan(0.003)
  })
})

describe('the external id', () => {
  test.each(['.', '..'])('%s is refused: no client could ask for it', async externalId => {
    const { status, json } = await factory.send('/cases', { ...LIGHT, externalId })
    expect(status).toBe(400)
    expect(json.errors).toMatchObject([{ in: 'body', field: 'externalId' }])
    expect((await factory.send('/cases', { ...LIGHT, externalId: `${externalId}x` })).status).toBe(201)
  })

  test('the same again is the same case, something else is refused', async () => {
    const externalId = newId()
    const first = await factory.send('/cases', { ...LIGHT, externalId })
    const second = await factory.send('/cases', { ...LIGHT, externalId })
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.json.case.number).toBe(first.json.case.number)
    const other = await factory.send('/cases', { ...LIGHT, words: '路灯又不亮了，别的地方', externalId })
    expect([other.status, other.json.code]).toEqual([409, 'external-id-taken'])
  })

  test('of many at once one files, and all get its case', async () => {
    const externalId = newId()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => factory.send('/cases', { ...LIGHT, externalId })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(new Set(answers.map(({ json }) => json.case.number)).size).toBe(1)
    const { json } = await factory.send('/cases?limit=100')
    expect(json.rows.filter((row: { externalId: string }) => row.externalId === externalId)).toHaveLength(1)
  })

  test('belongs to its enterprise: another may use the same', async () => {
    const externalId = newId()
    const [ours, theirs] = [await file({ externalId }), await file({ externalId }, bakery)]
    expect(ours.number).not.toBe(theirs.number)
    const path = `/cases/by-external-id/${encodeURIComponent(externalId)}`
    expect((await factory.send(path)).json.number).toBe(ours.number)
    expect((await bakery.send(path)).json.number).toBe(theirs.number)
  })

  test('may be as long as allowed, however it is written in an address', async () => {
    const externalId = '/%?#'.repeat(25)
    const { number } = await file({ externalId })
    const found = await factory.send(`/cases/by-external-id/${encodeURIComponent(externalId)}`)
    expect([found.status, found.json.number]).toEqual([200, number])
  })
})

describe('an idempotency key', () => {
  test('of many at once one files; another body under it is refused', async () => {
    const headers = { 'idempotency-key': newId() }
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => factory.send('/cases', LIGHT, { headers })),
    )
    expect(new Set(answers.map(({ json }) => json.case.number)).size).toBe(1)
    const again = await factory.send('/cases', LIGHT, { headers })
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
    const other = await factory.send('/cases', { ...LIGHT, place: '人民路5号' }, { headers })
    expect([other.status, other.json.code]).toEqual([422, 'idempotency-mismatch'])
  })

  test('with an external id, too', async () => {
    const headers = { 'idempotency-key': newId() }
    const body = { ...LIGHT, externalId: newId() }
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => factory.send('/cases', body, { headers })),
    )
    expect(new Set(answers.map(({ json }) => json.case?.number)).size).toBe(1)
  })

  test('of many urges at once each counts', async () => {
    const { json } = await factory.send('/cases', LIGHT)
    const { number } = json.case
    const urges = Array.from({ length: 30 }, () => factory.send(`/cases/${number}/urge`, {}))
    expect(new Set((await Promise.all(urges)).map(({ status }) => status))).toEqual(new Set([200]))
    expect((await storedCase(desk.line, await idOf(number))).case.urgeCount).toBe(30)
  })

  test('urges once', async () => {
    const { number } = await file()
    const headers = { 'idempotency-key': newId() }
    for (let i = 0; i < 3; i++)
      expect((await factory.send(`/cases/${number}/urge`, {}, { headers })).status).toBe(200)
    expect((await storedCase(desk.line, await idOf(number))).case.urgeCount).toBe(1)
  })
})

describe('a case', () => {
  test('of others is not there, by number or id, to read or to act', async () => {
    const theirs = await file({ externalId: newId() }, bakery)
    const { case: residents } = await fileOne(desk)
    for (const number of [theirs.number, residents.number, '991231999990', 'x']) {
      expect((await factory.send(`/cases/${number}`)).json.code).toBe('case-not-found')
      expect((await factory.send(`/cases/${number}/urge`, {})).status).toBe(404)
    }
    const path = `/cases/by-external-id/${encodeURIComponent(theirs.externalId)}`
    expect((await factory.send(path)).status).toBe(404)
  })

  test('is seen by every key of its enterprise', async () => {
    const { number } = await file()
    const { send } = await enterpriseProgram(running)
    expect((await send(`/cases/${number.slice(0, 6)} ${number.slice(6)}`)).json.number).toBe(number)
  })

  test('is urged, told more of, answered and rated as a resident would', async () => {
    const { number } = await file()
    const id = await idOf(number)
    const post = async (what: string, body: object = {}) => factory.send(`/cases/${number}/${what}`, body)
    await post('urge')
    const added = await post('information', { text: '东边第二盏' })
    expect(added.json.history.at(-1).type).toBe('information-added')
    await act(desk.line, handler, id, 'sign')
    await act(desk.line, handler, id, 'ask-resident', { text: '是哪一盏？' })
    const asked = await factory.send(`/cases/${number}`)
    expect(asked.json.history.at(-1).text).toContain('是哪一盏？')
    expect((await post('information', { text: '第二盏' })).json.state).toBe('handling')
    await act(desk.line, handler, id, 'note', { text: '内部说明：老王负责' })
    await act(desk.line, handler, id, 'reply', replyInput(desk.line))
    const replied = await factory.send(`/cases/${number}`)
    expect(replied.json).toMatchObject({
      state: 'replied',
      reply: '灯泡已经换好。',
      actions: ['add-information', 'follow-up'],
    })
    expect(JSON.stringify(replied.json)).not.toMatch(/老王|test-handler/)
    const late = await post('withdrawal')
    expect([late.status, late.json.code]).toEqual([409, 'action-not-now'])
    expect((await post('follow-up', { resolved: false, text: '还是不亮' })).json).toMatchObject({
      state: 'dispatched',
    })
    await act(desk.line, handler, id, 'sign')
    await act(desk.line, handler, id, 'reply', replyInput(desk.line))
    const done = await post('follow-up', { resolved: true, contacted: true, satisfied: 'very' })
    expect(done.json).toMatchObject({ state: 'closed', isOpen: false })
    expect((await storedCase(desk.line, id)).case.followUp).toMatchObject({
      satisfied: 'very',
      contacted: true,
    })
  })

  test('is taken back', async () => {
    const { number } = await file()
    expect((await factory.send(`/cases/${number}/withdrawal`, {})).json).toMatchObject({
      state: 'withdrawn',
      actions: [],
    })
    expect((await factory.send(`/cases/${number}/urge`, {})).status).toBe(409)
  })

  test('shows its enterprise at the desk', async () => {
    const { number } = await file({ contact: { name: '王工', phone: null } })
    running.accounts.seat(accountOf('agent'))
    const { json } = await (await deskClient(running.url)).post(`/cases/${await idOf(number)}/person`, {})
    expect(json.person.name).toBe('沈抚机床有限公司 · 王工')
  })
})

describe('the list', () => {
  let send: EnterpriseProgram['send']
  const numbers: string[] = []
  beforeAll(async () => {
    const program = await enterpriseProgram(running, {
      enterprise: '912101127000000019',
      displayName: '沈抚物流',
    })
    send = program.send
    for (let i = 0; i < 7; i++) {
      numbers.unshift((await file({ externalId: `L-${i}` }, program)).number)
      // Two in the same instant: the id decides.
      if (i % 2 === 0) desk.line.clock.advance(MINUTE)
    }
  })

  test('is walked by its cursor: every case once, whatever comes meanwhile', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    for (let pages = 0; pages < 10; pages++) {
      const at = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { json } = await send(`/cases?limit=3${at}`)
      seen.push(...json.rows.map((row: { number: string }) => row.number))
      cursor = json.nextCursor
      if (cursor === null) break
      await file({}, bakery)
    }
    expect(seen.toSorted()).toEqual(numbers.toSorted())
    expect(new Set(seen).size).toBe(numbers.length)
  })

  test('is filtered by state and by time', async () => {
    await send(`/cases/${numbers[0]}/withdrawal`, {})
    const of = async (query: string) => {
      const { json } = await send(`/cases?${query}`)
      return json.rows.map((row: { number: string }) => row.number)
    }
    expect(await of('state=withdrawn')).toEqual([numbers[0]])
    expect(await of('state=withdrawn,closed')).toEqual([numbers[0]])
    expect(await of('state=dispatched')).toHaveLength(6)
    desk.line.clock.advance(HOUR)
    const since = desk.line.clock.now().toISOString()
    await send(`/cases/${numbers[3]}/urge`, {})
    expect(await of(`changedSince=${since}`)).toEqual([numbers[3]])
    expect(await of(`filedSince=${since}`)).toEqual([])
  })

  test('tells each case with the id of its enterprise, without its history', async () => {
    const { json } = await send('/cases')
    expect(json.rows.map((row: { externalId: string }) => row.externalId)).toEqual(
      expect.arrayContaining(numbers.map((_, i) => `L-${i}`)),
    )
    expect(json.rows[0]).not.toHaveProperty('history')
  })
})

describe('a key', () => {
  test.each([
    ['reads', ['cases:read'], [200, 403, 403]],
    ['writes', ['cases:write'], [403, 201, 403]],
    ['manages webhooks', ['webhooks:manage'], [403, 403, 200]],
  ])('that %s does no more', async (_, scopes, expected) => {
    const { send } = await enterpriseProgram(running, { scopes })
    const answers = [await send('/cases'), await send('/cases', LIGHT), await send('/webhooks')]
    expect(answers.map(({ status }) => status)).toEqual(expected)
    for (const { status, json } of answers) if (status === 403) expect(json.code).toBe('scope-missing')
  })

  test('changed, both secrets open for a while, then only the new one', async () => {
    const { keyId, send, secret } = await enterpriseProgram(running)
    const client = await administrator()
    const { json } = await client.post(`/enterprise-keys/${keyId}/rotation`, { graceHours: 24 })
    const renewed = sender(running.url, json.secret)
    expect(json.secret).not.toBe(secret)
    expect([(await send('/cases')).status, (await renewed('/cases')).status]).toEqual([200, 200])
    desk.line.clock.advance(DAY)
    expect([(await send('/cases')).status, (await renewed('/cases')).status]).toEqual([401, 200])
  })

  test('changed at once, the old secret opens nothing; changed twice, only the last two do', async () => {
    const { keyId, send } = await enterpriseProgram(running)
    const client = await administrator()
    const rotate = async (graceHours: number) => {
      const { json } = await client.post(`/enterprise-keys/${keyId}/rotation`, { graceHours })
      return sender(running.url, json.secret)
    }
    const second = await rotate(1)
    const third = await rotate(1)
    expect((await send('/cases')).status).toBe(401)
    expect([(await second('/cases')).status, (await third('/cases')).status]).toEqual([200, 200])
    const fourth = await rotate(0)
    expect([(await third('/cases')).status, (await fourth('/cases')).status]).toEqual([401, 200])
  })

  test('revoked opens nothing, by neither secret, and is not changed any more', async () => {
    const { keyId, send } = await enterpriseProgram(running)
    const client = await administrator()
    const { json } = await client.post(`/enterprise-keys/${keyId}/rotation`, {})
    expect((await client.remove(`/enterprise-keys/${keyId}`)).status).toBe(200)
    expect((await send('/cases')).json.code).toBe('token-invalid')
    expect((await sender(running.url, json.secret)('/cases')).status).toBe(401)
    expect((await client.post(`/enterprise-keys/${keyId}/rotation`, {})).json.error.code).toBe(
      'key-not-found',
    )
    expect((await client.remove(`/enterprise-keys/${keyId}`)).json.error.code).toBe('key-not-found')
  })

  test('of the desk opens nothing here, nor one of an enterprise there', async () => {
    const client = await administrator()
    const wanted = { name: '城管', role: 'handler', department: 'urban-management' }
    const { json } = await client.post('/keys', wanted)
    expect((await sender(running.url, json.secret)('/cases')).json.code).toBe('token-invalid')
    expect((await call(running.url, '/api/desk/cases', { token: factory.secret })).status).toBe(401)
    expect((await client.remove(`/keys/${factory.keyId}`)).json.error.code).toBe('key-not-found')
    expect((await factory.send('/cases')).status).toBe(200)
  })

  test.each([
    ['a code that is none', { enterprise: '91210100MA0P1XXXX0' }, 'body-invalid'],
    ['no name of the enterprise', { displayName: ' ' }, 'body-invalid'],
    ['a scope of the desk', { scopes: ['desk:read'] }, 'body-invalid'],
    ['half a character', { name: '\ud800' }, 'body-invalid'],
  ])('for %s is not made', async (_, changes, code) => {
    const answer = await (await administrator()).post('/enterprise-keys', {
      ...FACTORY,
      name: '不成',
      ...changes,
    })
    expect([answer.status, answer.json.error.code]).toEqual([400, code])
  })

  test('under another name than the enterprise is known by is not made, and says that name', async () => {
    const client = await administrator()
    const other = { ...FACTORY, displayName: '沈抚面包总厂', name: '另一把' }
    const { status, json } = await client.post('/enterprise-keys', other)
    expect([status, json.error.code]).toEqual([409, 'enterprise-known'])
    expect(json.error.message).toContain(FACTORY.displayName)
    const named = { ...FACTORY, name: '另一把' }
    expect((await client.post('/enterprise-keys', named)).status).toBe(200)
  })

  test('has a name of its own, is made by administrators only, and its secret is told once', async () => {
    const client = await administrator()
    const headers = { 'idempotency-key': newId() }
    const wanted = { ...FACTORY, name: '一把' }
    const [first, again] = [
      await client.post('/enterprise-keys', wanted, headers),
      await client.post('/enterprise-keys', wanted, headers),
    ]
    expect(again.json).toEqual({ key: first.json.key, secret: null })
    expect((await client.post('/enterprise-keys', wanted)).json.error.code).toBe('name-taken')
    const { json } = await client.get('/enterprise-keys')
    const own = { ...FACTORY, name: '一把', revokedAt: null, previousUntil: null }
    expect(json.rows).toContainEqual(expect.objectContaining(own))
    expect(JSON.stringify(json)).not.toContain('yk_')
    running.accounts.seat(accountOf('supervisor'))
    const supervisor = await deskClient(running.url)
    for (const answer of [
      await supervisor.get('/enterprise-keys'),
      await supervisor.post('/enterprise-keys', { ...wanted, name: '另一把' }),
      await supervisor.post(`/enterprise-keys/${first.json.key.id}/rotation`, {}),
    ])
      expect(answer.json.error.code).toBe('action-forbidden')
  })
})

describe('a problem', () => {
  const problemOf = async (...what: Parameters<EnterpriseProgram['send']>) => {
    const { status, json, headers } = await factory.send(...what)
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(json.type).toMatch(new RegExp(`^${running.url}/developers#${json.code}$`))
    expect(json).toMatchObject({ status, instance: expect.stringMatching(/^urn:uuid:/) })
    for (const text of [json.title, json.detail]) expect(text).toMatch(/\S/)
    return { status, json, headers }
  }

  test.each([
    [404, 'route-not-found', '/nothing', undefined, {}],
    [404, 'case-not-found', '/cases/991231999990', undefined, {}],
    [400, 'body-invalid', '/cases/%zz', undefined, {}],
    [400, 'body-invalid', '/cases', '{"words": ', { headers: { 'content-type': 'application/json' } }],
    [400, 'body-invalid', '/cases', '', { method: 'POST', headers: { 'content-type': 'application/json' } }],
    [400, 'idempotency-key-invalid', '/cases', LIGHT, { headers: { 'idempotency-key': 'a b' } }],
    [413, 'message-too-long', '/cases', { words: 'x'.repeat(70_000) }, {}],
    [415, 'media-type-unsupported', '/cases', '<case/>', { headers: { 'content-type': 'application/xml' } }],
    [415, 'media-type-unsupported', '/cases', 'words', { headers: { 'content-type': 'text/plain' } }],
  ])('%i %s: %s', async (status, code, path, body, more) => {
    const { json } = await problemOf(path, body, more)
    expect([json.status, json.code]).toEqual([status, code])
  })

  test('without a key, or with a wrong one, says how to come in', async () => {
    for (const [secret, code] of [
      [undefined, 'token-missing'],
      ['yk_wrong', 'token-invalid'],
    ] as const) {
      const { status, json, headers } = await sender(running.url, secret)('/cases')
      expect([status, json.code]).toEqual([401, code])
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
    }
  })

  test.each<[object, [string, string][]]>([
    [{}, [['words', 'missing']]],
    [{ words: ' ' }, [['words', 'missing']]],
    [{ words: 7 }, [['words', 'wrong-type']]],
    [{ words: 'x'.repeat(4001) }, [['words', 'too-long']]],
    [{ words: '半个字 \ud800' }, [['words', 'malformed']]],
    [{ ...LIGHT, contact: { name: 'NUL \0' } }, [['contact.name', 'malformed']]],
    [
      { ...LIGHT, subjekt: 'x', contact: { fon: 1 } },
      [
        ['subjekt', 'not-a-field'],
        ['contact.fon', 'not-a-field'],
      ],
    ],
    [
      { ...LIGHT, type: 'wish', externalId: 'a b' },
      [
        ['externalId', 'malformed'],
        ['type', 'not-offered'],
      ],
    ],
    [{ ...LIGHT, contact: { phone: 'call me' } }, [['contact.phone', 'malformed']]],
    [
      { ...LIGHT, at: { latitude: 91 } },
      [
        ['at.latitude', 'out-of-range'],
        ['at.longitude', 'missing'],
      ],
    ],
    [{ ...LIGHT, subject: 'urban-construction' }, [['subject', 'unknown']]],
    [{ ...LIGHT, at: { latitude: 39.9, longitude: 116.4 } }, [['at', 'outside']]],
  ])('names each wrong field of %j', async (body, wrong) => {
    const { json } = await problemOf('/cases', body)
    expect([json.status, json.code]).toEqual([400, 'body-invalid'])
    const told = json.errors.map((each: { field: string; code: string }) => [each.field, each.code])
    expect(told.toSorted()).toEqual(wrong.toSorted())
    for (const each of json.errors)
      expect(each).toMatchObject({ in: 'body', detail: expect.stringMatching(/\S/) })
  })

  test.each([
    ['limit=0', 'limit', 'out-of-range'],
    ['limit=many', 'limit', 'wrong-type'],
    ['state=open', 'state', 'not-offered'],
    ['filedSince=yesterday', 'filedSince', 'malformed'],
    ['cursor=xyz', 'cursor', 'malformed'],
    ['page=2', 'page', 'not-a-field'],
  ])('names what is wrong in ?%s', async (query, field, code) => {
    const { json } = await problemOf(`/cases?${query}`)
    expect([json.status, json.errors]).toMatchObject([400, [{ in: 'query', field, code }]])
  })

  test('speaks the caller’s language', async () => {
    const said = async (language: string) => {
      const { json, headers } = await problemOf('/cases', {}, { headers: { 'accept-language': language } })
      expect(headers.get('content-language')).toBe(language)
      return [json.title, json.errors[0].detail]
    }
    expect(await said('zh-Hans')).toEqual(['请求有误', '缺少 words。'])
    expect(await said('zh-Hant')).toEqual(['請求有誤', '缺少 words。'])
    expect(await said('en')).toEqual(['Bad request', 'words is missing.'])
  })

  test('when the database is away is a 503, and what nobody foresaw a 500 without a word of it', async () => {
    const { store } = desk.line
    const { listCases } = store
    try {
      store.listCases = async () => {
        throw new AppError('store-unavailable')
      }
      const away = await problemOf('/cases')
      expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2'])
      store.listCases = async () => {
        throw new Error('a secret of the house')
      }
      const bug = await problemOf('/cases')
      expect([bug.status, bug.json.code]).toEqual([500, 'internal'])
      expect(JSON.stringify(bug.json)).not.toContain('secret')
    } finally {
      store.listCases = listCases
    }
  })
})

test('what is sent is not logged: no secret, no external id, no words', async () => {
  const externalId = 'INVOICE-OF-WANG'
  await file({ externalId, contact: { name: '王工', phone: '13800138000' } })
  await factory.send(`/cases/by-external-id/${externalId}`)
  await factory.send(`/cases/by-external-id/${externalId}%00`)
  const logged = running.logged.join('')
  expect(logged).toContain('/api/enterprise/v1/cases')
  for (const secret of [externalId, factory.secret, 'yk_', '王工', '13800138000', LIGHT.words])
    expect(logged).not.toContain(secret)
})
