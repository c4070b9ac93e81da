import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR } from '../../src/kernel/clock.ts'
import type { Enterprise, EnterpriseRecord } from '../../src/usecases/enterprise-ports.ts'
import type { TestServer } from '../support/database-server.ts'
import { SAMPLE_TIME } from '../support/sample-cases.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

const later = (ms: number) => new Date(SAMPLE_TIME.getTime() + ms)
const CONTACT = { name: '王经理', phone: '13812345678' }
const entry = (what: EnterpriseRecord['what'], at = SAMPLE_TIME, text = ''): EnterpriseRecord => ({
  at,
  what,
  login: 'steward-li',
  text,
})
let made = 0
const firm = (changes: Partial<Enterprise> = {}): Enterprise => ({
  code: `FIRM-${++made}`,
  name: `企业${made}`,
  sector: 'other',
  stage: 'opening',
  stageSince: SAMPLE_TIME,
  stepsDone: [],
  steward: 'steward-li',
  quietSince: null,
  conversationId: null,
  createdAt: SAMPLE_TIME,
  version: 1,
  ...changes,
})

/** What every store must do with enterprises and their stewards. */
export function enterpriseContract(name: string, server: () => TestServer): void {
  describe(`enterprises in the store on ${name}`, () => {
    let opened: TestStore
    let store: TestStore['store']['enterprises']
    const add = async (changes: Partial<Enterprise> = {}) => {
      const one = firm(changes)
      expect(await store.add(one, CONTACT, entry('added'))).toBe(true)
      return one
    }

    beforeAll(async () => {
      opened = await createTestStore(server())
      store = opened.store.enterprises
    })
    afterAll(() => opened.drop())

    test('one is added once, and is read as it was written', async () => {
      const one = await add({ stepsDone: ['food'] })
      expect(await store.one(one.code)).toEqual(one)
      expect(await store.add({ ...one, name: '别的' }, CONTACT, entry('added'))).toBe(false)
      expect(await store.one('FIRM-unknown')).toBeNull()
      expect(await store.records(one.code, 9)).toHaveLength(1)
    })

    test('of two changes that read the same version one is refused, and records nothing', async () => {
      const one = await add()
      await store.save({ ...one, stage: 'operation' }, entry('stage', SAMPLE_TIME, 'operation'))
      const refused = store.save({ ...one, stage: 'signing' }, entry('stage', SAMPLE_TIME, 'signing'))
      await expect(refused).rejects.toMatchObject({ code: 'version-conflict' })
      expect(await store.one(one.code)).toMatchObject({ stage: 'operation', version: 2 })
      expect((await store.records(one.code, 9)).map(({ text }) => text)).toEqual(['operation', ''])
    })

    test('whom to reach is sealed, and found by the number only', async () => {
      const one = await add()
      expect(await store.contact(one.code)).toEqual(CONTACT)
      expect(await store.hasPhone(one.code, CONTACT.phone)).toBe(true)
      expect(await store.hasPhone(one.code, '13800000000')).toBe(false)
      await store.setContact(one.code, { name: null, phone: null }, entry('contact'))
      expect(await store.hasPhone(one.code, CONTACT.phone)).toBe(false)
      expect(await store.contact(one.code)).toEqual({ name: null, phone: null })
    })

    test('each steward has their own, and how many is counted', async () => {
      const steward = 'steward-of-two'
      await add({ steward, name: 'B' })
      await add({ steward, name: 'A' })
      expect((await store.list(steward)).map(each => each.name)).toEqual(['A', 'B'])
      expect((await store.load()).get(steward)).toBe(2)
    })

    test('what was written unasked since an instant is known, and nothing else', async () => {
      const one = await add()
      for (const hours of [1, 2, 3]) await store.record(one.code, entry('unasked', later(hours * HOUR)))
      await store.record(one.code, entry('note', later(3 * HOUR)))
      const since = await store.unaskedSince(one.code, later(2 * HOUR))
      expect(since.map(at => at.getTime())).toEqual([later(2 * HOUR).getTime(), later(3 * HOUR).getTime()])
    })

    test('a session of the page ends at its time, and by being closed', async () => {
      const one = await add()
      const open = () => store.openSession({ code: one.code, keyId: null }, later(HOUR))
      const [first, second] = [await open(), await open()]
      expect(await store.session(first, SAMPLE_TIME)).toEqual({ code: one.code, keyId: null })
      expect(await store.session(first, later(HOUR))).toBeNull()
      await store.closeSession(second)
      expect(await store.session(second, SAMPLE_TIME)).toBeNull()
      await store.forgetSessionsBefore(later(2 * HOUR))
      expect(await store.session(first, SAMPLE_TIME)).toBeNull()
    })

    test('a session that a key opened ends with the key', async () => {
      const one = await add()
      const key = {
        id: `key-of-${one.code}`,
        name: `系统 ${one.code}`,
        owner: { kind: 'enterprise', enterprise: one.code, displayName: one.name } as const,
        scopes: ['cases:read'],
        createdAt: SAMPLE_TIME,
        createdBy: 'boss',
        revokedAt: null,
        lastUsedAt: null,
        previousUntil: null,
      }
      await opened.store.keys.add(key, `yk_${one.code}`)
      const token = await store.openSession({ code: one.code, keyId: key.id }, later(HOUR))
      expect(await store.session(token, SAMPLE_TIME)).toEqual({ code: one.code, keyId: key.id })
      await opened.store.keys.revoke({ id: key.id, kind: 'enterprise' }, SAMPLE_TIME)
      expect(await store.session(token, SAMPLE_TIME)).toBeNull()
    })
  })
}
