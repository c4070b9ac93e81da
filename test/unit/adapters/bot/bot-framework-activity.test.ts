import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressOf,
  externalIdOf,
  isAmongOthers,
  personKey,
  readAddress,
  readBotFrameworkActivity,
} from '../../../../src/adapters/bot/bot-framework-activity.ts'
import { isOfService } from '../../../../src/adapters/bot/service-hosts.ts'
import { AppError } from '../../../../src/kernel/errors.ts'

const GOOD = {
  type: 'message',
  id: '1',
  channelId: 'msteams',
  serviceUrl: 'https://smba.trafficmanager.net/emea/',
  from: { id: '29:someone' },
  recipient: { id: '28:bot', name: 'yihao' },
  conversation: { id: 'a:1', conversationType: 'personal', tenantId: 't' },
  text: '你好',
}
const RUNS = 100_000

/** Reads what was posted and uses it as the channel does. */
function use(body: unknown): 'refused' | 'read' {
  let activity: ReturnType<typeof readBotFrameworkActivity>
  try {
    activity = readBotFrameworkActivity(body)
  } catch (error) {
    if (error instanceof AppError && error.code === 'body-invalid') return 'refused'
    throw error
  }
  const address = readAddress(addressOf(activity, activity.from.id))
  expect(address.conversation.id).toBe(activity.conversation.id)
  personKey(activity, activity.from.id)
  isAmongOthers(activity)
  isOfService(activity.serviceUrl, { hosts: ['*.botframework.com'], isLocalAllowed: false })
  const id = externalIdOf(activity)
  if (id !== null) expect([...id].length).toBeLessThanOrEqual(200)
  return 'read'
}

describe('the reader of activities', () => {
  test(`reads or refuses anything, ${RUNS} times`, () => {
    const seen = { read: 0, refused: 0 }
    const field = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(null, undefined, true, 7, Number.NaN, [], {}, '__proto__', 'file:///etc/passwd'),
      fc.jsonValue({ maxDepth: 3 }),
    )
    const changed = fc
      .tuple(
        fc.constantFrom(...Object.keys(GOOD), '__proto__', 'attachments', 'membersAdded', 'value'),
        field,
      )
      .map(([name, value]) => ({ ...GOOD, [name]: value }))
    const inside = fc
      .tuple(
        fc.constantFrom('from', 'conversation', 'recipient'),
        fc.constantFrom('id', 'name', 'isGroup'),
        field,
      )
      .map(([name, key, value]) => ({
        ...GOOD,
        [name]: { ...((GOOD as never)[name] as object), [key]: value },
      }))
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue({ maxDepth: 4 }), changed, changed, inside), body => {
        seen[use(body)]++
      }),
      { numRuns: RUNS, seed: 5 },
    )
    expect(seen.read).toBeGreaterThan(RUNS / 20)
    expect(seen.refused).toBeGreaterThan(RUNS / 20)
  }, 120_000)

  test('who chooses their own id is known within one conversation only', () => {
    const key = (channelId: string, id: string) =>
      personKey(readBotFrameworkActivity({ ...GOOD, channelId, conversation: { id } }), 'someone')
    expect(key('msteams', 'a')).toBe(key('msteams', 'b'))
    for (const channel of ['webchat', 'directline', 'emulator'])
      expect(key(channel, 'a')).not.toBe(key(channel, 'b'))
    expect(key('msteams', 'a')).not.toBe(key('telegram', 'a'))
  })

  test.each([
    [{ id: 'a' }, false],
    [{ id: 'a', conversationType: 'personal', isGroup: false }, false],
    [{ id: 'a', isGroup: true }, true],
    [{ id: 'a', conversationType: 'channel' }, true],
    [{ id: 'a', conversationType: 'groupChat' }, true],
  ])('%j is among others: %s', (conversation, expected) => {
    expect(isAmongOthers(readBotFrameworkActivity({ ...GOOD, conversation }))).toBe(expected)
  })

  test('a long id keeps what differs', () => {
    const [a, b] = ['x', 'y'].map(end => externalIdOf({ id: `${'0'.repeat(500)}${end}` }))
    expect(a).not.toBe(b)
  })
})

describe('services', () => {
  const hosts = ['smba.trafficmanager.net', '*.botframework.com']
  test.each([
    ['https://smba.trafficmanager.net/emea/', true],
    ['https://SMBA.trafficmanager.net/emea/', true],
    ['https://directline.botframework.com/', true],
    ['https://a.b.botframework.com', true],
    ['https://smba.trafficmanager.net:443/', true],
    ['https://botframework.com/', false],
    ['https://xbotframework.com/', false],
    ['https://x.smba.trafficmanager.net/', false],
    ['https://smba.trafficmanager.net.evil.cn/', false],
    ['https://smba.trafficmanager.net@evil.cn/', false],
    ['https://evil.cn/?https://smba.trafficmanager.net/', false],
    ['https://evil.cn\\@smba.trafficmanager.net/', false],
    ['https://smba.trafficmanager.net:444/', false],
    ['http://smba.trafficmanager.net/', false],
    ['http://localhost:5000/', false],
    ['', false],
  ])('%s: %s', (address, expected) => {
    expect(isOfService(address, { hosts, isLocalAllowed: false })).toBe(expected)
  })

  test.each([
    ['http://localhost:5000/', true],
    ['http://127.0.0.1:5000/', true],
    ['http://[::1]:5000/', true],
    ['ftp://localhost/', false],
    ['http://localhost.evil.cn/', false],
    ['http://192.168.0.1/', false],
  ])('beside the Emulator %s: %s', (address, expected) => {
    expect(isOfService(address, { hosts, isLocalAllowed: true })).toBe(expected)
  })
})
