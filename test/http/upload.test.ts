import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call, type RunningLine, startConversation, startLine } from './start-line.ts'

const DL = '/v3/directline'
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
let running: RunningLine
let id: string
let token: string

beforeAll(async () => {
  running = await startLine()
  ;({ id, token } = await startConversation(running.url))
})
afterAll(() => running.stop())

type File = [bytes: Uint8Array, name: string, type: string]

async function upload(files: File[], activity: unknown = { type: 'message', text: '看' }, bearer = token) {
  const form = new FormData()
  const json = typeof activity === 'string' ? activity : JSON.stringify(activity)
  if (activity !== null)
    form.append('activity', new Blob([json], { type: 'application/vnd.microsoft.activity' }))
  for (const [bytes, name, type] of files)
    form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), name)
  const response = await fetch(`${running.url}${DL}/conversations/${id}/upload?userId=dl_x`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}` },
    body: form,
  })
  return {
    status: response.status,
    json: (await response.json()) as { id?: string; error?: { code: string; details?: object } },
  }
}

const lastAttachments = async () => {
  const { json } = await call(running.url, `${DL}/conversations/${id}/activities`, { token })
  return json.activities.at(-2).attachments as { name: string; contentUrl: string; contentType: string }[]
}

describe('an upload', () => {
  test('is kept under a random name and comes back as an attachment that a browser does not run', async () => {
    const { status } = await upload([[PNG, '../../evil.html', 'text/html']])
    expect(status).toBe(200)
    const [attachment] = await lastAttachments()
    expect(attachment!.name).toMatch(/^[\w-]{22}\.png$/)
    expect(attachment!.contentType).toBe('image/png')
    const response = await fetch(attachment!.contentUrl)
    expect(Buffer.from(await response.arrayBuffer()).equals(PNG)).toBe(true)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(response.headers.get('content-security-policy')).toContain('sandbox')
  })

  test('needs no words, and may be several files', async () => {
    expect(
      (
        await upload(
          [
            [PNG, 'a', ''],
            [PNG, 'b', ''],
          ],
          { type: 'message' },
        )
      ).status,
    ).toBe(200)
    expect(await lastAttachments()).toHaveLength(2)
    expect((await upload([[PNG, 'a', 'image/png']], null)).status).toBe(200)
  })

  test('may be one bare file', async () => {
    const response = await fetch(`${running.url}${DL}/conversations/${id}/upload?userId=dl_x`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
      body: PNG,
    })
    expect(response.status).toBe(200)
  })

  test.each<[string, File[], unknown, string]>([
    [
      'a page that calls itself a picture',
      [[Buffer.from('<html><script>'), 'a.png', 'image/png']],
      {},
      'upload-refused',
    ],
    [
      'a program',
      [[Buffer.from('MZ\u0090\u0000\u0003'.padEnd(200)), 'a.jpg', 'image/jpeg']],
      {},
      'upload-refused',
    ],
    [
      'an SVG',
      [[Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'a.svg', 'image/svg+xml']],
      {},
      'upload-refused',
    ],
    ['an empty file', [[new Uint8Array(), 'a.png', 'image/png']], {}, 'upload-refused'],
    ['no file', [], {}, 'upload-refused'],
    [
      'eleven megabytes',
      [[Buffer.concat([PNG, Buffer.alloc(11 << 20)]), 'a.png', 'image/png']],
      {},
      'upload-refused',
    ],
    ['a broken activity', [[PNG, 'a.png', 'image/png']], '{"type":', 'body-invalid'],
  ])('%s is refused', async (_name, files, activity, code) => {
    const body = typeof activity === 'string' ? activity : { type: 'message', text: 'x' }
    const { status, json } = await upload(files, body)
    expect([status, json.error?.code]).toEqual([400, code])
  })

  test('too many files are refused', async () => {
    const { status, json } = await upload(
      Array.from({ length: 9 }, () => [PNG, 'a.png', 'image/png'] as File),
    )
    expect([status, json.error?.code]).toEqual([400, 'upload-refused'])
  })

  test('without a token nothing is read', async () => {
    expect((await upload([[PNG, 'a.png', 'image/png']], undefined, 'nonsense')).status).toBe(401)
  })
})

describe('a file', () => {
  test('is fetched only by its own signature', async () => {
    await upload([[PNG, 'a.png', 'image/png']])
    const { contentUrl } = (await lastAttachments())[0]!
    expect((await fetch(contentUrl)).status).toBe(200)
    expect((await fetch(contentUrl.replace(/s=.*/, 's=x'))).status).toBe(401)
    expect((await fetch(contentUrl.replace(/\?.*/, ''))).status).toBe(401)
    const other = await startConversation(running.url)
    expect((await fetch(contentUrl.replace(id, other.id))).status).toBe(401)
  })
})
