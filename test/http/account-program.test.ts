import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { urlOf } from '../support/database-server.ts'
import { runProgram } from '../support/run-program.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

describe('npm run account', () => {
  let home: TestStore
  let dataDir: string

  beforeAll(async () => {
    home = await createTestStore()
    dataDir = await mkdtemp(join(tmpdir(), 'yihao-account-'))
  })
  afterAll(async () => {
    await home.drop()
    await rm(dataDir, { recursive: true, force: true })
  })

  const account = (...args: string[]) =>
    runProgram('account', args, { env: { DATABASE_URL: urlOf(home.connection), DATA_DIR: dataDir } })
  const passwordIn = (out: string) => /^password {2}(\S+)$/m.exec(out)?.[1] ?? ''

  test('adds people as the page does, and helps when no administrator can come in', async () => {
    const added = await account('add', '--login', 'Boss', '--role', 'admin', '--name', '管理员')
    expect(added.code).toBe(0)
    const { accounts } = home.store
    const known = await accounts.verify('boss', passwordIn(added.out))
    expect(known?.standing.mustChange).toBe(true)
    expect(await account('disable', '--login', 'boss')).toMatchObject({
      code: 2,
      err: 'nobody would be left who may administrate\n',
    })
    const reset = await account('reset-password', '--login', 'boss')
    expect(await accounts.verify('boss', passwordIn(reset.out))).not.toBeNull()
    const changes = await accounts.changes({ accountId: known!.account.id, limit: 9 })
    expect(changes.map(({ change, by }) => `${change} ${by}`)).toEqual([
      'password-reset console',
      'added console',
    ])
    expect((await account('list')).out).toContain('boss                 admin')
  }, 60_000)

  test.each([
    [['add', '--login', 'boss', '--role', 'agent'], 'this login is taken'],
    [['add', '--login', 'li', '--role', 'handler'], 'a handler needs --department'],
    [
      ['add', '--login', 'li', '--role', 'agent', '--department', 'housing-construction'],
      'has no department',
    ],
    [['add', '--login', 'li', '--role', 'handler', '--department', 'nowhere'], 'no department "nowhere"'],
    [['enable', '--login', 'nobody'], 'no account "nobody"'],
    [['enable'], '--login is missing'],
    [['fire'], 'no command "fire"'],
  ])('%j is refused: %s', async (args, said) => {
    const { code, err } = await account(...args)
    expect([code, err.includes(said)]).toEqual([2, true])
  })
})
