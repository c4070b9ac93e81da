import nock from 'nock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toWgs84 } from '../../src/language/coordinate-systems.ts'
import { answerAsBotFramework, BOT_SETTINGS, BotFrameworkClient } from '../support/bot-framework-client.ts'
import { type RunningChannels, startChannels } from '../support/chat-channels.ts'
import { SMS_SETTINGS, SmsClient } from '../support/sms-client.ts'
import { type Desk, useTestLine } from '../support/use-test-line.ts'
import { answerAsVendors, dingtalkPersonInChat, vendorTalker } from '../support/vendor-talkers.ts'
import {
  feishuPerson,
  locationOf,
  type PlaceSent,
  VENDOR_SETTINGS,
  wechatKfPerson,
  wecomPerson,
} from '../support/vendor-wires.ts'
import { WECHAT_SETTINGS, WechatClient } from '../support/wechat-client.ts'
import { call } from './start-line.ts'

const lines = useTestLine()
const SECRET = 'the-secret-of-direct-line'
const SETTINGS = {
  DIRECT_LINE_SECRET: SECRET,
  ...WECHAT_SETTINGS,
  ...VENDOR_SETTINGS,
  ...SMS_SETTINGS,
  ...BOT_SETTINGS,
}

let desk: Desk
let running: RunningChannels
beforeAll(async () => {
  desk = lines.fresh()
  running = await startChannels(desk.line, SETTINGS)
  answerAsBotFramework()
  answerAsVendors()
})
afterAll(async () => {
  nock.restore()
  await running?.stop()
})

/** What somebody does: says something, or sends a location. */
type Done = string | PlaceSent
/** Somebody on a channel: does something and sees what the line says to it, as lines of text. */
type Talker = (done: Done) => Promise<string[]>

/** Each channel, as its own client uses it; another channel is a line here. */
const CHANNELS: readonly [string, () => Promise<Talker>][] = [
  ['wechat', async () => wechatTalker()],
  ['wecom', async () => talkerOf(wecomPerson)],
  ['wechat-kf', async () => talkerOf(wechatKfPerson)],
  ['dingtalk', async () => talkerOf(dingtalkPersonInChat)],
  ['feishu', async () => talkerOf(feishuPerson)],
  ['bot-framework, with cards and buttons', async () => botFrameworkTalker('webchat')],
  ['bot-framework, with buttons', async () => botFrameworkTalker('telegram')],
  ['bot-framework, with nothing but text', async () => botFrameworkTalker('sms')],
]

function talkerOf(personOf: Parameters<typeof vendorTalker>[1]): Talker {
  const talker = vendorTalker({ url: running.url, now: () => desk.line.clock.now() }, personOf)
  return async done => linesOf(await (typeof done === 'string' ? talker.say(done) : talker.sendPlace!(done)))
}

function wechatTalker(): Talker {
  const client = new WechatClient(running.url, () => desk.line.clock.now())
  return async done =>
    linesOf(typeof done === 'string' ? await client.say(done) : (await client.post(locationOf(done))).said)
}

/** As the schema of the Bot Framework has it: by WGS-84, with its label as the name. */
function placeActivity({ label: name, longitude, latitude }: PlaceSent) {
  const [x, y] = toWgs84([longitude, latitude], 'GCJ-02')
  const geo = { type: 'GeoCoordinates', longitude: x, latitude: y }
  return { text: '', entities: [{ type: 'Place', name, geo }] }
}

function botFrameworkTalker(channelId: string): Talker {
  const client = new BotFrameworkClient(running.url, channelId)
  return async done =>
    (await client.ask(typeof done === 'string' ? { text: done } : placeActivity(done))).flatMap(
      ({ text: said, suggestedActions, attachments }) => [
        ...linesOf(said),
        ...(suggestedActions?.actions ?? []).map(({ title }) => title),
        // Markdown's signs are escaped in cards.
        ...(attachments ?? []).map(({ content }) => JSON.stringify(content.body).replaceAll('\\\\', '')),
      ],
    )
}

interface Seen {
  text: string
  suggestedActions?: { actions: { title: string }[] }
  channelData?: {
    cards?: { number: string; queryCode?: string; departmentName: string; statusText: string }[]
  }
}

/** Direct Line is what the others are compared to: its activities have everything in fields. */
async function directLineTalker(): Promise<Talker> {
  const { json } = await call(running.url, '/v3/directline/conversations', { token: SECRET, body: {} })
  return async done => {
    const said = typeof done === 'string' ? { text: done } : placeActivity(done)
    const answer = await call(running.url, `/v3/directline/conversations/${json.conversationId}/activities`, {
      token: json.token,
      body: { type: 'message', ...said, from: { id: 'dl_someone' }, deliveryMode: 'expectReplies' },
    })
    const seen = answer.json.activities as Seen[]
    return [
      ...seen.flatMap(({ text }) => linesOf(text)),
      ...(seen.at(-1)?.suggestedActions?.actions ?? []).map(({ title }) => title),
      ...seen.flatMap(({ channelData }) =>
        (channelData?.cards ?? []).flatMap(card => [card.departmentName, card.statusText]),
      ),
    ]
  }
}

const linesOf = (text: string) => text.split('\n').filter(line => line.trim() !== '')

const LOCATION = 'a location whose label sounds like a matter'
/** DingTalk's robots are sent no locations. */
const WITHOUT_LOCATIONS = ['dingtalk']

function placeSent(): PlaceSent {
  return { label: `人民路${houses++}号门口路灯不亮了`, longitude: 123.763, latitude: 41.824 }
}

/** What a person says; each house is used once, so that nobody is anybody's neighbour. */
let houses = 500
const TALKS: readonly [string, () => Done[]][] = [
  [
    'two matters',
    () => [
      `人民路${houses++}号半夜施工太吵了，楼道灯也坏了`,
      '分别登记',
      '13800138000',
      '没问题，提交',
      '查进度',
    ],
  ],
  ['a question', () => ['办身份证要带什么', '清楚了']],
  ['something unclear', () => ['那个事', '算了']],
  ['an emergency', () => [`人民路${houses++}号着火了`, '不留电话']],
  [LOCATION, () => [placeSent(), '这儿的井盖丢了好几天，晚上太危险了', '不留电话', '没问题，提交']],
  ['in Traditional characters', () => [`人民路${houses++}號門口路燈不亮了`, '不留電話', '沒問題，提交']],
  ['in English', () => [`The street light at Renmin Road ${houses++} is broken`, 'skip']],
]

describe.each(CHANNELS)('%s shows what Direct Line shows', (name, talker) => {
  const talks = TALKS.filter(([what]) => what !== LOCATION || !WITHOUT_LOCATIONS.includes(name))

  test.each(talks)('%s', async (_what, talk) => {
    const [here, there] = [await talker(), await directLineTalker()]
    const [mine, theirs] = [talk(), talk()]
    for (const [i, done] of mine.entries()) {
      const shown = bare(await here(done))
      for (const line of bare(await there(theirs[i]!))) expect(shown.join('\n')).toContain(line)
    }
  })
})

/** On this channel nobody asks for the phone, so its person's counterpart tells it when asked, and the two go on together. */
describe('SMS shows what Direct Line shows to somebody whose phone is known', () => {
  const OF_PHONE = ['13800138000', '不留电话', '不留電話', 'skip']
  // In an emergency the phone is told in the same breath; what SMS shows then is in sms.test.ts.
  const talks = TALKS.filter(([what]) => what !== 'an emergency' && what !== LOCATION) as [
    string,
    () => string[],
  ][]

  test.each(talks)('%s', async (_what, talk) => {
    const client = new SmsClient(running.url, desk)
    const there = tellingPhone(await directLineTalker(), client.number)
    const told = (texts: string[]) => texts.filter(text => !OF_PHONE.includes(text))
    const [mine, theirs] = [told(talk()), told(talk())]
    for (const [i, text] of mine.entries()) {
      const shown = bare(linesOf(await client.say(text)))
      for (const line of bare(await there(theirs[i]!))) expect(shown.join('\n')).toContain(line)
    }
  })

  function tellingPhone(talker: Talker, phone: string): Talker {
    const questions = (['zh-Hans', 'zh-Hant', 'en'] as const).map(
      locale => linesOf(desk.line.content.texts.of(locale, 'file-matter.ask-phone'))[0]!,
    )
    return async done => {
      const shown = await talker(done)
      return shown.some(line => questions.includes(line)) ? talker(phone) : shown
    }
  }
})

/** Without what differs from case to case: numbers, codes, houses. */
function bare(shown: string[]): string[] {
  return shown.map(line => line.replace(/\d{6} ?\d{5} ?\d|[A-Z0-9]{8}|\d{3}(?=号|號)|(?<=Road )\d{3}/g, '…'))
}
