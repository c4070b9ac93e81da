/**
 * Full turns a second through HTTP (Direct Line, understanding, dialog, one transaction on the embedded database, a reply)
 * against a bare echo behind the same server and bot adapter, in interleaved rounds. The ratio is the figure.
 * What is said is a mix: greetings, questions, matters that are filed to the end, looks at how far they are.
 *
 *   node bench/turns.ts [rounds] [clients]
 */
import { type SpawnedServer, spawnedServer } from '../src/cli/spawned-line.ts'
import { DirectLineClient, type OpenConversation } from './support/direct-line-client.ts'
import { measuredLine, SECRET, temporaryFolder } from './support/measured-line.ts'
import { median, quantile } from './support/statistics.ts'

const ROUNDS = Number(process.argv[2] ?? 7)
const CLIENTS = Number(process.argv[3] ?? 16)
const ROUND_MS = 2000

/** What people say one after another. A matter is filed by its fourth message, then looked at. */
const TALKS = [
  [
    '你好',
    '人民路3号的路灯坏了好几天，晚上黑得看不见，老人摔了一跤',
    '不留电话',
    '没问题，提交',
    '查进度',
    '谢谢',
  ],
  ['锦绣花园楼下饭店的油烟天天往家里灌，开不了窗', '不留电话', '没问题，提交', '查进度'],
  ['暖气什么时候来', '清楚了', '居住证怎么办', '清楚了', '谢谢'],
  ['小区门口垃圾三天没人收，都臭了，在李石街道人民路', '不留电话', '没问题，提交', '查进度', '催一下'],
]

interface Round {
  perSecond: number
  milliseconds: number[]
}

const folder = await temporaryFolder()
const line = await measuredLine(folder.path)
const echo = await spawnedServer('bench/support/echo-server.ts', { DIRECT_LINE_SECRET: SECRET })
try {
  await line.start()
  await echo.start()
  await tellTheMix(line)
  await compare()
} finally {
  await line.stop()
  await echo.stop('SIGKILL')
  await folder.remove()
}

async function compare(): Promise<void> {
  const rounds: Record<'line' | 'echo', Round[]> = { line: [], echo: [] }
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, server] of [
      ['line', line],
      ['echo', echo],
    ] as const) {
      const result = await talk(server, round < 0 ? 100 : (rounds[name].at(-1)?.perSecond ?? 400))
      // The first round only warms up.
      if (round >= 0) rounds[name].push(result)
    }
  }
  const ratios = rounds.line.map((each, i) => each.perSecond / rounds.echo[i]!.perSecond)
  for (const name of ['line', 'echo'] as const) {
    const milliseconds = rounds[name].flatMap(each => each.milliseconds)
    console.log(
      `${name.padEnd(5)} ${median(rounds[name].map(each => each.perSecond))
        .toFixed(0)
        .padStart(5)} turns/s with ${CLIENTS} clients  ` +
        `median ${median(milliseconds).toFixed(1)} ms  p99 ${quantile(milliseconds, 0.99).toFixed(1)} ms`,
    )
  }
  console.log(`ratio ${median(ratios).toFixed(2)}   (${ratios.map(each => each.toFixed(2)).join(' ')})`)
}

/** One round: clients take conversations from a store of open ones, so that opening is not counted. */
async function talk(server: SpawnedServer, expectedPerSecond: number): Promise<Round> {
  const client = new DirectLineClient(server.url)
  const needed = Math.ceil((expectedPerSecond * 1.3 * ROUND_MS) / 1000 / 5) + CLIENTS
  const ready = await openMany(client, needed)
  const milliseconds: number[] = []
  const start = performance.now()
  const end = start + ROUND_MS
  let talks = 0
  const speak = async () => {
    while (performance.now() < end) {
      const conversation = ready.pop() ?? (await client.open())
      for (const text of TALKS[talks++ % TALKS.length]!) {
        if (performance.now() >= end) return
        const asked = performance.now()
        await client.say(conversation, text)
        milliseconds.push(performance.now() - asked)
      }
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, speak))
  const perSecond = (milliseconds.length * 1000) / (performance.now() - start)
  client.close()
  return { perSecond, milliseconds }
}

async function openMany(client: DirectLineClient, count: number): Promise<OpenConversation[]> {
  const open: OpenConversation[] = []
  let left = count
  const work = async () => {
    while (left-- > 0) open.push(await client.open())
  }
  await Promise.all(Array.from({ length: CLIENTS }, work))
  return open
}

/** What the line answers to each talk: a benchmark of misunderstandings would say nothing. */
async function tellTheMix(server: SpawnedServer): Promise<void> {
  const client = new DirectLineClient(server.url)
  for (const talk of TALKS) {
    const conversation = await client.open()
    const keys: string[] = []
    for (const text of talk) {
      const said = await client.ask(conversation, text)
      keys.push(said.map(({ channelData }) => channelData?.key).join(' + '))
    }
    console.log(`mix: ${keys.join(' → ')}`)
  }
  client.close()
}
