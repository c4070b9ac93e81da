import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PostgresStore } from '../../src/adapters/postgres/postgres-store.ts'
import { HOUR, MINUTE } from '../../src/kernel/clock.ts'
import { newId, systemChance } from '../../src/kernel/ids.ts'
import type { Account } from '../../src/usecases/ports.ts'
import type { AccountChange, AccountChangeKind } from '../../src/usecases/staff-ports.ts'
import type { TestServer } from '../support/database-server.ts'
import { SAMPLE_TIME } from '../support/sample-cases.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

const later = (ms: number) => new Date(SAMPLE_TIME.getTime() + ms)
let made = 0

function entry(change: AccountChangeKind, details: AccountChange['details'] = {}): AccountChange {
  const at = later(made++ * MINUTE)
  return { id: newId(at, systemChance), at, by: 'boss', change, details }
}

/** What every store must do with accounts that are managed. */
export function accountsContract(name: string, server: () => TestServer): void {
  describe(`accounts in the store on ${name}`, () => {
    let opened: TestStore
    let one: PostgresStore['accounts']
    let other: PostgresStore['accounts']
    let raw: pg.Client

    beforeAll(async () => {
      opened = await createTestStore(server())
      one = opened.store.accounts
      other = (await opened.another()).accounts
      raw = new pg.Client(opened.connection)
      await raw.connect()
    })
    afterAll(async () => {
      await raw?.end()
      await opened?.drop()
    })

    const add = (login: string, role: Account['role'] = 'agent') =>
      one.add({ login, displayName: login, role, department: null }, 'a password')
    const changesOf = async (accountId: string) =>
      (await one.changes({ accountId, limit: 50 })).map(({ change }) => change)

    test('an account is added with the entry that says who did it, once', async () => {
      const wanted = { login: 'Zhao', displayName: '赵敏', role: 'agent', department: null } as const
      const how = () => ({ mustChange: true, entry: entry('added', { role: 'agent' }) })
      const zhao = await one.add(wanted, 'a password', how())
      await expect(one.add(wanted, 'a password', how())).rejects.toMatchObject({ code: 'login-taken' })
      expect(await one.changes({ accountId: zhao.id, limit: 9 })).toMatchObject([
        { by: 'boss', change: 'added', details: { role: 'agent' }, login: 'zhao', displayName: '赵敏' },
      ])
      expect(await one.record({ login: 'ZHAO ' })).toEqual({
        ...zhao,
        isDisabled: false,
        mustChange: true,
        hasFactor: false,
        lastSeenAt: null,
      })
      expect(await one.record({ id: 'nobody' })).toBeNull()
    })

    test('a disabled account keeps its password and has no session any more', async () => {
      const li = await add('li')
      const opening = { openedAt: SAMPLE_TIME, idleUntil: later(HOUR), until: later(HOUR), browser: '' }
      const token = await one.openSession(li.id, opening)
      expect((await one.record({ id: li.id }))?.lastSeenAt).toEqual(SAMPLE_TIME)
      await one.change(li.id, { disabledAt: SAMPLE_TIME }, entry('disabled'))
      expect(await other.session(token, SAMPLE_TIME, null)).toBeNull()
      expect((await one.verify('li', 'a password'))?.standing.isDisabled).toBe(true)
      await one.change(li.id, { disabledAt: null, endsSessions: { but: null } }, entry('enabled'))
      expect(await other.session(token, SAMPLE_TIME, null)).toBeNull()
      expect(await changesOf(li.id)).toEqual(['enabled', 'disabled'])
    })

    test('another password, who must change it, and the session that stays are one change', async () => {
      const wang = await add('wang')
      const opening = { openedAt: SAMPLE_TIME, idleUntil: later(HOUR), until: later(HOUR), browser: '' }
      const [kept, ended] = [await one.openSession(wang.id, opening), await one.openSession(wang.id, opening)]
      const { sessionId } = (await one.session(kept, SAMPLE_TIME, null))!
      const patch = { password: { text: 'another one', mustChange: true }, endsSessions: { but: sessionId } }
      await one.change(wang.id, patch, entry('password-reset'))
      expect(await one.verify('wang', 'a password')).toBeNull()
      expect((await one.verify('wang', 'another one'))?.standing.mustChange).toBe(true)
      expect(await one.session(ended, SAMPLE_TIME, null)).toBeNull()
      expect(await one.session(kept, SAMPLE_TIME, null)).toMatchObject({ proof: 'password' })
      await one.proveSession(sessionId)
      expect(await one.session(kept, SAMPLE_TIME, null)).toMatchObject({ proof: 'code' })
    })

    test('of administrators who disable or demote each other at once on two instances one stays', async () => {
      for (let round = 0; round < 5; round++) {
        await raw.query(`update accounts set role = 'agent' where role = 'admin' and disabled_at is not null`)
        const [a, b] = [await add(`a${round}`, 'admin'), await add(`b${round}`, 'admin')]
        const left = await raw.query(`select id from accounts where role = 'admin' and disabled_at is null`)
        for (const { id } of left.rows.filter(row => row.id !== a.id && row.id !== b.id))
          await one.change(id, { disabledAt: SAMPLE_TIME }, entry('disabled'))
        const profile = { displayName: 'b', role: 'agent', department: null } as const
        const outcomes = await Promise.allSettled([
          one.change(a.id, { disabledAt: SAMPLE_TIME }, entry('disabled')),
          other.change(b.id, { profile }, entry('changed')),
        ])
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
        const refused = outcomes.find(each => each.status === 'rejected')
        expect(refused?.reason).toMatchObject({ code: 'last-administrator' })
        const changed = await Promise.all([changesOf(a.id), changesOf(b.id)])
        expect(changed.flat()).toHaveLength(1)
      }
    })

    test('what was done to accounts can be neither changed nor removed', async () => {
      for (const sql of [
        "update account_changes set by_login = 'me'",
        'delete from account_changes',
        'truncate account_changes',
      ])
        await expect(raw.query(sql)).rejects.toThrow('stay as they are')
    })

    test('a second factor is sealed, and counts once it was confirmed', async () => {
      const sun = await add('sun')
      await one.beginFactor(sun.id, 'GEZDGNBVGY3TQOJQ')
      expect([await other.pendingFactor(sun.id), await other.factor(sun.id)]).toEqual([
        'GEZDGNBVGY3TQOJQ',
        null,
      ])
      expect(await one.takeStep(sun.id, 7)).toBe(false)
      await one.setFactor(sun.id, { step: 7, recoveryCodes: ['AAAA', 'BBBB'] }, entry('factor-set'))
      expect([await other.pendingFactor(sun.id), await other.factor(sun.id)]).toEqual([
        null,
        'GEZDGNBVGY3TQOJQ',
      ])
      expect((await one.verify('sun', 'a password'))?.standing.hasFactor).toBe(true)
      const { rows } = await raw.query(
        'select accounts::text as a from accounts union select code_hash::text from recovery_codes',
      )
      const stored = JSON.stringify(rows)
      for (const secret of ['GEZDGNBVGY3TQOJQ', 'AAAA']) {
        expect(stored).not.toContain(secret)
        expect(stored).not.toContain(Buffer.from(secret).toString('hex'))
      }
    })

    test('a step of time is taken once, over all instances, and none before it', async () => {
      const sun = (await one.record({ login: 'sun' }))!
      const taken = await Promise.all(
        Array.from({ length: 12 }, (_, i) => (i % 2 ? one : other).takeStep(sun.id, 8)),
      )
      expect(taken.filter(Boolean)).toHaveLength(1)
      expect([await one.takeStep(sun.id, 7), await one.takeStep(sun.id, 9)]).toEqual([false, true])
    })

    test('a recovery code is taken once, over all instances, and leaves an entry', async () => {
      const sun = (await one.record({ login: 'sun' }))!
      const taken = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          (i % 2 ? one : other).takeRecoveryCode(sun.id, 'AAAA', entry('recovery-code-used')),
        ),
      )
      expect(taken.filter(Boolean)).toHaveLength(1)
      expect(await one.recoveryCodesLeft(sun.id)).toBe(1)
      expect(await changesOf(sun.id)).toEqual(['recovery-code-used', 'factor-set'])
      expect(await one.takeRecoveryCode(sun.id, 'CCCC', entry('recovery-code-used'))).toBe(false)
      await one.renewRecoveryCodes(sun.id, ['CCCC'], entry('recovery-codes-made'))
      expect(await one.takeRecoveryCode(sun.id, 'BBBB', entry('recovery-code-used'))).toBe(false)
      await one.change(sun.id, { removesFactor: true }, entry('factor-removed'))
      expect([await one.factor(sun.id), await one.recoveryCodesLeft(sun.id)]).toEqual([null, 0])
    })

    test('a login by an issuer is finished once, on whichever instance, while it is fresh', async () => {
      const trial = { state: 'state-1', nonce: 'n', verifier: 'v' }
      await one.keepSignOn(trial, later(MINUTE))
      const taken = await Promise.all(
        [one, other, one, other].map(each => each.takeSignOn('state-1', SAMPLE_TIME)),
      )
      expect(taken.filter(Boolean)).toEqual([trial])
      await one.keepSignOn({ ...trial, state: 'state-2' }, later(MINUTE))
      expect(await other.takeSignOn('state-2', later(MINUTE))).toBeNull()
      await one.keepSignOn({ ...trial, state: 'state-3' }, later(MINUTE))
      await one.forgetSessionsBefore(later(HOUR))
      const { rows } = await raw.query('select * from sign_ons')
      expect(rows).toEqual([])
    })
  })
}
