import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PostgresStore } from '../../src/adapters/postgres/postgres-store.ts'
import { chain, findBrokenLink } from '../../src/cases/case-event.ts'
import type { Light } from '../../src/clocks/stage-clock.ts'
import { DAY, HOUR, MINUTE } from '../../src/kernel/clock.ts'
import { newId, systemChance } from '../../src/kernel/ids.ts'
import type { SavedFilter } from '../../src/usecases/handler-ports.ts'
import type { ApiKey } from '../../src/usecases/key-ports.ts'
import type { Webhook } from '../../src/usecases/notice-ports.ts'
import type { CaseFilter } from '../../src/usecases/ports.ts'
import type { TestServer } from '../support/database-server.ts'
import {
  act,
  fileSample,
  SAMPLE_TIME,
  type SampleCase,
  sampleConversation,
  sampleFiling,
  sampleMatter,
  sampleTurn,
} from '../support/sample-cases.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

/** Of `correct horse`, as hashes were made before. */
const SCRYPT_HASH = 'scrypt$32768$8$MDEyMzQ1Njc4OWFiY2RlZg==$puHF8wsl4P5tR3JANsCleZiOQes+05KY2PoHbUEpMGQ='

const ALL: CaseFilter = { includeConfidential: true, sort: 'newest', limit: 100 }
const HANDLER = { role: 'handler', id: 'h1', department: 'housing' } as const

/** What every store must do, whatever server it is on. */
export function storeContract(name: string, server: () => TestServer): void {
  describe(`store on ${name}`, () => {
    let opened: TestStore
    let store: PostgresStore
    let raw: pg.Client

    beforeAll(async () => {
      opened = await createTestStore(server())
      store = opened.store
      raw = new pg.Client(opened.connection)
      await raw.connect()
    })

    afterAll(async () => {
      await raw?.end()
      await opened?.drop()
    })

    const file = async (sample: SampleCase, filing = sampleFiling()) => {
      await store.transact(async transaction => transaction.addCase(sample.case, sample.events, filing))
      return sample
    }
    const countOf = async (table: string) =>
      Number((await raw.query(`select count(*) as n from ${table}`)).rows[0].n)
    const countAll = async () => {
      const counts: Record<string, number> = {}
      for (const table of ['case_events', 'cases', 'persons', 'transcript', 'conversations'])
        counts[table] = await countOf(table)
      return counts
    }
    const isConflict = expect.objectContaining({ code: 'version-conflict' })

    describe('conversations', () => {
      test('an unknown conversation is null', async () => {
        expect(await store.transact(t => t.conversation('nobody'))).toBeNull()
      })

      test('a conversation comes back as it was saved', async () => {
        const conversation = sampleConversation()
        await store.transact(async t => t.saveConversation(conversation, null))
        expect(await store.transact(t => t.conversation(conversation.id))).toEqual(conversation)

        const next = { ...conversation, version: 2, lastSeq: 4, state: null, locale: 'en' as const }
        await store.transact(async t => t.saveConversation(next, 1))
        expect(await store.transact(t => t.conversation(conversation.id))).toEqual(next)
      })

      test('one that was written a moment ago comes back as the store has it, and shares nothing', async () => {
        const conversation = sampleConversation({ state: { slots: { words: ['路灯'], gone: undefined } } })
        await store.transact(async t => t.saveConversation(conversation, null))
        const recent = () => store.transact(t => t.recentConversation(conversation.id))
        expect(await recent()).toStrictEqual(await store.transact(t => t.conversation(conversation.id)))
        const mine = (await recent())!
        ;(mine.state as { slots: { words: string[] } }).slots.words.push('changed by me')
        expect((await recent())?.state).toEqual({ slots: { words: ['路灯'] } })

        // A write that is refused leaves nothing behind.
        const wrong = { ...conversation, version: 9, lastSeq: 9 }
        await expect(store.transact(async t => t.saveConversation(wrong, 8))).rejects.toEqual(isConflict)
        expect((await recent())?.version).toBe(conversation.version)
        expect(await store.transact(t => t.recentConversation('nobody'))).toBeNull()
      })

      test('a second one of the same id is a conflict, and so is a change of an older version', async () => {
        const conversation = sampleConversation()
        await store.transact(async t => t.saveConversation(conversation, null))
        await expect(store.transact(async t => t.saveConversation(conversation, null))).rejects.toEqual(
          isConflict,
        )
        await store.transact(async t => t.saveConversation({ ...conversation, version: 2 }, 1))
        await expect(
          store.transact(async t => t.saveConversation({ ...conversation, version: 2 }, 1)),
        ).rejects.toEqual(isConflict)
      })

      test('an external id finds what it asked and every answer, and nothing else', async () => {
        const conversation = sampleConversation()
        const turn = sampleTurn(conversation.id, 1, 'm1')
        const second = { ...turn[1]!, seq: 3, id: 'second-answer' }
        await store.transact(async t => {
          t.saveConversation(conversation, null)
          t.addTranscript([...turn, second, ...sampleTurn(conversation.id, 4, 'm2')])
        })
        expect(await store.transact(t => t.earlierTurn(conversation.id, 'm1'))).toEqual([...turn, second])
        expect(await store.transact(t => t.earlierTurn(conversation.id, 'm3'))).toBeNull()
        expect(await store.transact(t => t.earlierTurn('other', 'm1'))).toBeNull()
      })

      test('the transcript is read from a watermark on', async () => {
        const conversation = sampleConversation()
        const entries = [1, 3, 5].flatMap(seq => sampleTurn(conversation.id, seq, `m${seq}`))
        await store.transact(async t => {
          t.saveConversation(conversation, null)
          t.addTranscript(entries)
        })
        expect(await store.transcriptAfter(conversation.id, 0, 100)).toEqual(entries)
        expect(await store.transcriptAfter(conversation.id, 2, 2)).toEqual(entries.slice(2, 4))
        expect(await store.transcriptAfter(conversation.id, 6, 10)).toEqual([])
      })

      test('twenty deliveries of one message at once make one turn', async () => {
        const conversation = sampleConversation({ version: 1, lastSeq: 0 })
        await store.transact(async t => t.saveConversation(conversation, null))
        const deliver = () =>
          store.transact(async t => {
            const current = (await t.conversation(conversation.id))!
            if (await t.earlierTurn(conversation.id, 'same')) return 'repeated'
            t.saveConversation({ ...current, version: current.version + 1, lastSeq: 2 }, current.version)
            t.addTranscript(sampleTurn(conversation.id, current.lastSeq + 1, 'same'))
            return 'done'
          })
        const results = await Promise.allSettled(Array.from({ length: 20 }, deliver))
        const done = results.filter(result => result.status === 'fulfilled' && result.value === 'done')
        const failures = results.filter(result => result.status === 'rejected').map(result => result.reason)
        expect(done).toHaveLength(1)
        for (const failure of failures) expect(failure).toEqual(isConflict)
        expect(await store.transcriptAfter(conversation.id, 0, 100)).toHaveLength(2)
      })

      test('the same external id in a second turn is a conflict, even when the versions fit', async () => {
        const conversation = sampleConversation()
        await store.transact(async t => {
          t.saveConversation(conversation, null)
          t.addTranscript(sampleTurn(conversation.id, 1, 'm1'))
        })
        const again = store.transact(async t => {
          t.saveConversation({ ...conversation, version: 2 }, 1)
          t.addTranscript(sampleTurn(conversation.id, 3, 'm1'))
        })
        await expect(again).rejects.toEqual(isConflict)
        expect((await store.transact(t => t.conversation(conversation.id)))?.version).toBe(1)
      })

      test('what PostgreSQL cannot hold is replaced in what was said, and refused as a key', async () => {
        const conversation = sampleConversation({ state: { said: 'a\u0000b\ud800c \\u0000 😀' } })
        const [asked] = sampleTurn(conversation.id, 1, null)
        await store.transact(async t => {
          t.saveConversation(conversation, null)
          t.addTranscript([{ ...asked!, body: { text: '\u0000\udc00x' } }])
        })
        const stored = await store.transact(t => t.conversation(conversation.id))
        expect(stored?.state).toEqual({ said: 'a\ufffdb\ufffdc \\u0000 😀' })
        expect(await store.transact(t => t.recentConversation(conversation.id))).toEqual(stored)
        expect((await store.transcriptAfter(conversation.id, 0, 1))[0]?.body).toEqual({
          text: '\ufffd\ufffdx',
        })
        await expect(store.transact(t => t.conversation('a\u0000'))).rejects.toMatchObject({
          code: 'body-invalid',
        })
      })
    })

    describe('cases', () => {
      test('a case comes back as the fold of its events, with its chain whole', async () => {
        const sample = await file(fileSample())
        const byId = await store.transact(t => t.caseById(sample.case.id))
        const byNumber = await store.transact(t => t.caseByNumber(sample.case.number))
        expect(byId).toEqual(sample)
        expect(byNumber).toEqual(sample)
        expect(findBrokenLink(byId!.events)).toBeNull()
        expect(await store.transact(t => t.caseById('none'))).toBeNull()
        expect(await store.transact(t => t.caseByNumber('000000000000'))).toBeNull()
      })

      test('whatever an event holds, its chain is whole after the round trip', async () => {
        const text = fc.string({ unit: 'grapheme' }).map(value => value.toWellFormed().replaceAll('\0', ''))
        const instant = fc.date({
          min: new Date('2000-01-01'),
          max: new Date('2099-12-31'),
          noInvalidDate: true,
        })
        const value = fc.letrec(tie => ({
          any: fc.oneof(
            text,
            fc.double({ noNaN: true, noDefaultInfinity: true }),
            fc.integer(),
            fc.boolean(),
            fc.constant(null),
            fc.constant(undefined),
            instant,
            fc.array(tie('any'), { maxLength: 3 }),
            fc.dictionary(text, tie('any'), { maxKeys: 4 }),
          ),
        })).any
        const fact = fc.record({
          data: fc.dictionary(text, value, { maxKeys: 5 }),
          reason: fc.option(text),
          at: instant,
          department: fc.option(text, { nil: undefined }),
          pauses: fc.array(fc.record({ from: instant, to: fc.option(instant) }), { maxLength: 2 }),
          stoppedAt: fc.option(instant),
        })
        await fc.assert(
          fc.asyncProperty(fact, async ({ data, reason, at, department, pauses, stoppedAt }) => {
            const sample = fileSample()
            const actor = { role: 'agent' as const, id: 'a1', ...(department && { department }) }
            const clock = { ...sample.case.clocks.handle!, pauses, stoppedAt }
            const event = chain(sample.case.id, sample.events.at(-1)!, {
              type: 'information-added',
              at,
              actor,
              reason,
              data,
              clocks: [clock],
            })
            await file({
              case: { ...sample.case, version: 4, hash: event.hash },
              events: [...sample.events, event],
            })
            const { rows } = await raw.query(
              'select count(*)::int as n from case_events where case_id = $1',
              [sample.case.id],
            )
            expect(rows[0].n).toBe(4)
            for await (const audited of store.eachCaseEvents()) {
              if (audited.caseId !== sample.case.id) continue
              expect(findBrokenLink(audited.events)).toBeNull()
              expect(audited.events.at(-1)?.clocks).toEqual([clock])
            }
          }),
          { numRuns: 60 },
        )
      })

      test('a change is kept when it names the stored version, else it is a conflict and nothing is written', async () => {
        const sample = await file(fileSample())
        const signed = act(sample, { action: 'sign', actor: HANDLER, at: SAMPLE_TIME })
        const save = () =>
          store.transact(async t => t.saveCase(signed.case, signed.events.slice(3), sample.case.version))
        await save()
        expect(await store.transact(t => t.caseById(sample.case.id))).toEqual(signed)
        await expect(save()).rejects.toEqual(isConflict)
        const wrong = store.transact(async t => t.saveCase(signed.case, [], 99))
        await expect(wrong).rejects.toEqual(isConflict)
      })

      test('of two who act at once, one wins and the other is told', async () => {
        const sample = await file(fileSample())
        const signed = act(sample, { action: 'sign', actor: HANDLER, at: SAMPLE_TIME })
        const saves = Array.from({ length: 8 }, () =>
          store.transact(async t => t.saveCase(signed.case, signed.events.slice(3), sample.case.version)),
        )
        const results = await Promise.allSettled(saves)
        expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1)
        for (const result of results)
          if (result.status === 'rejected') expect(result.reason).toEqual(isConflict)
      })

      test('one conflict in a transaction undoes everything else in it', async () => {
        const [good, stale] = [await file(fileSample()), await file(fileSample())]
        const before = await countAll()
        const goodSigned = act(good, { action: 'sign', actor: HANDLER, at: SAMPLE_TIME })
        const staleSigned = act(stale, { action: 'sign', actor: HANDLER, at: SAMPLE_TIME })
        const conversation = sampleConversation()
        const fresh = fileSample()
        const write = store.transact(async t => {
          t.saveConversation(conversation, null)
          t.addTranscript(sampleTurn(conversation.id, 1, 'x'))
          t.addCase(fresh.case, fresh.events, sampleFiling())
          t.saveCase(goodSigned.case, goodSigned.events.slice(3), 3)
          t.saveCase(staleSigned.case, staleSigned.events.slice(3), 2)
          t.enqueue([{ name: 'notify-department', key: 'undone', data: { caseId: 'x', seq: 1, event: 'e' } }])
        })
        await expect(write).rejects.toEqual(isConflict)
        expect(await countAll()).toEqual(before)
        expect(await countOf(`jobs.job where data->>'key' = 'undone'`)).toBe(0)
      })

      test('many changes are written together as each alone would be, and one conflict undoes them all', async () => {
        const filed = await Promise.all(Array.from({ length: 20 }, () => file(fileSample())))
        const signed = filed.map(each => act(each, { action: 'sign', actor: HANDLER, at: SAMPLE_TIME }))
        const sign = (of: typeof signed, expected: (index: number) => number) =>
          store.transact(async t => {
            for (const [index, each] of of.entries())
              t.saveCase(each.case, each.events.slice(3), expected(index))
          })
        const before = await countAll()
        await expect(sign(signed, index => (index === 13 ? 2 : 3))).rejects.toEqual(isConflict)
        expect(await countAll()).toEqual(before)

        await sign(signed, () => 3)
        const columns = 'select * from cases where id = any($1) order by id'
        const together = await raw.query(columns, [signed.map(each => each.case.id)])
        expect(together.rows.map(row => [row.id, row.version, row.state, row.hash])).toEqual(
          signed.map(each => [each.case.id, 4, 'handling', each.case.hash]).toSorted(),
        )
        const alone = act(await file(fileSample()), { action: 'sign', actor: HANDLER, at: SAMPLE_TIME })
        await store.transact(async t => t.saveCase(alone.case, alone.events.slice(3), 3))
        const [one] = (await raw.query(columns, [[alone.case.id]])).rows
        const own = { id: '', number: '', hash: '', search: '', query_code_hash: '' }
        for (const row of together.rows) expect({ ...row, ...own }).toEqual({ ...one, ...own })

        const ids = signed.map(each => each.case.id)
        const read = await store.transact(t => t.casesById([...ids, 'nobody']))
        expect(read).toEqual(new Map(signed.map(each => [each.case.id, each.case])))
      })

      test('when the job cannot be written, the case is not either', async () => {
        const sample = fileSample()
        const write = store.transact(async t => {
          t.addCase(sample.case, sample.events, sampleFiling())
          t.enqueue([
            { name: 'notify-resident', key: 'a\u0000', data: { caseId: '\u0000', seq: 1, event: 'e' } },
          ])
        })
        await expect(write).rejects.toMatchObject({ code: 'body-invalid' })
        expect(await store.transact(t => t.caseById(sample.case.id))).toBeNull()
      })

      test('when the work throws, nothing is written', async () => {
        const sample = fileSample()
        const write = store.transact(async t => {
          t.addCase(sample.case, sample.events, sampleFiling())
          throw new Error('changed my mind')
        })
        await expect(write).rejects.toThrow('changed my mind')
        expect(await store.transact(t => t.caseById(sample.case.id))).toBeNull()
      })

      test('a case filed and changed in one transaction is one case', async () => {
        const sample = fileSample()
        const signed = act(sample, { action: 'sign', actor: HANDLER, at: SAMPLE_TIME })
        await store.transact(async t => {
          t.addCase(sample.case, sample.events, sampleFiling())
          t.saveCase(signed.case, signed.events.slice(3), 3)
        })
        expect(await store.transact(t => t.caseById(sample.case.id))).toEqual(signed)
      })

      test('a number is given to one case only', async () => {
        const sample = await file(fileSample())
        const twin = fileSample({ number: sample.case.number })
        await expect(file(twin)).rejects.toEqual(isConflict)
      })

      test.each([
        ['update', `update case_events set reason = 'other'`],
        ['delete', 'delete from case_events'],
        ['truncate', 'truncate case_events'],
      ])('an %s of events is refused by the database itself', async (_name, text) => {
        await expect(raw.query(text)).rejects.toThrow('only ever appended')
      })

      test('the audit reads every case with the head that its own row claims', async () => {
        const sample = await file(fileSample())
        const seen = new Map<string, unknown>()
        for await (const audited of store.eachCaseEvents()) seen.set(audited.caseId, audited)
        expect(seen.size).toBe(await countOf('cases'))
        expect(seen.get(sample.case.id)).toEqual({
          caseId: sample.case.id,
          version: 3,
          hash: sample.case.hash,
          events: sample.events,
        })
      })
    })

    describe('neighbours', () => {
      const KEY = { neighbourKey: 'urban/lighting@人民路3号' }
      const asks = (channelUserId: string, since = new Date(0)) =>
        store.transact(t =>
          t.neighbours(
            { jurisdiction: 'shenfu', key: KEY.neighbourKey, since },
            { channel: 'web', channelUserId },
          ),
        )
      const filedBy = (channelUserId: string) =>
        sampleFiling({ person: { ...sampleFiling().person, channelUserId } })
      const joining = (to: SampleCase) =>
        act(fileSample(KEY), {
          action: 'join-neighbours',
          actor: { role: 'line', id: 'line' },
          at: SAMPLE_TIME,
          input: { to: to.case.id },
        })
      const replied = (sample: SampleCase) =>
        act(act(sample, { action: 'sign', actor: HANDLER, at: SAMPLE_TIME }), {
          action: 'reply',
          actor: HANDLER,
          at: SAMPLE_TIME,
          input: {
            text: '已修好',
            isTrue: true,
            isWithinDuty: true,
            contact: { how: 'phone', at: SAMPLE_TIME.toISOString() },
            solved: 'solved',
          },
        })
      const saveReply = (before: SampleCase) => {
        const after = replied(before)
        return store.transact(async t => t.saveCase(after.case, after.events.slice(3), 3))
      }

      test('are the open cases of the same key, with how many told of each; who joined is no case of its own', async () => {
        await file(fileSample({ ...KEY, jurisdiction: 'elsewhere' }), filedBy('n-0'))
        await file(fileSample({ neighbourKey: 'urban/lighting@人民路5号' }), filedBy('n-0'))
        await file(fileSample({ ...KEY, isConfidential: true }), filedBy('n-0'))
        await file(fileSample(KEY, 'housing', new Date(SAMPLE_TIME.getTime() - 61 * DAY)), filedBy('n-0'))
        const lead = await file(fileSample(KEY), filedBy('n-1'))
        const since = new Date(SAMPLE_TIME.getTime() - DAY)
        expect((await asks('n-9', since)).map(({ id, people }) => [id, people])).toEqual([[lead.case.id, 1]])
        await file(joining(lead), filedBy('n-2'))
        const withdrawn = act(joining(lead), {
          action: 'withdraw',
          actor: { role: 'resident', id: 'r' },
          at: SAMPLE_TIME,
        })
        await file(withdrawn, filedBy('n-3'))
        expect(await asks('n-9', since)).toMatchObject([{ id: lead.case.id, people: 2, isOwn: false }])
        expect(await asks('n-1', since)).toMatchObject([{ isOwn: true }])
        expect(await asks('n-2', since)).toMatchObject([{ isOwn: true }])
        expect(await asks('n-3', since)).toMatchObject([{ isOwn: false }])
        const { rows } = await store.listCases({ ...ALL, peopleAtLeast: 2 })
        expect(rows.map(({ id, people }) => [id, people])).toEqual([[lead.case.id, 2]])
        expect((await store.listCases({ ...ALL, peopleAtLeast: 3 })).rows).toEqual([])

        await saveReply(lead)
        expect(await asks('n-9', since)).toEqual([])
        expect(await store.transact(t => t.peopleOf(lead.case.id))).toBe(2)
      })

      test('those who wait come in pages, in order of their ids', async () => {
        const lead = await file(fileSample(KEY))
        const ids = []
        for (let i = 0; i < 3; i++) ids.push((await file(joining(lead))).case.id)
        ids.sort()
        const page = (after: string, limit: number) =>
          store
            .transact(t => t.joinedTo(lead.case.id, { after, limit }))
            .then(rows => rows.map(row => row.id))
        expect(await page('', 2)).toEqual(ids.slice(0, 2))
        expect(await page(ids[1]!, 2)).toEqual(ids.slice(2))
        expect(await page(ids[2]!, 2)).toEqual([])
      })

      test('nobody joins a case that was answered meanwhile', async () => {
        const lead = await file(fileSample(KEY))
        const late = joining(lead)
        const before = await countAll()
        const write = store.transact(async t => {
          t.addCase(late.case, late.events, sampleFiling())
          await saveReply(lead)
        })
        await expect(write).rejects.toEqual(isConflict)
        // Only the reply and the signing before it were written.
        expect(await countAll()).toEqual({ ...before, case_events: before.case_events! + 2 })
      })

      test('of a joining and an answer at the same moment, the one that comes second sees the other', async () => {
        for (let round = 0; round < 20; round++) {
          const lead = await file(fileSample(KEY))
          const joined = joining(lead)
          const [join] = await Promise.allSettled([
            store.transact(async t => t.addCase(joined.case, joined.events, sampleFiling())),
            saveReply(lead),
          ])
          // Whoever is in is found by whoever shares the answer after it is written.
          const waiting = await store.transact(t => t.joinedTo(lead.case.id, { after: '', limit: 9 }))
          expect(waiting.length).toBe(join.status === 'fulfilled' ? 1 : 0)
        }
      })
    })

    describe('persons', () => {
      test('a person is read back, and unreadable in the table', async () => {
        const person = {
          name: '欧阳娜娜',
          phone: '13912345678',
          channel: 'wechat',
          channelUserId: 'openid-42',
        }
        const sample = await file(fileSample(), sampleFiling({ person, conversationId: 'c-9' }))
        expect(await store.transact(t => t.personOf(sample.case.id))).toEqual(person)
        expect(await store.transact(t => t.personOf('none'))).toBeNull()
        expect(await store.transact(t => t.conversationOf(sample.case.id))).toBe('c-9')
        const { rows } = await raw.query(
          'select p.sealed, c.* from persons p join cases c on c.id = p.case_id where c.id = $1',
          [sample.case.id],
        )
        const everything = Object.values(rows[0])
          .map(value =>
            Buffer.isBuffer(value) ? value.toString('latin1') + value.toString() : String(value),
          )
          .join()
        for (const secret of [...Object.values(person).slice(0, 2), 'openid-42', 'K7MPQ2'])
          expect(everything).not.toContain(secret)
      })

      test('a sealed person moved to another case does not open', async () => {
        const [one, other] = [await file(fileSample()), await file(fileSample())]
        await raw.query(
          'update persons set sealed = (select sealed from persons where case_id = $1) where case_id = $2',
          [one.case.id, other.case.id],
        )
        await expect(store.transact(t => t.personOf(other.case.id))).rejects.toThrow()
      })

      test('a phone told later replaces what was sealed', async () => {
        const sample = await file(fileSample())
        const person = { ...sampleFiling().person, phone: '13700001111' }
        await store.transact(async t => t.savePerson(sample.case.id, person))
        expect(await store.transact(t => t.personOf(sample.case.id))).toEqual(person)
        const early = fileSample()
        await store.transact(async t => {
          t.addCase(early.case, early.events, sampleFiling())
          t.savePerson(early.case.id, person)
        })
        expect(await store.transact(t => t.personOf(early.case.id))).toEqual(person)
      })

      test('the cases of a person on a channel, newest first', async () => {
        const person = { name: null, phone: null, channel: 'sms', channelUserId: 'p-77' }
        const older = await file(fileSample({}, 'housing', SAMPLE_TIME), sampleFiling({ person }))
        const newer = await file(
          fileSample({}, 'housing', new Date(SAMPLE_TIME.getTime() + MINUTE)),
          sampleFiling({ person }),
        )
        const ids = async (limit: number, channel = 'sms') =>
          (await store.transact(t => t.casesOf({ channel, channelUserId: 'p-77' }, limit))).map(row => row.id)
        expect(await ids(10)).toEqual([newer.case.id, older.case.id])
        expect(await ids(1)).toEqual([newer.case.id])
        expect(await ids(10, 'web')).toEqual([])
      })

      test('subjects put right at the desk are told with the words, the person and the time; the last one counts', async () => {
        const agent = { role: 'agent' as const, id: 'li' }
        const correct = (sample: SampleCase, subject: string, minutes: number) =>
          act(sample, {
            action: 'correct',
            actor: agent,
            at: new Date(SAMPLE_TIME.getTime() + minutes * MINUTE),
            input: { subject, previous: sample.case.subject },
          })
        const twice = correct(correct(fileSample({ words: '楼道灯不亮' }), 'a/b/wrong', 1), 'a/b/right', 2)
        const secret = correct(fileSample({ isConfidential: true }), 'a/b/secret', 3)
        const before = (await store.corrections()).length
        for (const sample of [twice, secret, fileSample()]) await file(sample)
        const all = await store.corrections()
        expect(all).toHaveLength(before + 1)
        expect(all).toContainEqual({
          words: '楼道灯不亮',
          subject: 'a/b/right',
          by: 'li',
          at: new Date(SAMPLE_TIME.getTime() + 2 * MINUTE),
        })
      })

      test('a query code opens its own case only', async () => {
        const sample = await file(fileSample(), sampleFiling({ queryCode: 'ABCDEF' }))
        const other = await file(fileSample(), sampleFiling({ queryCode: 'UVWXYZ' }))
        const isCode = (id: string, code: string) => store.transact(t => t.isQueryCodeOf(id, code))
        expect(await isCode(sample.case.id, 'ABCDEF')).toBe(true)
        expect(await isCode(sample.case.id, 'UVWXYZ')).toBe(false)
        expect(await isCode(other.case.id, 'ABCDEF')).toBe(false)
        expect(await isCode('none', 'ABCDEF')).toBe(false)
      })
    })

    test('no sequence number is given twice, by four stores at once', async () => {
      const stores = [store, ...(await Promise.all([opened.another(), opened.another(), opened.another()]))]
      const take = (each: PostgresStore) => each.transact(t => t.takeCaseSequence('2026-10-01'))
      const taken = await Promise.all(stores.flatMap(each => Array.from({ length: 60 }, () => take(each))))
      expect(new Set(taken).size).toBe(240)
      expect(Math.min(...taken)).toBe(1)
      // Gaps come only from what a store has reserved and not used.
      expect(Math.max(...taken)).toBeLessThanOrEqual(240 + 4 * 16)
      expect(await store.transact(t => t.takeCaseSequence('2026-10-02'))).toBe(1)
    })

    describe('lists', () => {
      test('every filter narrows, and pages join without a gap or a repeat', async () => {
        const lead = 'parks'
        const at = (minutes: number) => new Date(SAMPLE_TIME.getTime() + minutes * MINUTE)
        const matters = [
          { subject: 'urban/greening', grade: 'normal', summary: '公园里的树倒了' },
          { subject: 'urban/greening/trees', grade: 'utility', summary: '树枝压断电线' },
          { subject: 'urban/greeningish', grade: 'normal', summary: '100%_花坛' },
          { subject: null, grade: 'normal', summary: '草坪 ＡＢＣ', isConfidential: true },
          { subject: 'traffic/bus', grade: 'normal', summary: '公交站没有树荫' },
        ] as const
        const filed: SampleCase[] = []
        // Working days apart, so that the due times differ.
        for (const [index, matter] of matters.entries())
          filed.push(await file(fileSample(matter, lead, at(index * 1440))))
        const [a, b, c, d, e] = filed.map(sample => sample.case.id)
        const ids = async (changes: Partial<CaseFilter>) =>
          (await store.listCases({ ...ALL, department: lead, ...changes })).rows.map(row => row.id)

        expect(await ids({})).toEqual([e, d, c, b, a])
        expect(await ids({ sort: 'due' })).toEqual([a, b, c, d, e])
        expect(await ids({ includeConfidential: false })).toEqual([e, c, b, a])
        expect(await ids({ subjectPrefix: 'urban/greening' })).toEqual([b, a])
        expect(await ids({ grade: 'utility' })).toEqual([b])
        expect(await ids({ type: 'complaint' })).toEqual([])
        expect(await ids({ type: 'help', channel: 'web' })).toHaveLength(5)
        expect(await ids({ channel: 'telephone' })).toEqual([])
        expect(await ids({ states: ['dispatched'] })).toHaveLength(5)
        expect(await ids({ states: [] })).toEqual([])
        expect(await ids({ states: ['closed'] })).toEqual([])
        expect(await ids({ search: '树' })).toEqual([e, b, a])
        expect(await ids({ search: '树 公园' })).toEqual([a])
        expect(await ids({ search: '100%_' })).toEqual([c])
        expect(await ids({ search: 'abc' })).toEqual([d])
        expect(await ids({ search: filed[1]!.case.number })).toEqual([b])
        expect(await ids({ department: 'nobody' })).toEqual([])
        const [first] = (await store.listCases({ ...ALL, department: lead, sort: 'due' })).rows
        expect(await ids({ sort: 'due', dueBefore: new Date(first!.dueAt!.getTime() + 1) })).toEqual([a])

        // A working day apart: at the first one's due time the second is warned of, the third too.
        const { dueAt, warnAt } = first!
        const lightAt = (is: Light, when: Date) =>
          ids({ sort: 'due', light: { is, of: 'promise', at: when } })
        const later = (when: Date) => new Date(when.getTime() + 1)
        expect(await lightAt('red', dueAt!)).toEqual([])
        expect(await lightAt('red', later(dueAt!))).toEqual([a])
        expect(await lightAt('yellow', warnAt!)).toEqual([a])
        expect(await lightAt('green', new Date(warnAt!.getTime() - 1))).toEqual([a, b, c, d, e])
        const shown = await Promise.all(
          (['red', 'yellow', 'green'] as const).map(is => lightAt(is, later(dueAt!))),
        )
        expect(shown[1]).toContain(b)
        expect(shown.flat()).toEqual([a, b, c, d, e])

        for (const sort of ['due', 'next', 'newest'] as const)
          expect(await idsOfAllPages(store, { ...ALL, department: lead, sort, limit: 2 })).toEqual(
            await ids({ sort }),
          )
      })

      test('what is to be signed for stands by the earlier of its two clocks, and leaves that place once it is signed', async () => {
        const lead = 'signers'
        const early = await file(fileSample({}, lead, SAMPLE_TIME))
        const signDueAt = new Date(SAMPLE_TIME.getTime() + HOUR)
        const late = fileSample({}, lead, new Date(SAMPLE_TIME.getTime() + 3 * DAY))
        late.case.clocks.sign = { ...late.case.clocks.sign!, dueAt: signDueAt }
        await file(late)
        const signed = act(early, { action: 'sign', actor: HANDLER_OF(lead), at: SAMPLE_TIME, reason: null })
        await store.transact(async t => t.saveCase(signed.case, signed.events.slice(3), 3))
        const filter: CaseFilter = { ...ALL, department: lead, sort: 'next' }
        const { rows } = await store.listCases(filter)
        expect(rows.map(row => [row.id, row.signDueAt])).toEqual([
          [late.case.id, signDueAt],
          [early.case.id, null],
        ])
        expect(await idsOfAllPages(store, { ...filter, limit: 1 })).toEqual(rows.map(row => row.id))
        const count = (now: Date) => store.countByState({ department: lead, includeConfidential: true }, now)
        expect(await count(new Date(signDueAt.getTime() + 1))).toEqual(
          expect.arrayContaining([
            { state: 'dispatched', isReworked: false, all: 1, overdue: 1, warned: 0 },
            expect.objectContaining({ state: 'handling', all: 1, overdue: 0 }),
          ]),
        )
      })

      test('what came back is told from what never did', async () => {
        const lead = 'menders'
        const once = await file(fileSample({}, lead))
        const other = await file(fileSample({}, lead))
        const reworked = backForRework(once, lead)
        await store.transact(async t => t.saveCase(reworked.case, reworked.events.slice(3), 3))
        const ids = async (isReworked: boolean) =>
          (await store.listCases({ ...ALL, department: lead, isReworked })).rows.map(row => row.id)
        expect([await ids(true), await ids(false)]).toEqual([[once.case.id], [other.case.id]])
        const counted = await store.countByState({ department: lead, includeConfidential: true }, SAMPLE_TIME)
        expect(counted.map(({ isReworked, all }) => [isReworked, all]).sort()).toEqual([
          [false, 1],
          [true, 1],
        ])
      })

      test('cases in which nothing is owed come last and page as well', async () => {
        const samples = [fileSample({}, 'quiet'), fileSample({}, 'quiet'), fileSample({}, 'quiet')]
        for (const [index, sample] of samples.entries()) {
          const withdrawn = act(sample, {
            action: 'withdraw',
            actor: { role: 'resident', id: 'r' },
            at: SAMPLE_TIME,
            reason: '不用了',
          })
          await file(index === 0 ? sample : withdrawn)
        }
        const filter: CaseFilter = { ...ALL, department: 'quiet', sort: 'due', limit: 2 }
        const first = await store.listCases(filter)
        expect(first.rows.map(row => row.dueAt === null)).toEqual([false, true])
        const second = await store.listCases({ ...filter, cursor: first.nextCursor! })
        expect(second.rows).toHaveLength(1)
        expect(second.nextCursor).toBeNull()
      })

      test.each(['', 'nonsense', '????', Buffer.from('["due",1,2]').toString('base64url')])(
        'a cursor that is not ours (%j) is refused or ignored',
        async cursor => {
          const list = store.listCases({ ...ALL, cursor })
          if (cursor === '') await expect(list).resolves.toBeDefined()
          else await expect(list).rejects.toMatchObject({ code: 'body-invalid' })
        },
      )

      test('co-handlers see their cases too', async () => {
        const sample = await file(fileSample({}, 'roads'))
        const joined = act(sample, {
          action: 'add-co-handler',
          actor: HANDLER_OF('roads'),
          at: SAMPLE_TIME,
          input: { department: 'water', task: '关阀门' },
        })
        await store.transact(async t => t.saveCase(joined.case, joined.events.slice(3), 3))
        const { rows } = await store.listCases({ ...ALL, department: 'water' })
        expect(rows.map(row => [row.id, row.lead, row.coHandlers])).toEqual([
          [sample.case.id, 'roads', ['water']],
        ])
      })

      test('counts by state and by light', async () => {
        const sample = await file(fileSample({}, 'counted'))
        await file(fileSample({}, 'counted'))
        const due = sample.case.clocks.handle!
        const count = (now: Date) => store.countCases({ department: 'counted' }, now)
        expect(await count(SAMPLE_TIME)).toEqual({
          open: 2,
          overdue: 0,
          warned: 0,
          byState: { dispatched: 2 },
        })
        expect(await count(due.warnings[0]!.at)).toMatchObject({ open: 2, overdue: 0, warned: 2 })
        expect(await count(new Date(due.dueAt.getTime() + 1))).toMatchObject({ overdue: 2, warned: 0 })
        expect((await store.countCases({}, SAMPLE_TIME)).open).toBeGreaterThan(2)
      })
    })

    test('cases of one subject at one place are counted, those of the same transaction too', async () => {
      const elements = { ...sampleMatter().elements, place: '和平路9号' }
      const alike = { subject: 'urban/lighting/street-lamp', elements }
      const person = (channelUserId: string) =>
        sampleFiling({ person: { name: null, phone: null, channel: 'web', channelUserId } })
      const like = {
        subject: alike.subject,
        place: '和平路9号',
        since: new Date(SAMPLE_TIME.getTime() - DAY),
        handled: null,
      }
      const old = await file(fileSample(alike, 'housing', new Date(SAMPLE_TIME.getTime() - 2 * DAY)))
      const first = await file(fileSample(alike), person('neighbour-1'))
      const given = await file(fileSample(alike), person('neighbour-2'))
      const up = act(given, { action: 'withdraw', actor: { role: 'agent', id: 'a' }, at: SAMPLE_TIME })
      await store.transact(async t => t.saveCase(up.case, up.events.slice(3), 3))
      const elsewhere = { ...alike, elements: { ...elements, place: '和平路90号' } }
      await file(fileSample(elsewhere))
      const second = fileSample(alike, 'housing', new Date(SAMPLE_TIME.getTime() + MINUTE))
      const found = await store.transact(async t => {
        t.addCase(second.case, second.events, person('neighbour-1'))
        return t.casesAlike(like)
      })
      expect(found.map(({ id, isOpen }) => [id, isOpen])).toEqual([
        [first.case.id, true],
        [second.case.id, true],
      ])
      expect(new Set(found.map(each => each.person)).size).toBe(1)
      expect(found[0]!.person).not.toContain('neighbour')
      const all = await store.transact(t => t.casesAlike({ ...like, since: new Date(0) }))
      expect(all.map(each => each.id)).toEqual([old.case.id, first.case.id, second.case.id])
    })

    test('a case is read as the transaction has changed it', async () => {
      const { case: filed, events } = await file(fileSample())
      const signed = act({ case: filed, events }, { action: 'sign', actor: HANDLER, at: SAMPLE_TIME })
      const read = await store.transact(async t => {
        t.saveCase(signed.case, signed.events.slice(3), 3)
        return t.caseById(filed.id)
      })
      expect(read).toEqual({ case: signed.case, events: signed.events })
    })

    test('open clocks that an older calendar worked out are found, by versions that sort as text', async () => {
      const sample = await file(fileSample())
      const version = sample.case.clocks.handle!.calendarVersion
      const isFound = async (newer: string) =>
        (await store.casesTimedBefore(newer, 100_000)).includes(sample.case.id)
      expect([await isFound(version), await isFound(''), await isFound(`${version}.1`)]).toEqual([
        false,
        false,
        true,
      ])
      const over = act(sample, { action: 'withdraw', actor: { role: 'agent', id: 'a' }, at: SAMPLE_TIME })
      await store.transact(async t => t.saveCase(over.case, over.events.slice(3), 3))
      expect(await isFound(`${version}.1`)).toBe(false)
    })

    test('alarms of running clocks are due, and no longer once the clock is stopped', async () => {
      const sample = await file(fileSample({}, 'housing', new Date('2025-03-03T02:00:00Z')))
      const firstAlarm = sample.case.clocks.sign!.warnings[0]!.at
      const due = async (now: Date) =>
        (await store.dueClocks(now, 100)).filter(clock => clock.caseId === sample.case.id)
      expect(await due(new Date(firstAlarm.getTime() - 1))).toEqual([])
      expect((await due(firstAlarm)).map(clock => clock.kind).sort()).toEqual(['handle', 'return', 'sign'])
      expect((await due(firstAlarm))[0]!.alarmAt).toEqual(firstAlarm)

      const signed = act(sample, { action: 'sign', actor: HANDLER, at: new Date('2025-03-03T03:00:00Z') })
      await store.transact(async t => t.saveCase(signed.case, signed.events.slice(3), 3))
      expect((await due(firstAlarm)).map(clock => clock.kind).sort()).toEqual(['handle', 'return'])

      const warned = act(signed, {
        action: 'warn',
        actor: { role: 'clock', id: 'clock' },
        at: firstAlarm,
        input: { clock: 'handle', dueAt: signed.case.clocks.handle!.dueAt.toISOString(), percent: 50 },
      })
      await store.transact(async t => t.saveCase(warned.case, warned.events.slice(4), 4))
      expect((await due(firstAlarm)).map(clock => clock.kind)).toEqual(['return'])
    })

    describe('what handlers keep', () => {
      const saved = (id: string, accountId: string, sharedWith: string | null): SavedFilter => ({
        id,
        accountId,
        name: id,
        filter: { lane: 'to-sign' },
        sharedWith,
        createdAt: SAMPLE_TIME,
      })

      test('filters are their owner’s, and those of a department all its people’s; only its owner removes one', async () => {
        for (const filter of [
          saved('own', 'a1', null),
          saved('ours', 'a2', 'roads'),
          saved('theirs', 'a3', 'water'),
        ])
          await store.filters.add(filter)
        const namesFor = async (account: string, department: string) =>
          (await store.filters.list(account, department)).map(({ id }) => id)
        expect(await namesFor('a1', 'roads')).toEqual(['ours', 'own'])
        expect(await namesFor('a3', '')).toEqual(['theirs'])
        expect(await store.filters.list('a1', 'nobody')).toEqual([saved('own', 'a1', null)])
        expect(await store.filters.remove('a1', 'ours')).toBe(false)
        expect(await store.filters.remove('a2', 'ours')).toBe(true)
        expect(await namesFor('a1', 'roads')).toEqual(['own'])
      })

      test('files lie with their case, oldest first', async () => {
        const file = (caseId: string, name: string, minutes: number) =>
          store.caseFiles.add({
            caseId,
            name,
            accountId: 'a1',
            at: new Date(SAMPLE_TIME.getTime() + minutes * MINUTE),
          })
        await file('case-f', 'later.png', 2)
        await file('case-f', 'first.png', 1)
        await file('case-g', 'other.png', 0)
        expect(await store.caseFiles.namesOf('case-f')).toEqual(['first.png', 'later.png'])
      })
    })

    describe('feeds', () => {
      const later = new Date(SAMPLE_TIME.getTime() + DAY)

      test('a feed is begun once, and stands where it was moved to', async () => {
        const begun = { feed: 'wk-1', cursor: '', since: SAMPLE_TIME }
        expect(await store.feeds.begin('kf', 'wk-1', SAMPLE_TIME)).toEqual(begun)
        await store.feeds.move('kf', 'wk-1', { from: '', to: 'c-1' })
        expect(await store.feeds.begin('kf', 'wk-1', later)).toEqual({ ...begun, cursor: 'c-1' })
        await store.feeds.begin('kf', 'wk-2', later)
        await store.feeds.begin('another', 'wk-1', later)
        expect(await store.feeds.all('kf')).toEqual([
          { ...begun, cursor: 'c-1' },
          { feed: 'wk-2', cursor: '', since: later },
        ])
      })

      test('whoever comes from where it no longer stands does not move it', async () => {
        await store.feeds.begin('kf', 'wk-3', SAMPLE_TIME)
        await store.feeds.move('kf', 'wk-3', { from: '', to: 'c-2' })
        await store.feeds.move('kf', 'wk-3', { from: '', to: 'c-1' })
        expect(await store.feeds.begin('kf', 'wk-3', later)).toMatchObject({ cursor: 'c-2' })
      })
    })

    describe('accounts', () => {
      const account = {
        login: 'Li.Wei',
        displayName: '李伟',
        role: 'handler',
        department: 'housing',
      } as const

      test('login and password open the account, whatever the case of the login', async () => {
        const added = await store.accounts.add(account, 'correct horse')
        expect(added).toEqual({ ...account, login: 'li.wei', id: added.id })
        const standing = { isDisabled: false, mustChange: false, hasFactor: false }
        expect(await store.accounts.verify('LI.WEI ', 'correct horse')).toEqual({ account: added, standing })
        expect(await store.accounts.verify('li.wei', 'wrong')).toBeNull()
        expect(await store.accounts.verify('nobody', 'correct horse')).toBeNull()
        expect(await store.accounts.list()).toEqual([added])
        await expect(store.accounts.add(account, 'x')).rejects.toMatchObject({ code: 'login-taken' })
      })

      test('an unknown login takes as long as a wrong password', async () => {
        const best = { nobody: Number.POSITIVE_INFINITY, 'li.wei': Number.POSITIVE_INFINITY }
        // The best of interleaved rounds: whatever else the machine does only ever adds time.
        for (let round = 0; round < 24; round++) {
          for (const login of ['nobody', 'li.wei'] as const) {
            const start = performance.now()
            await store.accounts.verify(login, 'wrong')
            best[login] = Math.min(best[login], performance.now() - start)
          }
        }
        const ratio = best.nobody / best['li.wei']
        expect(ratio).toBeGreaterThan(0.5)
        expect(ratio).toBeLessThan(2)
      })

      test('a hash of another kind is made anew when its password is at hand, and by no wrong one', async () => {
        const hashOf = async () =>
          (await raw.query("select password_hash from accounts where login = 'li.wei'")).rows[0].password_hash
        await raw.query('update accounts set password_hash = $1', [SCRYPT_HASH])
        expect(await store.accounts.verify('li.wei', 'wrong')).toBeNull()
        expect(await hashOf()).toBe(SCRYPT_HASH)
        expect(await store.accounts.verify('li.wei', 'correct horse')).not.toBeNull()
        expect(await hashOf()).toMatch(/^\$argon2id\$/)
        expect(await store.accounts.verify('li.wei', 'correct horse')).not.toBeNull()
      })

      const later = (ms: number) => new Date(SAMPLE_TIME.getTime() + ms)
      const opened = { openedAt: SAMPLE_TIME, idleUntil: later(HOUR), until: later(3 * HOUR), browser: 'B' }

      test('a session holds until its end or its closing, and its token is not in the table', async () => {
        const [li] = await store.accounts.list()
        const token = await store.accounts.openSession(li!.id, { ...opened, idleUntil: later(DAY) })
        const found = await store.accounts.session(token, SAMPLE_TIME, null)
        expect(found?.account).toEqual(li)
        expect(await store.accounts.session(token, later(3 * HOUR), null)).toBeNull()
        expect(await store.accounts.session('guess', SAMPLE_TIME, null)).toBeNull()
        const { rows } = await raw.query('select token_hash from sessions')
        expect(JSON.stringify(rows)).not.toContain(Buffer.from(token).toString('hex'))
        await store.accounts.closeSession(token)
        expect(await store.accounts.session(token, SAMPLE_TIME, null)).toBeNull()
      })

      test('a session that nobody uses ends, and use keeps it no longer than its end', async () => {
        const [li] = await store.accounts.list()
        const token = await store.accounts.openSession(li!.id, opened)
        const at = (ms: number, idleUntil: Date | null) => store.accounts.session(token, later(ms), idleUntil)
        expect(await at(HOUR - 1, null)).not.toBeNull()
        expect(await at(HOUR, null)).toBeNull()
        expect(await at(HOUR - 1, later(2 * HOUR))).not.toBeNull()
        expect(await at(2 * HOUR - 1, later(9 * HOUR))).not.toBeNull()
        expect(await at(3 * HOUR, null)).toBeNull()
        await store.accounts.closeSession(token)
      })

      test('sessions are listed and ended by account', async () => {
        const [li] = await store.accounts.list()
        const zhao = await store.accounts.add({ ...account, login: 'zhao' }, 'x')
        const open = (id: string, ms: number) =>
          store.accounts.openSession(id, { ...opened, openedAt: later(ms) })
        const tokens = [await open(li!.id, 0), await open(li!.id, 1), await open(li!.id, 2)]
        const foreign = await open(zhao.id, 0)
        const listed = await store.accounts.sessionsOf(li!.id, SAMPLE_TIME)
        expect(listed.map(({ id: _id, ...rest }) => rest)).toEqual(
          [2, 1, 0].map(ms => ({ ...opened, openedAt: later(ms) })),
        )
        expect(await store.accounts.sessionsOf(li!.id, later(HOUR))).toEqual([])
        expect(await store.accounts.endSession(zhao.id, listed[0]!.id)).toBe(false)
        expect(await store.accounts.endSession(li!.id, listed[0]!.id)).toBe(true)
        expect(await store.accounts.endOtherSessions(li!.id, listed[1]!.id)).toBe(1)
        const alive = [...tokens, foreign].map(token => store.accounts.session(token, SAMPLE_TIME, null))
        expect((await Promise.all(alive)).map(Boolean)).toEqual([false, true, false, true])
        await store.accounts.forgetSessionsBefore(later(HOUR + 1))
        expect(await countOf('sessions')).toBe(0)
        await raw.query("delete from accounts where login = 'zhao'")
      })

      describe('wrong passwords', () => {
        /** Seconds to wait from then on; 0 when it may be looked at. */
        const wait = async (login: string, address: string, seconds: number) => {
          const until = await store.accounts.tryLogin(login, address, later(seconds * 1000))
          return until ? (until.getTime() - later(seconds * 1000).getTime()) / 1000 : 0
        }

        test('five are free, then each wait is twice the last, up to a quarter of an hour', async () => {
          const waits = []
          for (let i = 0; i < 4; i++) expect(await wait('sun', '10.0.0.1', i)).toBe(0)
          for (let at = 4, i = 0; i < 9; i++) {
            expect(await wait('sun', '10.0.0.1', at)).toBe(0)
            const left = await wait(' SUN', '10.0.0.1', at)
            waits.push(left)
            at += left
          }
          expect(waits).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900])
        })

        test('trials at the same time are counted one by one', async () => {
          const all = await Promise.all(Array.from({ length: 30 }, () => wait('qian', '10.0.0.1', 0)))
          expect(all.filter(left => left === 0)).toHaveLength(5)
        })

        test('of many addresses hold a login up shortly, and never where it was opened lately', async () => {
          await store.accounts.tryLogin('wu', '10.1.0.1', SAMPLE_TIME)
          await store.accounts.loginProved('wu', '10.1.0.1', SAMPLE_TIME)
          for (let i = 0; i < 200; i++) await wait('wu', `10.2.0.${i}`, i * 61)
          const end = 199 * 61
          expect(await wait('wu', '10.3.0.1', end)).toBe(60)
          expect(await wait('wu', '10.1.0.1', end)).toBe(0)
          const month = (31 * DAY) / 1000
          for (let i = 0; i < 20; i++) await wait('wu', `10.2.0.${i}`, month)
          expect(await wait('wu', '10.1.0.1', month)).toBe(15)
        })

        test('are forgotten after the right one, and after a day', async () => {
          for (let i = 0; i < 5; i++) await wait('zhou', '10.0.0.1', 0)
          expect(await wait('zhou', '10.0.0.1', 1)).toBe(14)
          expect(await wait('zhou', '10.0.0.1', 15)).toBe(0)
          await store.accounts.loginProved('zhou', '10.0.0.1', later(15_000))
          for (let i = 0; i < 5; i++) expect(await wait('zhou', '10.0.0.1', 16)).toBe(0)
          expect(await wait('zhou', '10.0.0.1', 16)).toBe(15)
          const day = (DAY + MINUTE) / 1000
          for (let i = 0; i < 5; i++) expect(await wait('zhou', '10.0.0.1', day)).toBe(0)
        })
      })

      test('who looked at a case is recorded', async () => {
        const [li] = await store.accounts.list()
        const sample = await file(fileSample(sampleMatter({ isConfidential: true })))
        await store.accounts.recordLook(li!.id, sample.case.id, SAMPLE_TIME)
        const { rows } = await raw.query('select account_id, case_id, at from looks')
        expect(rows).toEqual([{ account_id: li!.id, case_id: sample.case.id, at: SAMPLE_TIME }])
        expect(await store.accounts.looksAt(sample.case.id)).toEqual([
          { login: 'li.wei', displayName: '李伟', at: SAMPLE_TIME },
        ])
      })
    })

    describe('keys of machines', () => {
      const key: ApiKey = {
        id: newId(SAMPLE_TIME, systemChance),
        name: 'housing office',
        owner: { kind: 'desk', role: 'handler', department: 'housing' },
        scopes: ['desk:read', 'desk:act'],
        createdAt: SAMPLE_TIME,
        createdBy: 'admin',
        revokedAt: null,
        lastUsedAt: null,
        previousUntil: null,
      }
      const named = { id: key.id, kind: 'desk' } as const
      const later = (ms: number) => new Date(SAMPLE_TIME.getTime() + ms)

      test('a secret opens its key, and is not in the table', async () => {
        expect(await store.keys.add(key, 'the secret')).toBe(true)
        expect(await store.keys.list('desk')).toEqual([key])
        expect(await store.keys.use('another secret', later(0))).toBeNull()
        expect(await store.keys.use('the secret', later(0))).toEqual({ ...key, lastUsedAt: later(0) })
        const { rows } = await raw.query('select row_to_json(api_keys)::text as row from api_keys')
        for (const told of ['the secret', Buffer.from('the secret').toString('hex')])
          expect(JSON.stringify(rows)).not.toContain(told)
      })

      test('its use is written once a minute', async () => {
        await store.keys.use('the secret', later(MINUTE - 1))
        expect((await store.keys.list('desk'))[0]?.lastUsedAt).toEqual(later(0))
        await store.keys.use('the secret', later(MINUTE))
        expect((await store.keys.list('desk'))[0]?.lastUsedAt).toEqual(later(MINUTE))
      })

      test('a look of a machine bears the name of its key', async () => {
        const sample = await file(fileSample(sampleMatter({ isConfidential: true })))
        await store.accounts.recordLook(key.id, sample.case.id, SAMPLE_TIME)
        expect(await store.accounts.looksAt(sample.case.id)).toEqual([
          { login: 'key:housing office', displayName: 'housing office', at: SAMPLE_TIME },
        ])
      })

      test('with another secret the one until now opens for a while, any older one no more', async () => {
        expect(await store.keys.rotate({ ...named, kind: 'enterprise' }, 'x', null)).toBeNull()
        const until = later(DAY)
        const rotated = await store.keys.rotate(named, 'the second secret', until)
        expect(rotated).toMatchObject({ id: key.id, previousUntil: until })
        const opens = async (secret: string, at: Date) => (await store.keys.use(secret, at)) !== null
        expect(await opens('the secret', later(DAY - 1))).toBe(true)
        expect(await opens('the secret', until)).toBe(false)
        expect(await opens('the second secret', until)).toBe(true)
        await store.keys.rotate(named, 'the third secret', until)
        expect(await opens('the secret', later(0))).toBe(false)
        expect(await opens('the second secret', later(0))).toBe(true)
        await store.keys.rotate(named, 'the secret', null)
        expect(await opens('the third secret', later(0))).toBe(false)
        expect(await opens('the secret', later(0))).toBe(true)
      })

      test('revoked it opens nothing, stays in the list, and its name is not given again', async () => {
        expect(await store.keys.revoke({ ...named, kind: 'enterprise' }, later(DAY))).toBe(false)
        expect(await store.keys.revoke(named, later(DAY))).toBe(true)
        expect(await store.keys.revoke(named, later(2 * DAY))).toBe(false)
        expect(await store.keys.revoke({ ...named, id: 'nothing' }, later(DAY))).toBe(false)
        expect(await store.keys.use('the secret', later(DAY))).toBeNull()
        expect((await store.keys.list('desk'))[0]?.revokedAt).toEqual(later(DAY))
        const again = { ...key, id: newId(SAMPLE_TIME, systemChance) }
        expect(await store.keys.add(again, 'a new secret')).toBe(false)
        expect(await store.keys.use('a new secret', later(DAY))).toBeNull()
      })
    })

    describe('webhooks', () => {
      const of = (id: string, owner: Webhook['owner'], events: string[] = []): Webhook => ({
        id: `hook-${id}`,
        owner,
        url: `https://example.cn/${id}`,
        events,
        createdAt: SAMPLE_TIME,
      })
      const housing = of('housing', { kind: 'department', department: 'housing' })
      const factory = of('factory', { kind: 'enterprise', enterprise: 'F' }, ['replied'])
      const bakery = of('bakery', { kind: 'enterprise', enterprise: 'B' })
      const keyOf = (enterprise: string): ApiKey => ({
        id: newId(SAMPLE_TIME, systemChance),
        name: `key of ${enterprise}`,
        owner: { kind: 'enterprise', enterprise, displayName: enterprise },
        scopes: [],
        createdAt: SAMPLE_TIME,
        createdBy: 'admin',
        revokedAt: null,
        lastUsedAt: null,
        previousUntil: null,
      })
      const heard = async (whose: { departments: string[] } | { enterprise: string }, event: string) =>
        (await store.webhooks.hearing(whose, event)).map(({ id }) => id)

      test('are of departments and of enterprises, each address of an owner once', async () => {
        for (const each of [housing, factory, bakery]) expect(await store.webhooks.add(each, 's')).toBe(true)
        for (const each of [housing, factory])
          expect(await store.webhooks.add({ ...each, id: `${each.id}-2` }, 's')).toBe(false)
        expect(await store.webhooks.add({ ...bakery, id: 'hook-3', url: housing.url }, 's')).toBe(true)
        expect(await store.webhooks.remove('hook-3', 'F')).toBe(false)
        expect(await store.webhooks.remove('hook-3', 'B')).toBe(true)
        expect(await store.webhooks.list('F')).toEqual([factory])
        expect((await store.webhooks.list()).toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
          bakery,
          factory,
          housing,
        ])
        const { rows } = await raw.query('select row_to_json(webhooks)::text as row from webhooks')
        expect(rows).toHaveLength(3)
      })

      test('of an enterprise hear of its events as long as it has a key', async () => {
        expect(await heard({ departments: ['housing', 'F'] }, 'replied')).toEqual([housing.id])
        expect(await heard({ enterprise: 'F' }, 'replied')).toEqual([])
        const keys = [keyOf('F'), { ...keyOf('F'), name: 'another of F' }]
        for (const [i, each] of keys.entries()) await store.keys.add(each, `secret of F ${i}`)
        expect(await heard({ enterprise: 'F' }, 'replied')).toEqual([factory.id])
        expect(await heard({ enterprise: 'F' }, 'signed')).toEqual([])
        expect((await store.webhooks.byId(factory.id))?.secret).toBe('s')
        await store.keys.revoke({ id: keys[0]!.id, kind: 'enterprise' }, SAMPLE_TIME)
        expect(await heard({ enterprise: 'F' }, 'replied')).toEqual([factory.id])
        await store.keys.revoke({ id: keys[1]!.id, kind: 'enterprise' }, SAMPLE_TIME)
        expect(await heard({ enterprise: 'F' }, 'replied')).toEqual([])
        expect(await store.webhooks.byId(factory.id)).toBeNull()
      })
    })

    describe('ids of others', () => {
      const giver = { channel: 'enterprise', channelUserId: 'F' }
      const under = (sample: SampleCase, id: string, by = giver) =>
        store.transact(async tx => {
          tx.addCase(sample.case, sample.events, sampleFiling({ person: { name: null, phone: null, ...by } }))
          tx.externalIds.add(by, { id, caseId: sample.case.id, request: 'a hash' })
        })
      const find = (id: string, by = giver) => store.transact(tx => tx.externalIds.find(by, id))

      test('are written with the case, or neither is', async () => {
        const [first, second] = [fileSample(sampleMatter()), fileSample(sampleMatter())]
        await under(first, 'A-1')
        expect(await find('A-1')).toEqual({ id: 'A-1', caseId: first.case.id, request: 'a hash' })
        await expect(under(second, 'A-1')).rejects.toMatchObject({ code: 'version-conflict' })
        expect(await store.transact(tx => tx.caseById(second.case.id))).toBeNull()
        const { rows } = await store.listCases({ ...ALL, filedBy: giver })
        expect(rows.map(({ id }) => id)).toEqual([first.case.id])
      })

      test('are each giver’s own', async () => {
        const other = { channel: 'enterprise', channelUserId: 'B' }
        expect(await find('A-1', other)).toBeNull()
        const sample = fileSample(sampleMatter())
        await under(sample, 'A-1', other)
        expect((await find('A-1', other))?.caseId).toBe(sample.case.id)
        const ids = await store.transact(tx => tx.externalIds.of([sample.case.id, 'nothing']))
        expect(ids).toEqual(new Map([[sample.case.id, 'A-1']]))
      })

      test('and their cases are listed by what has changed since', async () => {
        const list = async (filter: Partial<CaseFilter>) =>
          (await store.listCases({ ...ALL, filedBy: giver, ...filter })).rows.length
        const [own] = (await store.listCases({ ...ALL, filedBy: giver })).rows
        expect(await list({ changedSince: own!.changedAt, filedSince: own!.filedAt })).toBe(1)
        expect(await list({ changedSince: new Date(own!.changedAt.getTime() + 1) })).toBe(0)
        expect(await list({ filedSince: new Date(own!.filedAt.getTime() + 1) })).toBe(0)
      })
    })

    test('what left as a file is recorded, the newest first', async () => {
      const [li] = await store.accounts.list()
      const taken = { format: 'csv', request: { by: 'filed', group: 'month' }, rows: 3 }
      const at = [SAMPLE_TIME, new Date(SAMPLE_TIME.getTime() + MINUTE)] as const
      await store.exports.record({ ...taken, id: 'e1', accountId: li!.id, at: at[0] })
      await store.exports.record({ ...taken, id: 'e2', accountId: li!.id, at: at[1] })
      const who = { login: 'li.wei', displayName: '李伟' }
      expect(await store.exports.latest(5)).toEqual([
        { ...taken, ...who, id: 'e2', at: at[1] },
        { ...taken, ...who, id: 'e1', at: at[0] },
      ])
      expect((await store.exports.latest(1)).map(({ id }) => id)).toEqual(['e2'])
    })

    test('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined()
    })

    test('after all this every case in the store is whole', async () => {
      for await (const { events, version, hash } of store.eachCaseEvents()) {
        expect(findBrokenLink(events)).toBeNull()
        expect(events.at(-1)).toMatchObject({ seq: version, hash })
        expect(events[0]?.type).toBe('filed')
      }
    })
  })
}

const HANDLER_OF = (department: string) => ({ role: 'handler', id: `h-${department}`, department }) as const

/** Signed, replied to, and sent back because it was not done. */
function backForRework(sample: SampleCase, lead: string): SampleCase {
  const actor = HANDLER_OF(lead)
  const signed = act(sample, { action: 'sign', actor, at: SAMPLE_TIME })
  const contact = { how: 'phone', at: SAMPLE_TIME.toISOString() }
  const input = { text: '修好了', isTrue: true, isWithinDuty: true, contact, solved: 'solved' }
  const replied = act(signed, { action: 'reply', actor, at: SAMPLE_TIME, input })
  return act(replied, {
    action: 'rework',
    actor: { role: 'agent', id: 'a' },
    at: SAMPLE_TIME,
    input: { contacted: true, resolved: false, satisfied: null, text: '还是不亮' },
  })
}

async function idsOfAllPages(store: PostgresStore, filter: CaseFilter): Promise<string[]> {
  const { rows, nextCursor } = await store.listCases(filter)
  const rest = nextCursor ? await idsOfAllPages(store, { ...filter, cursor: nextCursor }) : []
  return [...rows.map(row => row.id), ...rest]
}
