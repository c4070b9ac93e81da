import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MINUTE } from '../../src/kernel/clock.ts'
import { fileCase } from '../../src/usecases/file-case.ts'
import { takeTurn } from '../../src/usecases/take-turn.ts'
import { deskClient } from '../support/desk-client.ts'
import {
  accountOf,
  act,
  type Desk,
  type Filed,
  fileOne,
  open,
  replyInput,
  sampleDraft,
  useTestLine,
} from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'
import { call } from './start-line.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const HANDLER = accountOf('handler', 'urban-management')
const STRANGER = { ...accountOf('handler', 'education'), id: '00000000-0000-7000-8000-000000000099' }

const lines = useTestLine()
let desk: Desk
let running: WiredDesk
let client: Awaited<ReturnType<typeof deskClient>>
let filed: Filed

beforeAll(async () => {
  desk = lines.fresh()
  running = await startWiredDesk(desk.line)
  running.accounts.seat(HANDLER)
  client = await deskClient(running.url)
})
afterAll(() => running.stop())
beforeEach(async () => {
  running.accounts.seat(HANDLER)
  filed = await fileOne(desk)
  await act(desk.line, HANDLER, filed.case.id, 'sign')
})

const codeOf = (answer: { status: number; json: { error?: { code: string } } }) => [
  answer.status,
  answer.json.error?.code,
]

async function upload(bytes: Uint8Array, headers: Record<string, string> = {}, id = filed.case.id) {
  const response = await fetch(`${running.url}/api/desk/cases/${id}/files`, {
    method: 'POST',
    headers: { ...client.headers, 'content-type': 'application/octet-stream', ...headers },
    body: bytes as Uint8Array<ArrayBuffer>,
  })
  return {
    status: response.status,
    json: (await response.json()) as { name: string; error?: { code: string } },
  }
}

describe('files of a case', () => {
  test('are kept, read by whoever may see the case, and never run by a browser', async () => {
    const { status, json } = await upload(PNG)
    expect(status).toBe(200)
    const file = await fetch(`${running.url}/api/desk/cases/${filed.case.id}/files/${json.name}`, {
      headers: client.headers,
    })
    expect(Buffer.from(await file.arrayBuffer()).equals(PNG)).toBe(true)
    expect(file.headers.get('content-type')).toBe('image/png')
    expect(file.headers.get('content-security-policy')).toContain('sandbox')
    const other = await fileOne(desk)
    expect(codeOf(await client.get(`/cases/${other.case.id}/files/${json.name}`))).toEqual([
      404,
      'file-not-found',
    ])
    running.accounts.seat(STRANGER)
    expect(codeOf(await client.get(`/cases/${filed.case.id}/files/${json.name}`))).toEqual([
      404,
      'case-not-found',
    ])
  })

  test('what is no picture or paper, too large, empty, without the token, or for a case of others is refused', async () => {
    expect(codeOf(await upload(Buffer.from('<script>')))).toEqual([400, 'upload-refused'])
    expect((await upload(Buffer.alloc(65 * 1024))).status).toBe(413)
    expect((await upload(new Uint8Array(0))).status).toBe(400)
    expect((await upload(PNG, { 'x-csrf-token': 'guess' })).status).toBe(403)
    expect((await upload(PNG, { 'content-type': 'text/html' })).status).toBe(415)
    running.accounts.seat(STRANGER)
    expect(codeOf(await upload(PNG))).toEqual([404, 'case-not-found'])
  })

  test('a reply names only files of its own case', async () => {
    const { name } = (await upload(PNG)).json
    const other = await fileOne(desk)
    await act(desk.line, HANDLER, other.case.id, 'sign')
    const reply = (id: string, attachments: object[]) =>
      client.post(`/cases/${id}/actions`, {
        action: 'reply',
        input: { ...replyInput(desk.line), attachments },
        expectedVersion: 4,
      })
    const mine = [{ name, isPublic: true }]
    expect(codeOf(await reply(other.case.id, mine))).toEqual([400, 'action-invalid'])
    expect(codeOf(await reply(filed.case.id, [{ name: 'x.png', isPublic: true }]))).toEqual([
      400,
      'action-invalid',
    ])
    expect(codeOf(await reply(filed.case.id, Array(11).fill(mine[0])))).toEqual([400, 'action-invalid'])
    expect((await reply(filed.case.id, mine)).status).toBe(200)
  })
})

describe('photos that were sent with a matter', () => {
  const sendPhoto = async (conversationId: string) => {
    const { name } = (await upload(PNG)).json
    const rest = { locale: null, clientData: null, externalId: null }
    await takeTurn(desk.line, { conversationId, text: '', attachments: [name], ...rest })
    return name
  }
  const fileIn = async ({ id, channel, userId }: Filed['conversation'], type = 'help') => {
    desk.line.clock.advance(MINUTE)
    const { case: made } = await desk.line.store.transact(tx =>
      fileCase(desk.line, tx, {
        ...{ draft: sampleDraft({ type }), conversationId: id, family: null, service: null },
        person: { name: null, phone: null, channel, channelUserId: userId },
        actor: { role: 'resident', id: userId },
      }),
    )
    desk.line.clock.advance(MINUTE)
    return made.id
  }
  const shown = async (id: string) => (await client.get(`/cases/${id}`)).json.files

  test('stand at its case and at no other of the same person', async () => {
    const conversation = await open(desk.line)
    const first = await sendPhoto(conversation.id)
    const one = await fileIn(conversation)
    const second = await sendPhoto(conversation.id)
    const two = await fileIn(conversation)
    expect([await shown(one), await shown(two)]).toEqual([[first], [second]])
    expect((await client.get(`/cases/${one}/files/${first}`)).status).toBe(200)
    expect(codeOf(await client.get(`/cases/${two}/files/${first}`))).toEqual([404, 'file-not-found'])
  })

  test('of a report are shown to nobody who may not know who told of it', async () => {
    const conversation = await open(desk.line)
    const photo = await sendPhoto(conversation.id)
    const id = await fileIn(conversation, 'report')
    expect(await shown(id)).toEqual([])
    expect(codeOf(await client.get(`/cases/${id}/files/${photo}`))).toEqual([404, 'file-not-found'])
    running.accounts.seat(accountOf('supervisor'))
    expect(await shown(id)).toEqual([photo])
  })
})

describe('what a reply shows its owner', () => {
  test('is the public files, at addresses that nobody can make and that end', async () => {
    const { id, number } = filed.case
    const names = [(await upload(PNG)).json.name, (await upload(PNG)).json.name]
    const attachments = names.map((name, index) => ({ name, isPublic: index === 0 }))
    await act(desk.line, HANDLER, id, 'reply', { ...replyInput(desk.line), attachments })
    const queryCode = desk.record.queryCodes.get(id)
    const { json } = await call(running.url, '/api/status', { body: { number, queryCode } })
    expect(json.files.map(({ name }: { name: string }) => name)).toEqual([names[0]])
    const [{ href }] = json.files
    expect(href).not.toContain(number)
    const picture = await fetch(`${running.url}${href}`)
    expect(Buffer.from(await picture.arrayBuffer()).equals(PNG)).toBe(true)
    for (const wrong of [href.replace(names[0], names[1]), href.replace(/until=\d/, 'until=9'), `${href}x`])
      expect((await fetch(`${running.url}${wrong}`)).status).toBe(401)
    desk.line.clock.advance(61 * MINUTE)
    expect((await fetch(`${running.url}${href}`)).status).toBe(401)
    // The session would end, too.
    desk.line.clock.advance(-61 * MINUTE)
  })
})

describe('a reply before it is sent', () => {
  const preview = (input: object, action = 'reply') =>
    client.post(`/cases/${filed.case.id}/reply-preview`, { action, input })

  test('is shown in the words that go out, and changes nothing', async () => {
    const before = await client.get(`/cases/${filed.case.id}`)
    const { status, json } = await preview(replyInput(desk.line))
    expect(status).toBe(200)
    expect(json.chat.text).toContain('灯泡已经换好。')
    expect(json.chat.choices.length).toBeGreaterThan(0)
    expect(json.status.said).toContain('灯泡已经换好。')
    expect(json.sms).not.toContain('灯泡')
    const after = await client.get(`/cases/${filed.case.id}`)
    expect(after.json.case.version).toBe(before.json.case.version)
  })

  test('names what the resident should not read', async () => {
    const { json } = await preview({
      ...replyInput(desk.line),
      text: '王秀兰您好，已退单，请找13912345678。',
    })
    expect(json.concerns.map(({ kind }: { kind: string }) => kind).sort()).toEqual([
      'internal-word',
      'phone',
      'reporter',
    ])
  })

  test('a question to the resident is shown, too', async () => {
    expect((await preview({ text: '请问在哪一栋？' }, 'ask-resident')).json.chat.text).toContain(
      '请问在哪一栋？',
    )
  })

  test('what would be refused is refused, and nobody else’s case is shown', async () => {
    expect(codeOf(await preview({ text: '好了' }))).toEqual([400, 'action-invalid'])
    expect(codeOf(await preview({}, 'sign'))).toEqual([400, 'body-invalid'])
    running.accounts.seat(STRANGER)
    expect(codeOf(await preview(replyInput(desk.line)))).toEqual([404, 'case-not-found'])
  })
})

describe('what helps with a case', () => {
  test('phrases that fit, due times by the working calendar, and clauses of other departments', async () => {
    const { json } = await client.get(`/cases/${filed.case.id}/help`)
    expect(json.replies[0].id).toBe('light-mended')
    expect(json.replies.map(({ id }: { id: string }) => id)).not.toContain('praise-passed-on')
    const dues = json.extension.options.map(({ dueAt }: { dueAt: string }) => dueAt)
    expect(dues).toEqual([...dues].sort())
    expect(dues[0] > json.extension.dueAt).toBe(true)
    expect(json.returning.until).not.toBeNull()
    for (const { department } of json.returning.candidates) expect(department).not.toBe('urban-management')
  })

  test('the due time that was shown is the one that an extension makes', async () => {
    const { json } = await client.get(`/cases/${filed.case.id}/help`)
    const option = json.extension.options.at(-1)
    await act(desk.line, HANDLER, filed.case.id, 'request-extension', { by: option.by }, '待料')
    await act(desk.line, accountOf('agent'), filed.case.id, 'approve-extension')
    const view = await client.get(`/cases/${filed.case.id}`)
    const handle = view.json.clocks.find(({ kind }: { kind: string }) => kind === 'handle')
    expect(handle.dueAt).toBe(option.dueAt)
  })

  test('returns so far are counted', async () => {
    const other = await fileOne(desk)
    await act(desk.line, HANDLER, other.case.id, 'return', { clause: 'ZJ-01' }, '不属本单位职责')
    await act(
      desk.line,
      accountOf('arbiter'),
      other.case.id,
      'arbitrate',
      { lead: 'urban-management' },
      '仍由你局办',
    )
    const { json } = await client.get(`/cases/${other.case.id}/help`)
    expect(json.returning).toMatchObject({ until: null, hops: [{ clause: 'ZJ-01' }] })
  })
})

describe('filters under names', () => {
  const wanted = { name: '急的', filter: { lane: 'to-sign', light: 'red' }, isShared: false }

  test('are saved, listed, shared with the department alone, and removed by their owner', async () => {
    const mine = await client.post('/filters', wanted)
    const shared = await client.post('/filters', { ...wanted, name: '大家的', isShared: true })
    expect([mine.status, shared.json.isShared]).toEqual([200, true])
    const colleague = { ...HANDLER, id: '00000000-0000-7000-8000-000000000098' }
    running.accounts.seat(colleague)
    const theirs = (await client.get('/filters')).json.rows
    expect(theirs).toEqual([expect.objectContaining({ name: '大家的', isOwn: false, filter: wanted.filter })])
    expect(codeOf(await client.remove(`/filters/${shared.json.id}`))).toEqual([404, 'filter-not-found'])
    running.accounts.seat(STRANGER)
    expect((await client.get('/filters')).json.rows).toEqual([])
    running.accounts.seat(HANDLER)
    expect(codeOf(await client.post('/filters', wanted))).toEqual([409, 'name-taken'])
    for (const { id } of (await client.get('/filters')).json.rows)
      expect((await client.remove(`/filters/${id}`)).status).toBe(200)
  })

  test.each([
    ['words to search for', { ...wanted, filter: { search: '王秀兰' } }],
    ['a state that there is not', { ...wanted, filter: { states: ['moon'] } }],
    ['no name', { ...wanted, name: ' ' }],
  ])('%s: refused', async (_what, body) => {
    expect(codeOf(await client.post('/filters', body))).toEqual([400, 'body-invalid'])
  })

  test('more than anybody finds again are refused', async () => {
    for (let i = 0; i < 20; i++) await client.post('/filters', { ...wanted, name: `第${i}个` })
    expect(codeOf(await client.post('/filters', wanted))).toEqual([409, 'filters-exhausted'])
  })

  test('open cases are counted by state, and what came back apart', async () => {
    const { json } = await client.get('/case-counts?department=education')
    const rows = json.rows as { state: string; isReworked: boolean; all: number }[]
    expect(rows.find(({ state }) => state === 'handling')).toMatchObject({ isReworked: false })
    expect(codeOf(await client.get('/case-counts?department=moon'))).toEqual([400, 'body-invalid'])
    expect(codeOf(await client.get('/case-counts?search=moon'))).toEqual([400, 'body-invalid'])
  })
})

describe('one of many', () => {
  test('with its own key is done once, and a second key for it is told that somebody was faster', async () => {
    const sign = await fileOne(desk)
    const send = (key: string) =>
      client.post(
        `/cases/${sign.case.id}/actions`,
        { action: 'sign', expectedVersion: 3 },
        { 'idempotency-key': key },
      )
    expect((await send('run-1')).json).toEqual({ version: 4 })
    expect((await send('run-1')).json).toEqual({ version: 4 })
    expect(codeOf(await send('run-2'))).toEqual([409, 'version-conflict'])
  })

  test('slips of several stand on sheets of their own; one of others takes all away', async () => {
    const other = await fileOne(desk)
    const sheet = await client.get(`/slips?ids=${filed.case.id},${other.case.id}&locale=en`)
    expect(sheet.status).toBe(200)
    expect(String(sheet.json).match(/<main>/g)).toHaveLength(2)
    expect((await client.get(`/slips?ids=${filed.case.id},nobody`)).status).toBe(404)
    expect((await client.get(`/slips?ids=${Array(51).fill('x').join(',')}`)).status).toBe(400)
  })
})

describe('a co-handler', () => {
  test('that owes its part is reminded; one that does not is refused', async () => {
    const { id } = filed.case
    await act(desk.line, HANDLER, id, 'add-co-handler', { department: 'housing-construction', task: '核实' })
    const remind = (department: string, expectedVersion: number) =>
      client.post(`/cases/${id}/actions`, { action: 'remind-part', input: { department }, expectedVersion })
    expect(codeOf(await remind('education', 5))).toEqual([400, 'action-invalid'])
    expect((await remind('housing-construction', 5)).status).toBe(200)
    expect(
      desk.record.jobs.some(job => job.name === 'notify-department' && job.data.event === 'part-reminded'),
    ).toBe(true)
  })
})

test('nothing of it is open without a session', async () => {
  for (const path of ['/filters', '/case-counts', '/slips?ids=x', `/cases/${filed.case.id}/help`])
    expect((await call(running.url, `/api/desk${path}`)).status).toBe(401)
})
