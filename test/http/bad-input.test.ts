import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call, type RunningLine, SECRET, startConversation, startLine } from './start-line.ts'

const DL = '/v3/directline'
let running: RunningLine
let url: string
let id: string
let token: string

beforeAll(async () => {
  running = await startLine()
  url = running.url
  ;({ id, token } = await startConversation(url))
})
afterAll(() => running.stop())

const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; json: { id?: string; error?: { code: string; message: string } } }>(
    (resolve, reject) => {
      const asked = request(`${url}${DL}/conversations/${id}/activities`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      })
      asked.on('response', async response => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk)
        resolve({ status: response.statusCode!, json: JSON.parse(Buffer.concat(chunks).toString() || '{}') })
      })
      asked.on('error', reject)
      asked.end(body)
    },
  )
const message = (text: unknown) => JSON.stringify({ type: 'message', text })

describe('texts that are taken', () => {
  test.each([
    ['emoji only', '😡😡👨‍👩‍👧‍👦'],
    ['right to left', '\u202eمرحبا بالعالم\u202c'],
    ['zero-width inside', '人\u200b民\u200d路'],
    ['HTML and script', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['SQL-looking', "'; DROP TABLE cases; --"],
    ['markdown', '[x](javascript:alert(1)) ![](http://evil.example/p.png)'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: hostile on purpose
    ['template-looking', '{{constructor.constructor("return process")()}} ${process.exit()}'],
    ['eight thousand characters', '长'.repeat(8000)],
    ['eight thousand emoji', '😀'.repeat(8000)],
    ['a number', '0'],
  ])('%s', async (_name, text) => {
    const { status, json } = await post(message(text))
    expect([status, json.error]).toEqual([200, undefined])
    expect(running.line.turns.at(-1)!.text).toBe(text)
  })

  test('what no database keeps is taken out', async () => {
    expect((await post('{"type":"message","text":"a\\u0000b\\ud800c\\u0007","id":"x\\u0000y"}')).status).toBe(
      200,
    )
    const turn = running.line.turns.at(-1)!
    expect([turn.text, turn.externalId]).toEqual(['ab\ufffdc', 'xy'])
    expect(
      (await post('{"type":"message","text":"d","channelData":{"clientActivityID":"\\u0000\\udc00"}}'))
        .status,
    ).toBe(200)
    expect(running.line.turns.at(-1)!.externalId).toBe('\ufffd')
  })
})

describe('what is refused', () => {
  test.each([
    ['an empty text', message(''), 400, 'message-empty'],
    ['blanks', message('  \n\t　'), 400, 'message-empty'],
    ['zero-width only', message('\u200b\u200c\u200d\ufeff\u2060'), 400, 'message-empty'],
    ['no text', '{"type":"message"}', 400, 'message-empty'],
    ['a text of another kind', message({ a: 1 }), 400, 'body-invalid'],
    ['8,001 characters', message('长'.repeat(8001)), 400, 'message-too-long'],
    ['100 kB', message('x'.repeat(100_000)), 400, 'message-too-long'],
    ['1 MB', message('x'.repeat(1_000_000)), 413, 'message-too-long'],
    ['no body', '', 400, 'body-invalid'],
    ['broken JSON', '{"type":"mess', 400, 'body-invalid'],
    ['not an object', '[1,2]', 400, 'body-invalid'],
    ['null', 'null', 400, 'body-invalid'],
    ['no type', '{"text":"hi"}', 400, 'body-invalid'],
    [
      'a remote attachment only',
      '{"type":"message","attachments":[{"contentUrl":"http://a"}]}',
      400,
      'upload-refused',
    ],
    [
      'deep nesting in a text',
      `{"type":"message","text":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      400,
      'body-invalid',
    ],
  ])('%s', async (_name, body, status, code) => {
    const answer = await post(body)
    expect([answer.status, answer.json.error?.code]).toEqual([status, code])
    expect(answer.json.error!.message).toBe(`zh-Hans:error.${code}`)
  })

  test('binary', async () => {
    const answer = await post(Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256))
    expect([answer.status, answer.json.error?.code]).toEqual([400, 'body-invalid'])
  })

  test('a body of an unknown media type', async () => {
    const answer = await post('<activity/>', { 'content-type': 'text/xml' })
    expect([answer.status, answer.json.error?.code]).toEqual([415, 'body-invalid'])
  })

  test('the refusal speaks the language of the caller', async () => {
    const { json } = await post(message(''), { 'accept-language': 'fr, zh-TW;q=0.9, en;q=0.5' })
    expect(json.error!.message).toBe('zh-Hant:error.message-empty')
  })
})

describe('addresses', () => {
  test.each([
    ['nowhere', '/nowhere', 404],
    ['outside', '/../../etc/passwd', 404],
    ['an undecodable one', '/%c0%af', 400],
    ['a very long one', `/${'a'.repeat(3000)}`, 404],
    ['a conversation that is none', `${DL}/conversations/${encodeURIComponent("' OR 1=1")}/activities`, 401],
  ])('%s', async (_name, path, status) => {
    const answer = await call(url, path, { token })
    expect(answer.status).toBe(status)
    expect(answer.json.error).toEqual({ code: expect.any(String), message: expect.any(String) })
  })

  test('a request that is not HTTP closes the connection and nothing else', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const said = new Promise<string>(resolve => socket.once('data', data => resolve(String(data))))
    socket.write('\u0000\u0001 hello\r\n\r\n')
    expect(await said).toContain('400 Bad Request')
    expect((await call(url, '/healthz')).status).toBe(200)
  })
})

test('nothing here was a server error', async () => {
  const { json } = await call(url, '/metrics')
  expect(json).not.toMatch(/yihao_refusals_total\{[^}]*status="5/)
})

test('secret holders cannot name hostile people', async () => {
  const started = await call(url, `${DL}/conversations`, {
    token: SECRET,
    body: { user: { id: 'a\u0000b' }, locale: '../../x' },
  })
  expect(started.status).toBe(201)
  expect(running.line.conversations.get(started.json.conversationId)!.userId).toBe('ab')
})

describe('what is no request of HTTP', () => {
  /** What comes back on the wire for these bytes. */
  const answerTo = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(url)
      const socket = connect(Number(port), hostname, () => socket.write(bytes))
      let answer = ''
      socket.on('data', data => {
        answer += data.toString()
      })
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
    })

  test.each([
    ['nonsense', 'nonsense sk_secret\r\n\r\n', '400 Bad Request', 'body-invalid'],
    [
      'a header that is too large',
      `GET /api/city HTTP/1.1\r\nhost: x\r\ncookie: ${'sk_secret'.repeat(4000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
      'message-too-long',
    ],
    [
      'a header that is none',
      'GET /api/city HTTP/1.1\r\nhost: x\r\nsk_secret\r\n\r\n',
      '400 Bad Request',
      'body-invalid',
    ],
  ])('%s is refused in the shape of every refusal, and not logged', async (_name, bytes, status, code) => {
    const answer = await answerTo(bytes)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status}\r\n`))
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`)
    expect(JSON.parse(body)).toEqual({ error: { code, message: `zh-Hans:error.${code}` } })
    expect(running.logged.join('')).not.toContain('sk_secret')
    const { json } = await call(url, '/metrics')
    expect(json).toContain(`yihao_refusals_total{code="${code}",status="${status.slice(0, 3)}"}`)
  })
})

describe('what asks nothing of the line', () => {
  test.each([
    'installationUpdate',
    'messageUpdate',
    'messageDelete',
    'handoff',
    'trace',
    'suggestion',
    'contactRelationUpdate',
    'typing',
    'event',
    'hologram',
  ])('%s is acknowledged with an id and is no turn', async type => {
    const before = running.line.turns.length
    const { status, json } = await post(JSON.stringify({ type }))
    expect([status, json]).toEqual([200, { id: expect.stringContaining('|') }])
    expect(running.line.turns.length).toBe(before)
  })

  test.each([
    ['of somebody else', '{"type":"invoke","name":"composeExtension/query","value":{}}'],
    ['by a card that says nothing', '{"type":"invoke","name":"adaptiveCard/action","value":{"action":{}}}'],
  ])('an invoke %s is not implemented', async (_what, body) => {
    const before = running.line.turns.length
    const { status, json } = await post(body)
    expect([status, json]).toEqual([200, { id: expect.any(String), statusCode: 501 }])
    expect(running.line.turns.length).toBe(before)
  })

  test.each([
    ['a value that is no words of ours', '{"a":{"b":"deep"}}'],
    ['deep nesting', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ])('%s is a turn without words', async (_what, value) => {
    const { status, json } = await post(`{"type":"message","text":"","value":${value}}`)
    expect([status, json]).toEqual([200, { id: expect.any(String) }])
    expect(running.line.turns.at(-1)!.text).toBe('')
  })
})
