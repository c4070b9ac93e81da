import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '../../src/usecases/ports.ts'
import { deskClient } from '../support/desk-client.ts'
import { accountOf, type Desk, type Filed, fileOne, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'
import { call } from './start-line.ts'

const REPORT = { type: 'report', words: '人民路3号门口的路灯是施工队偷电弄坏的，我要举报' }

describe('who looked', () => {
  const lines = useTestLine()
  let desk: Desk
  let running: WiredDesk
  let report: Filed
  let li: Account

  beforeAll(async () => {
    desk = lines.fresh()
    running = await startWiredDesk(desk.line)
    report = await fileOne(desk, REPORT)
    const person = {
      login: 'li',
      displayName: '李伟',
      role: 'handler',
      department: 'urban-management',
    } as const
    li = await desk.line.store.accounts.add(person, 'a password')
  })
  afterAll(() => running.stop())

  async function at(account: Account) {
    running.accounts.seat(account)
    return deskClient(running.url)
  }

  test('at a confidential case stands there, people and machines, the newest first', async () => {
    const supervisor = await at(accountOf('supervisor'))
    const path = `/cases/${report.case.id}/looks`
    expect((await supervisor.get(path)).json).toEqual({ rows: [] })
    expect((await (await at(li)).get(`/cases/${report.case.id}`)).status).toBe(200)
    desk.line.clock.advance(1000)
    const wanted = { name: '城管系统', role: 'handler', department: 'urban-management' }
    const made = await (await at(accountOf('admin'))).post('/keys', wanted)
    await call(running.url, `/api/desk/cases/${report.case.id}`, { token: made.json.secret })
    expect((await (await at(accountOf('admin'))).get(path)).json.rows).toEqual([
      { login: 'key:城管系统', displayName: '城管系统', at: '2026-11-24T02:00:01.000Z' },
      { login: 'li', displayName: '李伟', at: '2026-11-24T02:00:00.000Z' },
    ])
  })

  test('at the person of an ordinary case, too; at an ordinary case it is nobody s business', async () => {
    const { case: lamp } = await fileOne(desk)
    const client = await at(li)
    await client.get(`/cases/${lamp.id}`)
    const supervisor = await at(accountOf('supervisor'))
    expect((await supervisor.get(`/cases/${lamp.id}/looks`)).json.rows).toEqual([])
    await (await at(li)).post(`/cases/${lamp.id}/person`, {})
    const after = await (await at(accountOf('supervisor'))).get(`/cases/${lamp.id}/looks`)
    expect(after.json.rows.map(({ login }: { login: string }) => login)).toEqual(['li'])
  })

  test.each([
    ['the handler', accountOf('handler', 'urban-management')],
    ['an agent', accountOf('agent')],
    ['an arbiter', accountOf('arbiter')],
  ])('%s is not told', async (_, account) => {
    const answer = await (await at(account)).get(`/cases/${report.case.id}/looks`)
    expect([answer.status, answer.json.error.code]).toEqual([403, 'action-forbidden'])
  })

  test('of a case that there is not nothing is told', async () => {
    const answer = await (await at(accountOf('supervisor'))).get('/cases/nothing/looks')
    expect(answer.json.error.code).toBe('case-not-found')
  })
})
