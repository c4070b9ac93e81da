import { setTimeout as sleep } from 'node:timers/promises'
import nock from 'nock'
import { fetchPost } from './post.ts'
import { VendorPlatform } from './vendor-platform.ts'
import { dingtalkPerson, type PlaceSent, type VendorPerson, type WiredTo } from './vendor-wires.ts'

const HOSTS = [
  'https://qyapi.weixin.qq.com',
  'https://oapi.dingtalk.com',
  'https://api.dingtalk.com',
  'https://open.feishu.cn',
]

const platform = new VendorPlatform()

/** Puts the platform behind the vendors' own addresses; for as long as nock is not cleaned. */
export function answerAsVendors(): void {
  const reply = async (request: Request) => {
    const { pathname: path, searchParams: query } = new URL(request.url)
    const answer = platform.answer({ path, query, body: await request.text() })
    return answer ? ([200, answer] as const) : ([404] as const)
  }
  for (const host of HOSTS) {
    const vendor = nock(host).persist()
    vendor.get(/.*/).reply(reply)
    vendor.post(/.*/).reply(reply)
  }
}

/** Somebody who was never here: says something and sees what the line says to it. */
export interface VendorTalker {
  say(text: string): Promise<string>
  /** Null where this vendor's robots are sent no locations. */
  sendPlace: ((place: PlaceSent) => Promise<string>) | null
}

export interface TalkedTo {
  /** Of the running line. */
  url: string
  now(): Date
}

/** Speaks as this person of a vendor does. */
export function vendorTalker(
  { url, now }: TalkedTo,
  personOf: (wired: WiredTo) => VendorPerson,
): VendorTalker {
  const person = personOf({ post: fetchPost(url), now, platform })
  const sent: string[] = []
  platform.onArrival(person.address, text => void sent.push(text))
  const { sendPlace } = person
  return {
    say: async text => (await person.say(text)) || arriving(sent),
    sendPlace: sendPlace ? async place => (await sendPlace(place)) || arriving(sent) : null,
  }
}

/** Somebody in DingTalk who is answered in the conversation they wrote in. */
export const dingtalkPersonInChat = (wired: WiredTo): VendorPerson =>
  dingtalkPerson(wired, address => `https://oapi.dingtalk.com/robot/sendBySession?session=${address}`)

/** What was sent since the last look, once something was and nothing more comes; empty when nothing comes at all. */
async function arriving(sent: string[]): Promise<string> {
  const end = performance.now() + 3000
  for (let quiet = 0, before = 0; quiet < 4; await sleep(10)) {
    if (performance.now() > end) break
    quiet = sent.length > 0 && sent.length === before ? quiet + 1 : 0
    before = sent.length
  }
  return sent.splice(0).join('\n')
}
