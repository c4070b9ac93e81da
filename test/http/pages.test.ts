import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CARD } from './fake-line.ts'
import { call, type RunningLine, startConversation, startLine } from './start-line.ts'

let running: RunningLine
let url: string
let root: string
let storeFails = false

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'yihao-web-'))
  await mkdir(join(root, 'assets'))
  for (const page of ['index', 'status', 'guide', 'hall', 'desk'])
    await writeFile(join(root, `${page}.html`), `<h1>${page}</h1>`)
  await writeFile(join(root, 'assets', 'main-abc123.js'), 'let a = 1')
  await writeFile(join(root, 'assets', 'main-abc123.js.gz'), gzipSync('let a = 1'))
  const store = async () => {
    if (storeFails) throw new Error('down')
  }
  running = await startLine({ server: { webRoot: root, checks: { store } } })
  url = running.url
})
afterAll(async () => {
  await running.stop()
  await rm(root, { recursive: true })
})

describe('pages', () => {
  test.each([
    ['/', 'index'],
    ['/status', 'status'],
    ['/status/', 'status'],
    ['/guide', 'guide'],
    ['/guide/food-business', 'guide'],
    ['/hall', 'hall'],
    ['/kiosk', 'hall'],
    ['/ticket', 'hall'],
    ['/screen', 'hall'],
    ['/desk', 'desk'],
    ['/desk/cases/42', 'desk'],
  ])('%s is the page %s, asked for anew each time', async (path, page) => {
    const { json, headers } = await call(url, path)
    expect(json).toBe(`<h1>${page}</h1>`)
    expect(headers.get('cache-control')).toBe('no-cache')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  })

  test('hashed assets are kept for ever and come compressed', async () => {
    const { headers, json } = await call(url, '/assets/main-abc123.js', {
      headers: { 'accept-encoding': 'gzip' },
    })
    expect(json).toBe('let a = 1')
    expect(headers.get('content-encoding')).toBe('gzip')
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  test('an asset that is not there is 404 as JSON', async () => {
    expect(await call(url, '/assets/nope.js')).toMatchObject({
      status: 404,
      json: { error: { code: 'route-not-found' } },
    })
  })

  test('nothing may be loaded from or framed by others', async () => {
    const csp = (await call(url, '/')).headers.get('content-security-policy')!
    expect(csp).toContain("default-src 'self'")
    expect(csp).toContain("frame-ancestors 'none'")
    expect(csp).not.toMatch(/unsafe|https?:|\*/)
  })
})

describe('operations', () => {
  test('it lives', async () => {
    expect((await call(url, '/healthz')).json).toEqual({ status: 'alive' })
  })

  test('it is ready only while each part is', async () => {
    expect(await call(url, '/readyz')).toMatchObject({
      status: 200,
      json: { status: 'ready', checks: { store: 'ok' } },
    })
    storeFails = true
    expect(await call(url, '/readyz')).toMatchObject({ status: 503, json: { checks: { store: 'failed' } } })
    expect((await call(url, '/healthz')).status).toBe(200)
    storeFails = false
  })

  test('turns, refusals, sockets and cases are counted', async () => {
    const { id, token } = await startConversation(url)
    const path = `/v3/directline/conversations/${id}/activities`
    await call(url, path, { token, body: { type: 'message', text: 'hi' } })
    await call(url, path, { token, body: { type: 'message', text: '' } })
    const { json } = await call(url, '/metrics')
    expect(json).toContain('yihao_turn_seconds_count{channel="direct-line",outcome="done"} 1')
    expect(json).toContain('yihao_refusals_total{code="message-empty",status="400"} 1')
    expect(json).toContain('yihao_open_sockets 0')
    expect(json).toContain('yihao_cases_open 3')
    expect(json).toContain('yihao_cases{state="handling"} 3')
    expect(json).toContain('yihao_dead_letters 2')
    expect(json).not.toContain(id)
  })

  test('the interface describes itself', async () => {
    const { json } = await call(url, '/openapi.json')
    expect(json.openapi).toBe('3.1.0')
    expect(Object.keys(json.paths)).toEqual(
      expect.arrayContaining([
        '/api/city',
        '/api/status',
        '/api/desk/login',
        '/api/desk/cases',
        '/api/desk/cases/{id}/actions',
        '/v3/directline/conversations/{id}/activities',
      ]),
    )
    expect(json.components.schemas).toHaveProperty('CaseRow')
    expect(JSON.stringify(json)).not.toContain('"$ref":"#/undefined')
  })
})

describe('the city and the status of a case', () => {
  test('a page learns whom it belongs to', async () => {
    expect((await call(url, '/api/city')).json).toMatchObject({ id: 'shenfu', phone: '8890', isSample: true })
  })

  test('number and query code open a case, written with blanks or full-width, too', async () => {
    const number = '２６1124 00001 8'
    const { status, json, headers } = await call(url, '/api/status', {
      body: { number, queryCode: 'abcd-2345' },
    })
    expect(status).toBe(200)
    expect(json.card.number).toBe(CARD.number)
    expect(json.card.queryCode).toBeUndefined()
    expect(json.history).toHaveLength(1)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test.each([
    ['a wrong code', { number: CARD.number, queryCode: 'WRONG' }, 403, 'query-code-wrong'],
    ['a wrong number', { number: '261124000026', queryCode: 'X' }, 404, 'case-not-found'],
    ['no code', { number: CARD.number }, 400, 'body-invalid'],
    ['a number of another kind', { number: 1, queryCode: 'x' }, 400, 'body-invalid'],
  ])('%s is refused', async (_name, body, status, code) => {
    const answer = await call(url, '/api/status', { body })
    expect([answer.status, answer.json.error.code]).toEqual([status, code])
  })

  test('guessing ends soon, also when all guesses come at once; looking does not', async () => {
    const line = await startLine()
    const ask = (queryCode: string) =>
      call(line.url, '/api/status', { body: { number: CARD.number, queryCode } })
    for (let i = 0; i < 15; i++) expect((await ask(CARD.queryCode)).status).toBe(200)
    const guesses = await Promise.all(Array.from({ length: 40 }, (_, index) => ask(`GUESS${index}`)))
    expect(guesses.filter(answer => answer.status === 403)).toHaveLength(10)
    expect(guesses.filter(answer => answer.status === 429)).toHaveLength(30)
    expect((await ask(CARD.queryCode)).status).toBe(429)
    await line.stop()
  })
})
