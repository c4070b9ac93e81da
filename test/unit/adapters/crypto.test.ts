import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadMasterKey } from '../../../src/adapters/crypto/master-key.ts'
import { fitsPassword, hashPassword, isOutdatedHash } from '../../../src/adapters/crypto/passwords.ts'
import { createVault } from '../../../src/adapters/crypto/vault.ts'

const PERSON = { name: '王秀兰', phone: '13800138000', channel: 'web', channelUserId: 'u1' }

describe('the vault', () => {
  const vault = createVault(Buffer.alloc(32, 1))

  test('opens what it sealed, and seals the same person differently each time', () => {
    const sealed = vault.seal('case-1', PERSON)
    expect(vault.open('case-1', sealed)).toEqual(PERSON)
    expect(vault.seal('case-1', PERSON)).not.toEqual(sealed)
  })

  test('refuses another case, another key, and any changed byte', () => {
    const sealed = vault.seal('case-1', PERSON)
    expect(() => vault.open('case-2', sealed)).toThrow()
    expect(() => createVault(Buffer.alloc(32, 2)).open('case-1', sealed)).toThrow()
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      expect(() => vault.open('case-1', changed)).toThrow()
    }
  })

  test('knows a person again, without mixing up channel and id', () => {
    const key = (channel: string, channelUserId: string) =>
      vault.userKey({ channel, channelUserId }).toString('hex')
    expect(key('web', 'u1')).toBe(key('web', 'u1'))
    expect(key('we', 'bu1')).not.toBe(key('web', 'u1'))
    expect(createVault(Buffer.alloc(32, 2)).userKey(PERSON).toString('hex')).not.toBe(key('web', 'u1'))
  })

  test('takes no key of another length', () => {
    expect(() => createVault(Buffer.alloc(16))).toThrow(RangeError)
  })
})

describe('the master key', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'yihao-key-'))
  })
  afterEach(() => rm(dataDir, { recursive: true }))

  test('is made once, for its owner only, and the same for all who start at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadMasterKey({ dataDir })))
    for (const key of keys) expect(key).toEqual(keys[0])
    expect(keys[0]).toHaveLength(32)
    const file = join(dataDir, 'master.key')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file, 'utf8')).toBe(`${keys[0]!.toString('base64')}\n`)
    await chmod(dataDir, 0o700)
  })

  test('from DATA_KEY leaves no file', async () => {
    const key = Buffer.alloc(32, 5)
    expect(await loadMasterKey({ dataDir, dataKey: key.toString('base64') })).toEqual(key)
    await expect(stat(join(dataDir, 'master.key'))).rejects.toThrow()
  })

  test.each([
    ['DATA_KEY', 'c2hvcnQ='],
    ['master.key', ''],
  ])('of a wrong length in %s is refused', async (source, text) => {
    if (source === 'master.key') await writeFile(join(dataDir, source), text)
    const options = source === 'DATA_KEY' ? { dataDir, dataKey: text } : { dataDir }
    await expect(loadMasterKey(options)).rejects.toThrow(source)
  })
})

test('a password fits its own hash only, and nothing fits no hash', async () => {
  const stored = await hashPassword('正确的密码')
  expect(await fitsPassword('正确的密码', stored)).toBe(true)
  expect(await fitsPassword('错误的密码', stored)).toBe(false)
  expect(await fitsPassword('正确的密码', null)).toBe(false)
  expect(await hashPassword('正确的密码')).not.toBe(stored)
})

/** Made by scrypt, as all were before, of `correct horse`; and by Argon2id at lower costs. */
const SCRYPT = 'scrypt$32768$8$MDEyMzQ1Njc4OWFiY2RlZg==$puHF8wsl4P5tR3JANsCleZiOQes+05KY2PoHbUEpMGQ='
const CHEAP = '$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MjZP1+1U9JUbDWvDvtLyEsZiNXOKEUxfi6O2oe46uxA'

test.each([
  ['scrypt', SCRYPT],
  ['Argon2id at lower costs', CHEAP],
])('a hash by %s still fits and is outdated', async (_name, stored) => {
  expect(await fitsPassword('correct horse', stored)).toBe(true)
  expect(await fitsPassword('wrong horse', stored)).toBe(false)
  expect(isOutdatedHash(stored)).toBe(true)
})

test('a hash of today is by Argon2id at the costs that OWASP asks for', async () => {
  const stored = await hashPassword('correct horse')
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(isOutdatedHash(stored)).toBe(false)
})
