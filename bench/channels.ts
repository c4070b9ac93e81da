/**
 * Channels under load, on one line with an embedded database: messages a second through each as a ratio to Direct Line in the same
 * rounds; 200 people on sockets at once; a storm of the platform's repeats; the reconnection of a thousand sockets after a restart.
 *
 *   node bench/channels.ts [rounds]
 */
import { once } from 'node:events'
import { WECHAT_SETTINGS, WechatClient } from '../test/support/wechat-client.ts'
import { DirectLineClient, type OpenConversation } from './support/direct-line-client.ts'
import { SECRET, type Spawned, spawnLine, temporaryFolder, untilReady } from './support/spawn-line.ts'
import { median, quantile } from './support/statistics.ts'

const ROUNDS = Number(process.argv[2] ?? 5)
const CLIENTS = 16
const ROUND_MS = 2000
/** As many as are needed so that nobody speaks faster than the line lets one. */
const PEOPLE = 80
const MOST_EACH = 60
const TALK = [
  '人民路3号门口的路灯坏了好几天，晚上黑得看不见',
  '不留电话',
  '不提交了',
  '暖气什么时候来',
  '清楚了',
  '谢谢',
]

type Talker = () => Promise<(text: string) => Promise<unknown>>

const folder = await temporaryFolder()
let line = await start()
try {
  await compare()
  await peopleOnSockets(200)
  await storm()
  await reconnect(1000)
} finally {
  await line.stop()
  await folder.remove()
}

async function start(port?: string): Promise<Spawned> {
  const started = await spawnLine(folder.path, { ...WECHAT_SETTINGS, ...(port ? { PORT: port } : {}) })
  await untilReady(started)
  return started
}

/** How a person of each channel speaks; the first is what the others are compared to. */
function talkers(): [string, Talker][] {
  const direct = new DirectLineClient(line.url)
  return [
    [
      'direct-line',
      async () => {
        const conversation = await direct.open()
        return text => direct.say(conversation, text)
      },
    ],
    [
      'wechat',
      async () => {
        const client = new WechatClient(line.url, () => new Date())
        return text => client.say(text)
      },
    ],
  ]
}

async function compare(): Promise<void> {
  const all = talkers()
  const rates = new Map<string, number[]>(all.map(([name]) => [name, []]))
  for (let round = -1; round < ROUNDS; round++)
    for (const [name, talker] of all) {
      const rate = await messagesPerSecond(talker)
      // The first round only warms up.
      if (round >= 0) rates.get(name)!.push(rate)
    }
  const base = rates.get('direct-line')!
  for (const [name, own] of rates) {
    const ratio = median(own.map((rate, i) => rate / base[i]!))
    console.log(
      `${name.padEnd(12)} ${median(own).toFixed(0).padStart(5)} messages/s   ${ratio.toFixed(2)} of Direct Line`,
    )
  }
}

async function messagesPerSecond(talker: Talker): Promise<number> {
  const people = await Promise.all(Array.from({ length: PEOPLE }, talker))
  // What the first message of somebody costs is not what is compared.
  await Promise.all(people.map(say => say('你好')))
  const from = performance.now()
  const end = from + ROUND_MS
  let said = 0
  const speak = async () => {
    for (let say = people.pop(); say && performance.now() < end; say = people.pop())
      for (let i = 0; i < MOST_EACH && performance.now() < end; i++) {
        await say(TALK[i % TALK.length]!)
        said++
      }
  }
  await Promise.all(Array.from({ length: CLIENTS }, speak))
  return (said * 1000) / (performance.now() - from)
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
  const port = new URL(line.url).port
  await line.stop()
  line = await start(port)
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
