import { BotFrameworkPerson } from '../../test/support/bot-framework-person.ts'
import type { Post } from '../../test/support/post.ts'
import { freshNumber, SMS_SECRET, smsUp } from '../../test/support/sms-client.ts'
import {
  dingtalkPerson,
  feishuPerson,
  VENDOR_SETTINGS,
  type VendorPerson,
  wechatKfPerson,
  wecomPerson,
} from '../../test/support/vendor-wires.ts'
import { WECHAT_SETTINGS, WechatClient } from '../../test/support/wechat-client.ts'
import { answeredTalker, type Talker } from './answered-talker.ts'
import { DirectLineClient } from './direct-line-client.ts'
import { keptPost } from './kept-post.ts'
import { OPEN311_SETTINGS, openMatters } from './open311-program.ts'
import { callTeller, TELEPHONE_SETTINGS, UTTERANCES_AT_ONCE } from './telephone-system.ts'
import { type ServedPlatform, SMS_PATH } from './vendor-platform.ts'

/** One way by which people reach the line. */
export interface MeasuredChannel {
  name: string
  /** What is counted, and how many of it are done at each saying. */
  unit: 'messages' | 'utterances' | 'requests'
  perSaying: number
  /** Nobody says more than this, so that nobody speaks faster than the line lets one. */
  mostEach: number
  /** Somebody who was never here. */
  person(): Promise<Talker>
}

/** Switches on every channel, with what the vendors are called by on this machine. */
export function channelSettings(platformUrl: string): Record<string, string> {
  return {
    ...WECHAT_SETTINGS,
    ...VENDOR_SETTINGS,
    ...TELEPHONE_SETTINGS,
    ...OPEN311_SETTINGS,
    WECHAT_API_URL: platformUrl,
    WECOM_API_URL: platformUrl,
    DINGTALK_API_URL: platformUrl,
    FEISHU_API_URL: platformUrl,
    SMS_UP_PATH: SMS_SECRET,
    SMS_GATEWAY: 'http',
    SMS_GATEWAY_URL: `${platformUrl}${SMS_PATH}`,
    SMS_GATEWAY_KEY: 'key-of-the-gateway-here',
    // Nobody's token is needed then; the service address may be on this machine.
    BOT_EMULATOR: 'true',
    NODE_ENV: 'development',
  }
}

const ORDINARY = { unit: 'messages', perSaying: 1, mostEach: 60 } as const
/** A number gets twenty answers an hour; the first message is not among the measured ones. */
const MOST_BY_SMS = 19

/** Every channel of the line at this address; the first is what the others are compared to. */
export function measuredChannels(lineUrl: string, served: ServedPlatform): MeasuredChannel[] {
  const { post } = keptPost(lineUrl)
  const now = () => new Date()
  const wired = { post, now, platform: served.platform }
  const talker = (person: VendorPerson) => answeredTalker(person, served.platform)
  const chat = (name: string, person: () => VendorPerson): MeasuredChannel => ({
    name,
    ...ORDINARY,
    person: async () => talker(person()),
  })
  const direct = new DirectLineClient(lineUrl)
  return [
    { name: 'direct-line', ...ORDINARY, person: () => directLineTalker(direct) },
    chat('wechat', () => {
      const client = new WechatClient(lineUrl, now, post)
      return { address: client.openId, say: text => client.say(text) }
    }),
    chat('wecom', () => wecomPerson(wired)),
    chat('wechat-kf, one account', () => wechatKfPerson(wired, 'wk')),
    chat('wechat-kf, an account each', () => wechatKfPerson(wired)),
    chat('dingtalk', () => dingtalkPerson(wired)),
    chat('feishu', () => feishuPerson(wired)),
    chat('bot-framework', () => botFrameworkPerson(post, served.url)),
    { ...chat('sms', () => smsPerson(post)), mostEach: MOST_BY_SMS },
    {
      ...ORDINARY,
      name: 'telephone',
      unit: 'utterances',
      perSaying: UTTERANCES_AT_ONCE,
      person: () => callTeller(post),
    },
    { ...ORDINARY, name: 'open311', unit: 'requests', person: async () => openMatters(post) },
  ]
}

async function directLineTalker(client: DirectLineClient): Promise<Talker> {
  const conversation = await client.open()
  return async text => {
    const [answer] = await client.ask(conversation, text)
    if (!answer?.text) throw new Error('somebody on Direct Line was not answered')
  }
}

function botFrameworkPerson(post: Post, serviceUrl: string): VendorPerson {
  const person = new BotFrameworkPerson('webchat', serviceUrl)
  return {
    address: person.conversationId,
    async say(text) {
      const { status } = await post('/api/messages', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(person.activity({ text })),
      })
      if (status !== 200) throw new Error(`the connector was answered with ${status}`)
      return ''
    },
  }
}

function smsPerson(post: Post): VendorPerson {
  const address = freshNumber()
  return {
    address,
    async say(text) {
      const body = JSON.stringify([smsUp(address, text)])
      const headers = { 'content-type': 'application/json;charset=utf-8' }
      const { status } = await post(`/channels/sms/${SMS_SECRET}`, { headers, body })
      if (status !== 200) throw new Error(`the provider was answered with ${status}`)
      return ''
    },
  }
}
