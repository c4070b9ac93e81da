import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EnterpriseProgram, enterpriseProgram, LIGHT } from '../support/enterprise-client.ts'
import { useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const lines = useTestLine()
let running: WiredDesk
let factory: EnterpriseProgram

let pages: string

beforeAll(async () => {
  // With built pages there is a wildcard that answers what nobody else does.
  pages = await mkdtemp(join(tmpdir(), 'pages-'))
  await writeFile(join(pages, 'index.html'), '<p>')
  running = await startWiredDesk(lines.fresh().line, pages)
  factory = await enterpriseProgram(running)
})
afterAll(async () => {
  await running.stop()
  await rm(pages, { recursive: true, force: true })
})

async function post(body: string | Buffer<ArrayBuffer>, type = 'application/json', path = '/cases') {
  const response = await fetch(`${running.url}/api/enterprise/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${factory.secret}`, 'content-type': type },
    body,
  })
  // biome-ignore lint/suspicious/noExplicitAny: the wire is untyped
  const json: any = await response.json()
  return { status: response.status, json }
}
const WORDS = (bytes: number[]) =>
  Buffer.concat([Buffer.from('{"words":"'), Buffer.from(bytes), Buffer.from('"}')])
/** 路灯坏了 in GBK. */
const GBK = WORDS([0xc2, 0xb7, 0xb5, 0xc6, 0xbb, 0xb5, 0xc1, 0xcb])

describe('a body', () => {
  test('that is no UTF-8 is refused, and not filed as garbage', async () => {
    for (const bytes of [GBK, WORDS([0xe8, 0xb7])]) {
      const { status, json } = await post(bytes)
      expect([status, json.code]).toEqual([400, 'body-invalid'])
      expect(json.errors).toMatchObject([{ in: 'body', code: 'malformed' }])
    }
  })

  test.each(['gbk', '"GB18030"', 'utf-16'])('in charset %s is of no type that we take', async charset => {
    const { status, json } = await post(GBK, `application/json; charset=${charset}`)
    expect([status, json.code]).toEqual([415, 'media-type-unsupported'])
  })

  test('in UTF-8 is taken, whether it says so, with its mark or without', async () => {
    for (const type of [
      'application/json',
      'application/json; charset=UTF-8',
      'application/json;charset="utf-8"',
    ])
      expect((await post(JSON.stringify(LIGHT), type)).status).toBe(201)
    expect((await post(`\ufeff${JSON.stringify(LIGHT)}`)).json.case.words).toBe(LIGHT.words)
  })

  test('of words that nobody can see is refused', async () => {
    for (const words of ['\u200b', ' \u200b\u200d\u2060 ', '\u3164']) {
      const { status, json } = await post(JSON.stringify({ words }))
      expect(status).toBe(400)
      expect(json.errors).toMatchObject([{ in: 'body', field: 'words' }])
    }
  })

  test('that is empty is none, where none is needed', async () => {
    const { json } = await post(JSON.stringify(LIGHT))
    expect((await post('', 'application/json', `/cases/${json.case.number}/urge`)).status).toBe(200)
    expect((await post('')).status).toBe(400)
  })
})

describe('what is wrong', () => {
  test('is said to be where it is: in the path, the query, the body or a header', async () => {
    const { json: filed } = await factory.send('/cases', LIGHT)
    const placeOf = async (path: string, body?: unknown, headers = {}) => {
      const { status, json } = await factory.send(path, body, { headers })
      return [status, json.errors?.map((each: { in: string; field: string }) => [each.in, each.field])]
    }
    const at = `/cases/${filed.case.number}`
    expect(await placeOf('/cases/%00')).toEqual([400, [['path', 'number']]])
    expect(await placeOf('/cases/%00/urge', {})).toEqual([400, [['path', 'number']]])
    expect(await placeOf(`/cases/${'1'.repeat(60)}`)).toEqual([400, [['path', 'number']]])
    expect(await placeOf('/cases/by-external-id/%20')).toEqual([400, [['path', 'externalId']]])
    expect(await placeOf('/cases?cursor=%00')).toEqual([400, [['query', 'cursor']]])
    expect(await placeOf('/cases?limit=0')).toEqual([400, [['query', 'limit']]])
    expect(await placeOf(`${at}/information`, { text: 'a\0' })).toEqual([400, [['body', 'text']]])
    expect(await placeOf(`${at}/information`, {})).toEqual([400, [['body', 'text']]])
    expect(await placeOf('/cases', LIGHT, { 'idempotency-key': 'a b' })).toEqual([
      400,
      [['header', 'Idempotency-Key']],
    ])
  })

  test.each(['urge', 'withdrawal'])('is any field in the body of %s', async action => {
    const { json: filed } = await factory.send('/cases', LIGHT)
    const path = `/cases/${filed.case.number}/${action}`
    const { status, json } = await factory.send(path, { reason: '急' })
    expect([status, json.errors]).toMatchObject([400, [{ in: 'body', field: 'reason', code: 'not-a-field' }]])
    for (const body of ['[]', '"x"', '1'])
      expect([body, (await post(body, undefined, path)).status]).toEqual([body, 400])
    expect((await factory.send(path, {})).status).toBe(200)
  })
})

describe('an address that is nothing', () => {
  const get = async (path: string, method = 'GET') => {
    const response = await fetch(`${running.url}/api/enterprise${path}`, {
      method,
      headers: { authorization: `Bearer ${factory.secret}`, accept: 'text/html' },
    })
    return { status: response.status, type: response.headers.get('content-type') }
  }
  const nothing = { status: 404, type: 'application/problem+json; charset=utf-8' }

  test('is a problem by every method', async () => {
    for (const path of ['/v1/nothing', '/v1/cases/1/urge', '/v1/', '/v2/cases', '/x'])
      expect([path, await get(path)]).toEqual([path, nothing])
    expect(await get('/v1/nothing', 'HEAD')).toEqual(nothing)
    expect(await get('/v1/nothing', 'DELETE')).toEqual(nothing)
  })

  test('is a problem however long it is', async () => {
    const { status, type } = await get(`/v1/cases/${'1'.repeat(5000)}`)
    expect([404, 414]).toContain(status)
    expect(type).toBe(nothing.type)
  })
})
