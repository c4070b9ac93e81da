import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRecordedCall } from '../../src/cli/recorded-call.ts'
import { callEventSchema } from '../../src/usecases/call-event.ts'
import { callEar } from '../../src/usecases/call-intake.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { deskClient } from '../support/desk-client.ts'
import { CALLER, startedEvent } from '../support/sample-call.ts'
import { accountOf, type Desk, fileOne, storedCase, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

const LAMP = '人民路3号门口路灯不亮了，好几天了，希望快修一下'

const lines = useTestLine()
let desk: Desk
let running: WiredDesk

beforeAll(async () => {
  desk = lines.fresh()
  running = await startWiredDesk(desk.line)
})
afterAll(() => running.stop())

async function at(account: Account = accountOf('agent')) {
  running.accounts.seat(account)
  return deskClient(running.url)
}

const talkOf = (...texts: string[]) => ({
  utterances: texts.map((text, i) => ({ id: `u${i}`, role: 'resident', text })),
})

/** A matter as the page sends it. */
const matter = (changes: object = {}) => ({
  words: LAMP,
  type: 'help',
  subject: 'urban-construction/municipal-facilities/street-light',
  place: '人民路3号',
  ...changes,
})

async function callBy(ani: string): Promise<string> {
  const callId = `call-${randomUUID()}`
  await callEar(desk.line).take([callEventSchema.parse(startedEvent(callId, 1, { ani }))])
  return callId
}

describe('suggestions while somebody speaks', () => {
  test('name what it is about with the words that say so, who handles it by when, and what to ask', async () => {
    const answer = await (await at()).post('/agent/suggestions', talkOf(LAMP))
    expect(answer.status).toBe(200)
    const [first] = answer.json.matters
    const said = (field: string) =>
      first.fields[field].evidence.map(({ start, end }: { start: number; end: number }) =>
        LAMP.slice(start, end),
      )
    expect(first.fields.subject.value).toBe('urban-construction/municipal-facilities/street-light')
    expect(said('subject')).toContain('路灯')
    expect(first.fields.place.value).toBe('人民路3号门口')
    expect(said('place')).toEqual(['人民路3号门口'])
    expect(said('wanted')).toEqual(['希望快修一下'])
    expect(first.department).toMatchObject({ id: 'urban-management', isCertain: true })
    expect(first.department.reason).toContain('职责')
    expect(first.department.dueText).toMatch(/前$/)
    expect(first.question.about).toBe('phone')
  })

  test('are in the caller s language where they are read out, and in the agent s where they are read', async () => {
    const english = 'There is a barbecue restaurant right below my window, the smoke comes into my flat.'
    const answer = await (await at()).post('/agent/suggestions', talkOf(english))
    expect(answer.json.locale).toBe('en')
    expect(answer.json.matters[0].question.text).toMatch(/^[\x20-\x7e]+$/)
    expect(answer.json.matters[0].department.name).toMatch(/\p{sc=Han}/u)
  })

  test('say honestly that they are not sure, and which departments come into question', async () => {
    const answer = await (await at()).post('/agent/suggestions', talkOf('喂，我这边有点情况想说一下'))
    const [first] = answer.json.matters
    expect(first.fields.subject.value).toBeNull()
    expect(first.department.isCertain).toBe(false)
  })

  test('follow what the agent chose: another subject, another department', async () => {
    const before = {
      contact: {},
      matters: {
        m1: {
          subject: { value: 'urban-construction/utilities/heating-cold', confidence: 1, is: 'edited' },
        },
      },
    }
    const answer = await (await at()).post('/agent/suggestions', { ...talkOf(LAMP), before })
    expect(answer.json.matters[0].fields.subject.value).toBe('urban-construction/utilities/heating-cold')
    expect(answer.json.matters[0].department.id).toBe('heating-company')
  })

  test('show the open case of others to join, and the caller s own as a duplicate, whose number nobody sees', async () => {
    const theirs = await fileOne(desk, { spot: { key: '人民路3号' } })
    const callId = await callBy(CALLER)
    const client = await at()
    const fresh = await client.post('/agent/suggestions', { ...talkOf(LAMP), callId })
    expect(fresh.json.matters[0].neighbours).toEqual([
      expect.objectContaining({ id: theirs.case.id, number: theirs.case.number, isOwn: false, people: 1 }),
    ])
    expect(fresh.json).toMatchObject({ caller: '139****34', cases: [] })
    expect(fresh.json.matters[0].question.about).toBe('joining')
    const filed = await client.post('/agent/filings', { callId, matters: [matter()] })
    const own = filed.json.cases[0].id
    const again = await client.post('/agent/suggestions', { ...talkOf(LAMP), callId })
    expect(again.json.matters[0].duplicateOf).toBe(own)
    expect(again.json.cases.map(({ id }: { id: string }) => id)).toEqual([own])
    expect(JSON.stringify(again.json)).not.toContain(CALLER)
  })

  test('sees a danger at once, and says whom it calls for', async () => {
    const answer = await (await at()).post('/agent/suggestions', talkOf('喂喂，我们楼道里有煤气味，可大了'))
    expect(answer.json.matters[0].danger).toMatchObject({ service: 'gas', cue: '煤气味' })
    expect(answer.json.matters[0].department.id).toBe('gas-company')
  })

  test.each([
    ['handler', accountOf('handler', 'urban-management')],
    ['arbiter', accountOf('arbiter')],
  ])('are not for a %s', async (_, account) => {
    const client = await at(account)
    for (const [path, body] of [
      ['/agent/suggestions', talkOf(LAMP)],
      ['/agent/filings', { matters: [matter()] }],
    ] as const) {
      const answer = await client.post(path, body)
      expect([answer.status, answer.json.error.code]).toEqual([403, 'action-forbidden'])
    }
  })
})

describe('filing for a caller', () => {
  test('records the caller s words, what was filled in, the agent and the number of the call', async () => {
    const callId = await callBy('13900005678')
    const filled = { time: '好几天了', wanted: '快修一下', summary: '人民路3号路灯不亮' }
    const answer = await (await at()).post('/agent/filings', {
      callId,
      matters: [matter(filled)],
      name: '李梅',
    })
    expect(answer.status).toBe(200)
    const [receipt] = answer.json.cases
    expect(receipt.card).toMatchObject({ department: 'urban-management' })
    expect(receipt.card.queryCode).toMatch(/^[2-9A-HJ-NP-Z]{8}$/)
    expect(receipt.card.dueText).toMatch(/前$/)
    const { case: stored, events } = await storedCase(desk.line, receipt.id)
    expect(stored).toMatchObject({
      words: LAMP,
      summary: '人民路3号路灯不亮',
      channel: 'phone',
      elements: { place: '人民路3号', time: '好几天了', wanted: '快修一下' },
    })
    expect(events[0]!.actor).toEqual({ role: 'agent', id: 'test-agent' })
    const person = await desk.line.store.transact(tx => tx.personOf(receipt.id))
    expect(person).toMatchObject({ name: '李梅', phone: '13900005678' })
    const isHers = (code: string) => desk.line.store.transact(tx => tx.isQueryCodeOf(receipt.id, code))
    expect(await isHers(receipt.card.queryCode)).toBe(true)
    expect(await isHers('22222222')).toBe(false)
  })

  test('several matters become a family; sent again with its key it is the same numbers and codes', async () => {
    const callId = await callBy('13900005679')
    const cold = matter({
      words: '家里暖气不热',
      type: 'complaint',
      subject: 'urban-construction/utilities/heating-cold',
      place: '锦绣花园五号楼',
    })
    const body = { callId, matters: [matter(), cold] }
    const key = { 'idempotency-key': randomUUID() }
    const client = await at()
    const before = desk.record.caseIds.length
    const first = await client.post('/agent/filings', body, key)
    const second = await client.post('/agent/filings', body, key)
    expect(first.json.cases.map((each: { card: { department: string } }) => each.card.department)).toEqual([
      'urban-management',
      'heating-company',
    ])
    expect(second.json).toEqual(first.json)
    expect(desk.record.caseIds.length).toBe(before + 2)
    const families = await Promise.all(
      first.json.cases.map(async ({ id }: { id: string }) => (await storedCase(desk.line, id)).case.family),
    )
    expect(families[0]).not.toBeNull()
    expect(families[1]).toBe(families[0])
    const other = await client.post('/agent/filings', { callId, matters: [matter()] }, key)
    expect([other.status, other.json.error.code]).toEqual([422, 'idempotency-mismatch'])
  })

  test('two at once with one key file once', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const client = await at()
    const before = desk.record.caseIds.length
    const answers = await Promise.all(
      [1, 2, 3].map(() => client.post('/agent/filings', { matters: [matter()] }, key)),
    )
    expect(new Set(answers.map(({ json }) => json.cases[0].card.number)).size).toBe(1)
    expect(desk.record.caseIds.length).toBe(before + 1)
  })

  test('joins others, and goes to the department that the agent chose where the line is not sure', async () => {
    const theirs = await fileOne(desk, { spot: { key: '人民路3号' } })
    const client = await at()
    const joined = await client.post('/agent/filings', { matters: [matter({ joins: theirs.case.id })] })
    expect((await storedCase(desk.line, joined.json.cases[0].id)).case.state).toBe('joined')
    const words = '楼下饭店的油烟天天往家里灌，还占着消防通道'
    const unsure = { words, type: 'complaint', subject: null }
    const chosen = await client.post('/agent/filings', { matters: [{ ...unsure, lead: 'urban-management' }] })
    expect(chosen.json.cases[0].card.department).toBe('urban-management')
    const wrong = await client.post('/agent/filings', { matters: [{ ...unsure, lead: 'gas-company' }] })
    expect([wrong.status, wrong.json.error.code]).toEqual([400, 'action-invalid'])
  })

  test('a danger is filed as one', async () => {
    const { matters } = { matters: [matter({ words: '楼道里有煤气味', subject: null, service: 'gas' })] }
    const answer = await (await at()).post('/agent/filings', { matters })
    const { case: stored } = await storedCase(desk.line, answer.json.cases[0].id)
    expect(stored).toMatchObject({ isEmergency: true, dispatch: { lead: 'gas-company' } })
  })

  test.each([
    ['a subject that nobody knows', { subject: 'environment/nothing/at-all' }],
    ['a subject that is no leaf', { subject: 'environment' }],
    ['no words', { words: ' ' }],
    ['another type', { type: 'emergency' }],
  ])('refuses %s and files nothing', async (_, changes) => {
    const before = desk.record.caseIds.length
    const answer = await (await at()).post('/agent/filings', { matters: [matter(changes)] })
    expect(answer.status).toBe(400)
    expect(desk.record.caseIds.length).toBe(before)
  })

  test('of a call that is not known is refused', async () => {
    const answer = await (await at()).post('/agent/filings', { callId: 'nobody', matters: [matter()] })
    expect([answer.status, answer.json.error.code]).toEqual([404, 'phone-call-not-found'])
  })
})

test('recorded calls are suggested with what should be filed of them', async () => {
  const client = await at()
  for (const name of ['cold-home', 'noise-and-garbage', 'gas-smell', 'unpaid-builders']) {
    const { turns, filings } = readRecordedCall(`test/calls/${name}.yaml`)
    const utterances = turns.map(({ role, says }, i) => ({ id: `u${i}`, role, text: says }))
    const { json } = await client.post('/agent/suggestions', { utterances })
    expect(json.matters.map((each: { fields: { subject: object } }) => each.fields.subject)).toEqual(
      filings.map(({ subject }) => expect.objectContaining({ value: subject })),
    )
  }
})
