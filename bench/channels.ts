/**
 * Channels under load, on one line with an embedded database: what goes through each a second as a ratio to Direct Line in the same
 * rounds, a message when its person has been answered; 200 people on sockets at once; a storm of the platform's repeats; the
 * reconnection of a thousand sockets after a restart.
 *
 *   node bench/channels.ts [rounds]
 */
import { once } from 'node:events'
import { WechatClient } from '../test/support/wechat-client.ts'
import { compareChannels } from './support/compare-channels.ts'
import { DirectLineClient, type OpenConversation } from './support/direct-line-client.ts'
import { channelSettings, measuredChannels } from './support/measured-channels.ts'
import { measuredLine, SECRET, temporaryFolder } from './support/measured-line.ts'
import { median, quantile } from './support/statistics.ts'
import { TALK } from './support/talk.ts'
import { servePlatform } from './support/vendor-platform.ts'

const ROUNDS = Number(process.argv[2] ?? 5)
const CLIENTS = 16

const folder = await temporaryFolder()
const served = await servePlatform()
const line = await measuredLine(folder.path, channelSettings(served.url))
try {
  await line.start()
  await compareChannels(measuredChannels(line.url, served), ROUNDS)
  for (const problem of served.problems) throw problem
  await peopleOnSockets(200)
  await storm()
  await reconnect(1000)
} finally {
  await line.stop()
  await served.close()
  await folder.remove()
}

/** Each says something every two seconds, as people do, and waits for the answer on the socket. */
async function peopleOnSockets(count: number): Promise<void> {
  const client = new DirectLineClient(line.url)
  const milliseconds: number[] = []
  const people: Follower[] = []
  for (let i = 0; i < count; i++) people.push(await follow(await client.open()))
  await Promise.all(
    people.map(async (person, i) => {
      await pause((i / count) * 2000)
      for (const text of TALK.slice(0, 5)) {
        const asked = performance.now()
        const answered = person.next()
        await client.say(person.conversation, text)
        milliseconds.push((await answered) - asked)
        await pause(Math.max(0, 2000 - (performance.now() - asked)))
      }
    }),
  )
  for (const { socket } of people) socket.close()
  console.log(
    `${count} people on sockets, ${(milliseconds.length / 10).toFixed(0)} messages/s: answer p50 ${median(milliseconds).toFixed(0)} ms, p99 ${quantile(milliseconds, 0.99).toFixed(0)} ms`,
  )
}

interface Follower {
  conversation: OpenConversation
  socket: WebSocket
  seen: Set<string>
  /** When the next thing that the line says arrives. */
  next(): Promise<number>
}

async function follow(conversation: OpenConversation, watermark?: string): Promise<Follower> {
  const { streamUrl } = (await fetch(
    `${line.url}/v3/directline/conversations/${conversation.id}?${watermark === undefined ? '' : `watermark=${watermark}`}`,
    { headers: { authorization: `Bearer ${SECRET}` } },
  ).then(response => response.json())) as { streamUrl: string }
  const socket = new WebSocket(streamUrl)
  const waiting: ((at: number) => void)[] = []
  const seen = new Set<string>()
  socket.onmessage = ({ data }) => {
    if (!data) return
    for (const activity of (
      JSON.parse(String(data)) as { activities: { id: string; type: string; from: { role: string } }[] }
    ).activities) {
      if (activity.type !== 'message') continue
      seen.add(activity.id)
      if (activity.from.role === 'bot') waiting.shift()?.(performance.now())
    }
  }
  await once(socket as never, 'open')
  return {
    conversation,
    socket,
    seen,
    next: () => new Promise(resolve => waiting.push(resolve)),
  }
}

/** Each message three times, a hundred messages a second; how many cases came out of it? */
async function storm(): Promise<void> {
  const people = Array.from({ length: 100 }, () => new WechatClient(line.url, () => new Date()))
  let failed = 0
  let numbers = 0
  let id = 8_000_000_000_000_000_000n
  for (const [i, text] of [...TALK.slice(0, 2), '没问题，提交'].entries()) {
    await Promise.all(
      people.map(async (person, nth) => {
        await pause(nth * 10)
        const message = {
          MsgType: 'text',
          Content: i === 0 ? `人民路${1000 + nth}号门口的路灯坏了好几天` : text,
          MsgId: String(id++),
        }
        const answers = await Promise.all([1, 2, 3].map(() => person.post(message)))
        if (new Set(answers.map(({ status, said }) => `${status}${said}`)).size !== 1) failed++
        numbers += /编号/.test(answers[0]!.said) ? 1 : 0
      }),
    )
  }
  console.log(
    `repeats: 300 messages three times each at 100 messages/s; ${numbers} of 100 cases filed once, ${failed} answers differed`,
  )
}

/** The line ends and starts again; each socket goes on from what it saw. */
async function reconnect(count: number): Promise<void> {
  const client = new DirectLineClient(line.url)
  const people: Follower[] = []
  const open = async () => {
    while (people.length < count) people.push(await follow(await client.open()))
  }
  await Promise.all(Array.from({ length: CLIENTS }, open))
  const before = people.slice(0, count)
  await line.stop()
  await line.start()
  const from = performance.now()
  const again: Follower[] = []
  let left = count
  const resume = async () => {
    while (left-- > 0) {
      const person = before[left]!
      again.push(await follow(person.conversation, '1'))
    }
  }
  await Promise.all(Array.from({ length: 64 }, resume))
  const seconds = (performance.now() - from) / 1000
  const missed = await countMissed(again)
  for (const { socket } of again) socket.close()
  console.log(
    `${count} sockets after a restart: all served again ${seconds.toFixed(1)} s after it was ready, ${missed} missed something`,
  )
}

/** Everybody says one more thing and must hear its answer. */
async function countMissed(people: Follower[]): Promise<number> {
  const client = new DirectLineClient(line.url)
  let missed = 0
  let left = people.length
  const work = async () => {
    while (left-- > 0) {
      const person = people[left]!
      const heard = person.next()
      await client.say(person.conversation, '谢谢')
      const isHeard = await Promise.race([heard.then(() => true), pause(10_000).then(() => false)])
      if (!isHeard) missed++
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, work))
  return missed
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}
