import nock from 'nock'
import { afterEach, describe, expect, test } from 'vitest'
import { HOUR } from '../../src/kernel/clock.ts'
import { ChannelPulses } from '../../src/usecases/channel-pulses.ts'
import type { Pulse } from '../../src/usecases/line-health-ports.ts'
import { noteAnswer, noteTurn, watchedGateway } from '../../src/usecases/watch-channel.ts'
import { type RunningChannels, startChannels } from '../support/chat-channels.ts'
import { withoutNet } from '../support/chat-house.ts'
import { useTestLine } from '../support/use-test-line.ts'

const SECRET = 'dingtalk-app-secret'
const SETTINGS = { DINGTALK_APP_KEY: 'key1', DINGTALK_APP_SECRET: SECRET, DINGTALK_ROBOT_CODE: 'robot1' }
const SAID = { key: 'x', text: '有新进展', choices: [], cards: [], expects: 'nothing' as const }
const CONTACT = { conversationId: 'dingtalk.x', channel: 'dingtalk', address: 'staff1', isGone: false }

const lines = useTestLine()
withoutNet()
let running: RunningChannels | undefined
afterEach(() => running?.stop())

/** What was counted, as it would be written down. */
async function told(pulses: ChannelPulses): Promise<Pulse[]> {
  const written: Pulse[] = []
  await pulses.flush({ addPulses: async rows => void written.push(...rows) })
  return written
}

describe('what a channel does is counted', () => {
  const api = () => nock('https://api.dingtalk.com')

  test('when the vendor refuses us: in its words, without a secret', async () => {
    const { line } = lines.fresh()
    running = await startChannels(line, SETTINGS)
    nock.enableNetConnect('127.0.0.1')
    api().persist().post('/v1.0/oauth2/accessToken').reply(400, { code: 'invalidClientIdOrSecret' })
    await expect(running.senders.get('dingtalk')!.send(CONTACT, [SAID], 'zh-Hans')).rejects.toThrow()
    const [pulse] = await told(running.pulses)
    expect(pulse).toMatchObject({
      channel: 'dingtalk',
      answered: 0,
      tokenAt: null,
      failedAt: line.clock.now(),
    })
    expect(pulse!.failed).toBeGreaterThan(0)
    expect(pulse!.failure).toContain('was refused with invalidClientIdOrSecret')
    expect(pulse!.failure).not.toContain(SECRET)
  })

  test('when a token is given and news goes out', async () => {
    const { line } = lines.fresh()
    running = await startChannels(line, SETTINGS)
    api().post('/v1.0/oauth2/accessToken').reply(200, { accessToken: 't', expireIn: 7200 })
    api().post('/v1.0/robot/oToMessages/batchSend').reply(200, { processQueryKey: 'q' })
    expect(await running.senders.get('dingtalk')!.send(CONTACT, [SAID], 'zh-Hans')).toBe('sent')
    expect(await told(running.pulses)).toMatchObject([
      { channel: 'dingtalk', answered: 1, failed: 0, tokenAt: line.clock.now() },
    ])
  })

  test('of turns, answers and short messages, each by its channel', async () => {
    const { line } = lines.fresh()
    const pulses = new ChannelPulses(line.clock)
    noteTurn(pulses, { channel: 'web-chat', outcome: 'done' })
    noteTurn(pulses, { channel: 'web-chat', outcome: 'repeat' })
    noteTurn(pulses, { channel: 'web-chat', outcome: 'failed' })
    noteAnswer(pulses, { method: 'POST', route: '/open311/v2/requests.:format', status: 201 })
    noteAnswer(pulses, { method: 'POST', route: '/open311/v2/requests.:format', status: 400 })
    noteAnswer(pulses, { method: 'POST', route: '/channels/wecom', status: 403 })
    noteAnswer(pulses, { method: 'GET', route: '/api/desk/line/health', status: 500 })
    const message = { to: '13800138000' } as never
    const gateway = watchedGateway(
      { send: async () => Promise.reject(new Error('no answer for 13800138000')) },
      pulses,
    )
    await expect(gateway.send(message)).rejects.toThrow()
    expect(await told(pulses)).toMatchObject([
      { channel: 'web-chat', heard: 2, answered: 1, failed: 1 },
      { channel: 'open311', heard: 1, answered: 1, failed: 0 },
      { channel: 'wecom', heard: 0, failed: 1, failure: 'POST /channels/wecom was answered with 403' },
      { channel: 'sms', failed: 1, failure: 'no answer for [phone]' },
    ])
  })

  test('and what could not be written down is written with the next', async () => {
    const { line } = lines.fresh()
    const pulses = new ChannelPulses(line.clock)
    pulses.heard('wechat')
    await expect(pulses.flush({ addPulses: async () => Promise.reject(new Error('away')) })).rejects.toThrow()
    line.clock.advance(HOUR)
    pulses.heard('wechat')
    expect(await told(pulses)).toMatchObject([{ channel: 'wechat', heard: 2, heardAt: line.clock.now() }])
    expect(await told(pulses)).toEqual([])
  })
})
