import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PostgresStore } from '../../src/adapters/postgres/postgres-store.ts'
import { unheardCall } from '../../src/usecases/hear-call.ts'
import type { FinalUtterance, PhoneCall } from '../../src/usecases/phone-call-ports.ts'
import type { TestServer } from '../support/database-server.ts'
import { CALLER } from '../support/sample-call.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

const NOW = new Date('2026-11-24T02:00:00Z')
const WORDS = '我是李建国，家里没暖气'

const utterance = (position: number, utteranceId = `u${position}`): FinalUtterance => ({
  position,
  utteranceId,
  revision: 4,
  role: 'resident',
  text: `${WORDS}${position}`,
  beginMs: position * 1000,
  endMs: position * 1000 + 500,
  confidence: 0.5,
})

let calls = 0
const newCall = (changes: Partial<PhoneCall> = {}): PhoneCall => ({
  ...unheardCall(`call-${++calls}`, NOW),
  ...changes,
})
const isConflict = expect.objectContaining({ code: 'version-conflict' })

/** What every store must do with telephone calls. */
export function phoneCallContract(name: string, server: () => TestServer): void {
  describe(`telephone calls on ${name}`, () => {
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

    const load = async (callId: string, utteranceIds: string[] = []) =>
      (await store.phoneCalls.load([{ callId, utteranceIds }]))[0]

    test('a call comes back as it was saved, and says which of the named utterances are final', async () => {
      const call = newCall({
        direction: 'inbound',
        ani: CALLER,
        dnis: '8890',
        queue: 'general',
        agentId: '1003',
        locale: 'zh-CN',
        startedAt: NOW,
        received: [
          [1, 3],
          [7, 7],
        ],
        lastPosition: 2,
      })
      await store.phoneCalls.save([{ call, finals: [utterance(1), utterance(2)] }])
      expect(await load(call.id, ['u2', 'u9'])).toEqual({
        call: { ...call, version: 1 },
        finals: new Set(['u2']),
      })

      const end = { heardAt: NOW, reason: 'hang-up', durationMs: 9, recordingRef: 'rec/1' }
      const next = { ...call, version: 1, end, received: [[1, 8]] as const, lastPosition: 3 }
      await store.phoneCalls.save([{ call: next, finals: [utterance(3)] }])
      expect((await load(call.id))!.call).toEqual({ ...next, version: 2 })
      expect(await store.phoneCalls.utterancesAfter(call.id, 1, 10)).toEqual([utterance(2), utterance(3)])
      expect(await store.phoneCalls.utterancesAfter(call.id, 0, 1)).toEqual([utterance(1)])
      expect(await store.phoneCalls.utterancesAfter('nobody', 0, 1)).toEqual([])
      expect(await load('nobody')).toBeUndefined()
      expect(await store.phoneCalls.load([])).toEqual([])
    })

    test('utterances of the same name in other calls are others', async () => {
      const [one, other] = [newCall({ lastPosition: 1 }), newCall({ lastPosition: 1 })]
      await store.phoneCalls.save([
        { call: one, finals: [utterance(1, 'a')] },
        { call: other, finals: [utterance(1, 'b')] },
      ])
      const loaded = await store.phoneCalls.load([
        { callId: one.id, utteranceIds: ['a'] },
        { callId: other.id, utteranceIds: ['a'] },
      ])
      const finals = new Map(loaded.map(each => [each.call.id, [...each.finals]]))
      expect([finals.get(one.id), finals.get(other.id)]).toEqual([['a'], []])
    })

    test('who was slower is refused, with all that came along', async () => {
      const [call, bystander] = [newCall(), newCall()]
      await store.phoneCalls.save([{ call, finals: [] }])
      await expect(
        store.phoneCalls.save([
          { call: bystander, finals: [utterance(1)] },
          { call, finals: [] },
        ]),
      ).rejects.toEqual(isConflict)
      expect(await load(bystander.id)).toBeUndefined()
      const known = { ...call, version: 1, lastPosition: 1 }
      await store.phoneCalls.save([{ call: known, finals: [utterance(1)] }])
      await expect(store.phoneCalls.save([{ call: known, finals: [utterance(1, 'x')] }])).rejects.toEqual(
        isConflict,
      )
      await expect(
        store.phoneCalls.save([{ call: { ...known, queue: 'stale' }, finals: [] }]),
      ).rejects.toEqual(isConflict)
      expect((await load(call.id))!.call.queue).toBeNull()
      expect(await store.phoneCalls.utterancesAfter(call.id, 0, 10)).toEqual([utterance(1)])
    })

    test('calls that go on are those that have not ended and were heard of lately', async () => {
      const later = (ms: number) => new Date(NOW.getTime() + ms)
      const end = { heardAt: NOW, reason: null, durationMs: null, recordingRef: null }
      const [older, newer, over] = [
        newCall({ heardAt: later(10_000) }),
        newCall({ heardAt: later(20_000) }),
        newCall({ heardAt: later(30_000), end }),
      ]
      await store.phoneCalls.save([older, newer, over].map(call => ({ call, finals: [] })))
      const running = await store.phoneCalls.running(later(5000), 10)
      expect(running.map(({ id }) => id)).toEqual([newer.id, older.id])
      expect((await store.phoneCalls.running(later(5000), 1)).map(({ id }) => id)).toEqual([newer.id])
    })

    test('neither the number nor the words can be read in the database', async () => {
      const call = newCall({ ani: CALLER, lastPosition: 1 })
      await store.phoneCalls.save([{ call, finals: [utterance(1)] }])
      for (const table of ['phone_calls', 'utterances']) {
        const { rows } = await raw.query(`select t::text as row, to_jsonb(t)::text as json from ${table} t`)
        const all = rows.map(({ row, json }) => row + json).join('\n')
        expect(all).not.toContain(CALLER)
        expect(all).not.toContain('李建国')
        expect(all).not.toContain(Buffer.from(CALLER).toString('hex'))
        expect(all).not.toContain(Buffer.from('李建国').toString('hex'))
      }
    })
  })
}
