import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountOfToken } from '../../src/adapters/direct-line/authority.ts'
import { signToken } from '../../src/adapters/direct-line/signed-token.ts'
import { addMyCases } from '../../src/adapters/http/my-cases/my-cases-api.ts'
import { createRateLimiter } from '../../src/adapters/http/rate-limiter.ts'
import { MINUTE } from '../../src/kernel/clock.ts'
import type { ShortMessage, SmsGateway } from '../../src/usecases/notice-ports.ts'
import { wireMyCases } from '../../src/wire-my-cases.ts'
import { noPrinter } from '../support/no-printer.ts'
import {
  accountOf,
  act,
  type Desk,
  fileOne,
  replyInput,
  storedCase,
  useTestLine,
} from '../support/use-test-line.ts'
import { call, type RunningLine, startLine } from './start-line.ts'

const SIGNING_KEY = 'signing-key-of-tests'
const handler = accountOf('handler', 'urban-management')

describe('my cases', () => {
  const lines = useTestLine()
  let desk: Desk
  let running: RunningLine
  const sent: ShortMessage[] = []
  let gateway: SmsGateway['send'] = async () => 'sent'
  /** Stored names of what was uploaded. */
  const stored: string[] = []
  let numbers = 0
  let addresses = 0

  beforeAll(async () => {
    desk = lines.fresh()
    const { line } = desk
    const parts = wireMyCases(line, {
      printer: noPrinter,
      gateway: {
        send: async message => {
          sent.push(message)
          return gateway(message)
        },
      },
      limiter: createRateLimiter({ clock: line.clock }),
      publicUrl: null,
      accountOfToken: token => accountOfToken(token, { signingKey: SIGNING_KEY, clock: line.clock }),
      fileAddress: name => `/files/${name}`,
      saveFile: async () => {
        stored.push(`photo-${stored.length}.jpg`)
        return stored.at(-1)!
      },
    })
    running = await startLine({
      clock: line.clock,
      server: {
        texts: (locale, key, params) => line.content.texts.of(locale, key, params as Record<string, string>),
        trustProxy: true,
        routes: [app => addMyCases(app, parts)],
      },
    })
  })
  afterAll(() => running.stop())

  /** A number that nobody had before. */
  const freshPhone = () => `139${String(10_000_000 + numbers++)}`
  /** Somebody somewhere else. */
  const freshAddress = () => ({ 'x-forwarded-for': `10.1.0.${++addresses}` })

  function ask(path: string, body: unknown, headers: Record<string, string> = {}) {
    return call(running.url, `/api/my-cases${path}`, { body, headers: { ...freshAddress(), ...headers } })
  }

  /** The code that the gateway was given for the number. */
  function codeOf(phone: string): string {
    return /\d{6}/.exec(sent.findLast(({ to }) => to === phone)!.text)![0]
  }
  const wrongFor = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

  async function openPhone(phone: string): Promise<{ cookie: string }> {
    await ask('/phone/code', { phone })
    const { headers } = await ask('/phone/session', { phone, code: codeOf(phone) })
    return { cookie: headers.get('set-cookie')!.split(';')[0]! }
  }

  async function fileFor(phone: string | null, changes: Parameters<typeof fileOne>[1] = {}) {
    return (await fileOne(desk, changes, null, 'web-chat', phone)).case
  }

  const refusal = ({ status, json }: Awaited<ReturnType<typeof ask>>) => [status, json.error?.code]

  describe('a number is proved by a code', () => {
    test('of six digits, by short message; it opens all cases of the number and no others', async () => {
      const phone = freshPhone()
      const own = await fileFor(phone)
      await fileFor(freshPhone())
      expect(
        (await ask('/phone/code', { phone: `+86 ${phone.slice(0, 3)}-${phone.slice(3)}` })).json,
      ).toEqual({
        againAfterSeconds: 60,
        holdsMinutes: 5,
      })
      expect(sent.at(-1)).toMatchObject({ to: phone, of: { key: 'sms.phone-code' } })
      const opened = await ask('/phone/session', { phone, code: codeOf(phone) })
      expect(opened.headers.get('set-cookie')).toMatch(
        /^yihao_phone=[\w-]{43}; Max-Age=1800; Path=\/api\/my-cases; HttpOnly; SameSite=Strict$/,
      )
      const cookie = opened.headers.get('set-cookie')!.split(';')[0]!
      const { json } = await ask('/list', {}, { cookie })
      expect(
        json.rows.map((row: { card: { number: string }; by: string }) => [row.card.number, row.by]),
      ).toEqual([[own.number, 'phone']])
      expect((await ask('/show', { number: own.number }, { cookie })).json.card.number).toBe(own.number)
    })

    test('whether any case names it cannot be told from any answer', async () => {
      const [known, unknown] = [freshPhone(), freshPhone()]
      await fileFor(known)
      const answers = await Promise.all(
        [known, unknown].map(async phone => {
          const asked = await ask('/phone/code', { phone })
          const wrong = await ask('/phone/session', { phone, code: wrongFor(codeOf(phone)) })
          const right = await ask('/phone/session', { phone, code: codeOf(phone) })
          return [asked.status, asked.json, wrong.status, wrong.json, right.status]
        }),
      )
      expect(answers[0]).toEqual(answers[1])
    })

    test.each(['12345', '02412345678', '1380013800', 'abc', '138001380001'])(
      '%s is no mobile number',
      async phone => {
        expect(refusal(await ask('/phone/code', { phone }))).toEqual([400, 'phone-invalid'])
        expect(refusal(await ask('/phone/session', { phone, code: '123456' }))).toEqual([
          400,
          'phone-invalid',
        ])
      },
    )

    test('three trials at most, also when they come at once; then the right code is wrong, too', async () => {
      const phone = freshPhone()
      await ask('/phone/code', { phone })
      const code = codeOf(phone)
      const wrong = await Promise.all(
        [1, 2, 3].map(() => ask('/phone/session', { phone, code: wrongFor(code) })),
      )
      expect(wrong.map(refusal)).toEqual(Array(3).fill([403, 'phone-code-wrong']))
      expect(refusal(await ask('/phone/session', { phone, code }))).toEqual([403, 'phone-code-wrong'])
    })

    test('a code is good once, for five minutes, for its own number', async () => {
      const [phone, other] = [freshPhone(), freshPhone()]
      await ask('/phone/code', { phone })
      expect(refusal(await ask('/phone/session', { phone: other, code: codeOf(phone) }))).toEqual([
        403,
        'phone-code-wrong',
      ])
      const both = await Promise.all([1, 2].map(() => ask('/phone/session', { phone, code: codeOf(phone) })))
      expect(both.map(({ status }) => status).sort()).toEqual([200, 403])
      await ask('/phone/code', { phone: other })
      desk.line.clock.advance(5 * MINUTE)
      expect(refusal(await ask('/phone/session', { phone: other, code: codeOf(other) }))).toEqual([
        403,
        'phone-code-wrong',
      ])
    })

    test('another code waits a minute and takes the place of the first', async () => {
      const phone = freshPhone()
      await ask('/phone/code', { phone })
      const first = codeOf(phone)
      const tooSoon = await ask('/phone/code', { phone })
      expect(refusal(tooSoon)).toEqual([429, 'rate-limited'])
      expect(tooSoon.headers.get('retry-after')).toBe('60')
      desk.line.clock.advance(MINUTE)
      expect((await ask('/phone/code', { phone })).status).toBe(200)
      expect(refusal(await ask('/phone/session', { phone, code: first }))).toEqual([403, 'phone-code-wrong'])
      expect((await ask('/phone/session', { phone, code: codeOf(phone) })).status).toBe(200)
    })

    test('one number gets five codes an hour, from wherever they are asked for', async () => {
      const phone = freshPhone()
      const statuses: number[] = []
      for (let i = 0; i < 6; i++) {
        statuses.push((await ask('/phone/code', { phone })).status)
        desk.line.clock.advance(MINUTE)
      }
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
    })

    test('one address asks for twenty codes an hour and tries thirty wrong ones in a quarter', async () => {
      const here = { 'x-forwarded-for': '10.9.9.9' }
      const asked = await Promise.all(
        Array.from({ length: 21 }, () => ask('/phone/code', { phone: freshPhone() }, here)),
      )
      expect(asked.filter(({ status }) => status === 429)).toHaveLength(1)
      const tried = await Promise.all(
        Array.from({ length: 31 }, () =>
          ask('/phone/session', { phone: freshPhone(), code: '000000' }, here),
        ),
      )
      expect(tried.filter(({ status }) => status === 429)).toHaveLength(1)
    })

    test('when the gateway is away or knows no such number, nobody waits for the next code', async () => {
      const phone = freshPhone()
      gateway = async () => {
        throw new Error('down')
      }
      expect(refusal(await ask('/phone/code', { phone }))).toEqual([503, 'vendor-away'])
      gateway = async () => 'refused'
      expect(refusal(await ask('/phone/code', { phone }))).toEqual([400, 'phone-invalid'])
      gateway = async () => 'sent'
      expect((await ask('/phone/code', { phone })).status).toBe(200)
    })

    test('the session ends after half an hour, or when it is ended', async () => {
      const [first, second] = [await openPhone(freshPhone()), await openPhone(freshPhone())]
      const ways = async (headers: { cookie: string }) =>
        (await call(running.url, '/api/my-cases/ways', { headers })).json
      expect(await ways(first)).toEqual({ canProvePhone: true, isPhoneOpen: true })
      await call(running.url, '/api/my-cases/phone/session', { method: 'DELETE', headers: second })
      expect((await ways(second)).isPhoneOpen).toBe(false)
      desk.line.clock.advance(30 * MINUTE)
      expect((await ways(first)).isPhoneOpen).toBe(false)
    })

    test('neither number nor code is stored or logged in plain text', async () => {
      const phone = freshPhone()
      await ask('/phone/code', { phone })
      const code = codeOf(phone)
      const { rows } = await lines
        .home()
        .database.pool.query('select phone_codes::text as row from phone_codes')
      const text = JSON.stringify(rows) + running.logged.join('')
      expect(text).not.toContain(phone)
      expect(text).not.toContain(`"${code}"`)
    })

    test('a page of others is refused', async () => {
      const headers = { origin: 'https://evil.example' }
      expect(refusal(await ask('/phone/code', { phone: freshPhone() }, headers))).toEqual([
        403,
        'origin-refused',
      ])
      expect(refusal(await ask('/list', {}, headers))).toEqual([403, 'origin-refused'])
    })
  })

  describe('without a gateway', () => {
    test('the way is not offered', async () => {
      const { line } = desk
      const parts = wireMyCases(line, {
        printer: noPrinter,
        gateway: null,
        limiter: createRateLimiter({ clock: line.clock }),
        publicUrl: null,
        accountOfToken: () => null,
        fileAddress: name => `/files/${name}`,
        saveFile: async () => '',
      })
      const bare = await startLine({ server: { routes: [app => addMyCases(app, parts)] } })
      expect((await call(bare.url, '/api/my-cases/ways')).json.canProvePhone).toBe(false)
      const asked = await call(bare.url, '/api/my-cases/phone/code', { body: { phone: '13800138000' } })
      expect(asked.status).toBe(404)
      await bare.stop()
    })
  })

  describe('who opens which case', () => {
    test('what is confidential opens by its query code and its chat, never by a number', async () => {
      const phone = freshPhone()
      const secret = await fileFor(phone, { type: 'report', words: '举报人民路3号有人偷排污水' })
      expect(secret.isConfidential).toBe(true)
      const headers = await openPhone(phone)
      expect((await ask('/list', {}, headers)).json.rows).toEqual([])
      expect(refusal(await ask('/show', { number: secret.number }, headers))).toEqual([404, 'case-not-found'])
    })

    test('the token of the chat in which it was filed opens a case; that of another does not', async () => {
      const filed = await fileOne(desk)
      const { userId: user, id: conv } = filed.conversation
      const tokenOf = (name: string) =>
        signToken(
          { use: 'conversation', conv, user: name, channel: 'web-chat' },
          SIGNING_KEY,
          desk.line.clock.now(),
        )
      const number = filed.case.number
      const show = (token: string) => ask('/show', { number }, { authorization: `Bearer ${token}` })
      expect((await show(tokenOf(user))).status).toBe(200)
      expect(refusal(await show(tokenOf('somebody')))).toEqual([404, 'case-not-found'])
      expect(refusal(await show('nonsense'))).toEqual([404, 'case-not-found'])
      const { json } = await ask('/list', {}, { authorization: `Bearer ${tokenOf(user)}` })
      expect(json.rows.map((row: { by: string }) => row.by)).toEqual(['chat'])
    })

    test('codes that a device remembers are looked up together, and those that open nothing are named', async () => {
      const filed = await fileOne(desk)
      const queryCode = desk.record.queryCodes.get(filed.case.id)!
      const { json } = await ask('/list', {
        codes: [
          { number: filed.case.number, queryCode },
          { number: '261124999992', queryCode: 'ABCD2345' },
        ],
      })
      expect(json.rows).toHaveLength(1)
      expect(json.rows[0]).toMatchObject({ by: 'code', card: { number: filed.case.number } })
      expect(json.unknown).toEqual(['261124999992'])
    })

    test('cases that were filed before numbers could be proved are found, too, and a corrected number counts at once', async () => {
      const [phone, mended] = [freshPhone(), freshPhone()]
      const filed = await fileFor(phone)
      const { pool } = lines.home().database
      await pool.query('update persons set phone_key = null where case_id = $1', [filed.id])
      const headers = await openPhone(phone)
      const found = async () => (await ask('/list', {}, headers)).json.rows.length
      expect(await found()).toBe(0)
      expect(await desk.line.store.phoneProofs.keyOlderCases(500)).toBe(1)
      expect(await found()).toBe(1)
      await desk.line.store.transact(async tx => {
        tx.savePerson(filed.id, { ...(await tx.personOf(filed.id))!, phone: mended })
      })
      expect(await found()).toBe(0)
      expect((await ask('/list', {}, await openPhone(mended))).json.rows).toHaveLength(1)
    })

    test('nobody is told whether a number of a case exists, and guessing ends', async () => {
      const { number } = await fileFor(freshPhone())
      const here = { 'x-forwarded-for': '10.8.8.8' }
      const answers = []
      for (let i = 0; i < 11; i++) answers.push(refusal(await ask('/show', { number }, here)))
      expect(answers.slice(0, 10)).toEqual(Array(10).fill([404, 'case-not-found']))
      expect(answers[10]).toEqual([429, 'rate-limited'])
    })
  })

  describe('what people do with their cases', () => {
    async function own() {
      const phone = freshPhone()
      const filed = await fileFor(phone)
      const headers = await openPhone(phone)
      const doing = (action: object, key = `key-${Math.random()}`) =>
        ask('/act', { number: filed.number, action }, { ...headers, 'idempotency-key': key })
      const show = async () => (await ask('/show', { number: filed.number }, headers)).json
      const now = async () => (await storedCase(desk.line, filed.id)).case
      return { filed, headers, doing, show, now }
    }

    test('urging counts once for one key, and twice for two', async () => {
      const { doing, now } = await own()
      expect((await doing({ do: 'urge' }, 'same')).status).toBe(200)
      const again = await doing({ do: 'urge' }, 'same')
      expect(again.headers.get('idempotency-replayed')).toBe('true')
      expect((await now()).urgeCount).toBe(1)
      await doing({ do: 'urge' })
      expect((await now()).urgeCount).toBe(2)
    })

    test('two of the same at the same moment are one', async () => {
      const { doing, now } = await own()
      const both = await Promise.all([doing({ do: 'urge' }, 'twin'), doing({ do: 'urge' }, 'twin')])
      expect(both.map(({ status }) => status)).toEqual([200, 200])
      expect((await now()).urgeCount).toBe(1)
    })

    test('without a key it is refused: a lost answer could not be asked for again', async () => {
      const { filed, headers } = await own()
      const body = { number: filed.number, action: { do: 'urge' } }
      expect(refusal(await ask('/act', body, headers))).toEqual([400, 'body-invalid'])
    })

    test('words and photos reach the case; photos of another case do not', async () => {
      const { filed, headers, doing, show } = await own()
      const form = new FormData()
      form.append('number', filed.number)
      form.append('photo', new Blob(['x'], { type: 'image/jpeg' }), 'light.jpg')
      const uploaded = await fetch(`${running.url}/api/my-cases/files`, {
        method: 'POST',
        headers: { ...headers, ...freshAddress() },
        body: form,
      })
      const { files } = (await uploaded.json()) as { files: { name: string; ticket: string }[] }
      const adding = { do: 'add-information', text: '灯杆也歪了', files }
      expect((await doing(adding)).status).toBe(200)
      expect((await show()).history.at(-1)).toMatchObject({
        said: '灯杆也歪了',
        files: [{ name: files[0]!.name }],
      })
      const other = await own()
      expect(refusal(await other.doing(adding))).toEqual([400, 'action-invalid'])
    })

    test('nobody uploads anything who cannot open the case', async () => {
      const { filed } = await own()
      const before = stored.length
      const form = new FormData()
      form.append('number', filed.number)
      form.append('photo', new Blob(['x'], { type: 'image/jpeg' }), 'light.jpg')
      const { status } = await fetch(`${running.url}/api/my-cases/files`, {
        method: 'POST',
        headers: freshAddress(),
        body: form,
      })
      expect(status).toBe(404)
      expect(stored).toHaveLength(before)
    })

    test('what the department asked is shown and answered, and urging waits for it', async () => {
      const { filed, doing, show, now } = await own()
      await act(desk.line, handler, filed.id, 'sign')
      await act(desk.line, handler, filed.id, 'ask-resident', { text: '是哪一根灯杆？' })
      expect(await show()).toMatchObject({
        question: '是哪一根灯杆？',
        waitsForYou: 'answer',
        whyNotUrge: 'waits-for-you',
        pauses: [{ to: null }],
      })
      expect(refusal(await doing({ do: 'urge' }))).toEqual([409, 'action-not-now'])
      await doing({ do: 'add-information', text: '路口东边那根' })
      expect((await now()).state).toBe('handling')
      expect(await show()).toMatchObject({ question: null, whyNotUrge: null })
    })

    test('it is withdrawn with a reason', async () => {
      const { filed, doing } = await own()
      await doing({ do: 'withdraw', reason: '已经自己修好了' })
      const { case: after, events } = await storedCase(desk.line, filed.id)
      expect(after.state).toBe('withdrawn')
      expect(events.at(-1)).toMatchObject({
        type: 'withdrawn',
        reason: '已经自己修好了',
        actor: { role: 'resident' },
      })
      expect(refusal(await doing({ do: 'withdraw' }))).toEqual([409, 'action-not-now'])
    })

    test('it is rated after the reply, and the stages say when each was', async () => {
      const { filed, doing, show, now } = await own()
      await act(desk.line, handler, filed.id, 'sign')
      await act(desk.line, handler, filed.id, 'reply', replyInput(desk.line))
      expect(await show()).toMatchObject({
        waitsForYou: 'rating',
        whyNotUrge: 'answered',
        reply: '灯泡已经换好。',
      })
      const answers = { contacted: true, resolved: true, satisfied: 'very', text: '' }
      expect((await doing({ do: 'follow-up', answers })).status).toBe(200)
      expect((await now()).state).toBe('closed')
      const { course } = await show()
      const states = Object.fromEntries(
        course.map((each: { stage: string; state: string }) => [each.stage, each.state]),
      )
      expect(states).toMatchObject({
        acceptance: 'done',
        feedback: 'done',
        coordination: 'skipped',
        evaluation: 'done',
      })
      expect(states).not.toHaveProperty('supervision')
    })

    test('who finds that neighbours told of the same before joins them', async () => {
      const spot = { key: '人民路3号', building: null }
      const matter = { spot } as unknown as Parameters<typeof fileOne>[1]
      const first = await fileFor(freshPhone(), matter)
      desk.line.clock.advance(MINUTE)
      const phone = freshPhone()
      const second = await fileFor(phone, matter)
      expect(second.neighbourKey).toBe(first.neighbourKey)
      const headers = await openPhone(phone)
      const shown = (await ask('/show', { number: second.number }, headers)).json
      expect(shown.joining).toMatchObject({ people: 1 })
      const joining = { number: second.number, action: { do: 'join-neighbours' } }
      const joined = await ask('/act', joining, { ...headers, 'idempotency-key': 'join-1' })
      expect(joined.status).toBe(200)
      expect((await storedCase(desk.line, second.id)).case.joined?.to).toBe(first.id)
      expect((await ask('/show', { number: second.number }, headers)).json.joining).toBe(null)
    })
  })
})
