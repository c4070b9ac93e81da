import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Answer } from './request-log.ts'

/** What is counted, without anything that tells of a person. */
export interface Metrics {
  registry: Registry
  /** For the bot's `onTurn`. */
  onTurn(turn: { channel: string; seconds: number; outcome: 'done' | 'repeat' | 'failed' }): void
  onAnswer(answer: Answer): void
  onRefusal(code: string, status: number): void
  /** For a channel's `onSocket`. */
  onSocket(change: 1 | -1): void
}

const TURN_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Prometheus metrics. What counts is asked at each scrape; when it fails the gauges keep what they showed. */
export function createMetrics(
  countCases?: () => Promise<CaseCounts>,
  countDeadLetters?: () => Promise<number>,
  chats?: ChatGauges,
): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const turns = new Histogram({
    name: 'yihao_turn_seconds',
    help: 'Turns of conversations, from the channel to the commit.',
    labelNames: ['channel', 'outcome'],
    buckets: TURN_BUCKETS,
    registers,
  })
  const answers = new Histogram({
    name: 'yihao_http_seconds',
    help: 'Answers by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.01, 0.05, 0.25, 1, 5],
    registers,
  })
  const refusals = new Counter({
    name: 'yihao_refusals_total',
    help: 'Refused requests by error code.',
    labelNames: ['code', 'status'],
    registers,
  })
  const sockets = new Gauge({ name: 'yihao_open_sockets', help: 'Open sockets of this instance.', registers })
  if (countCases) addCaseGauges(registry, countCases)
  if (countDeadLetters) addDeadLetterGauge(registry, countDeadLetters)
  if (chats) addChatGauges(registry, chats)

  return {
    registry,
    onTurn: ({ channel, outcome, seconds }) => turns.observe({ channel, outcome }, seconds),
    onAnswer: ({ method, route, status, seconds }) => answers.observe({ method, route, status }, seconds),
    onRefusal: (code, status) => refusals.inc({ code, status }),
    onSocket: change => sockets.inc(change),
  }
}

type CaseCounts = { open: number; overdue: number; warned: number; byState: Record<string, number> }

function addDeadLetterGauge(registry: Registry, count: () => Promise<number>): void {
  new Gauge({
    name: 'yihao_dead_letters',
    help: 'Deliveries that failed every time and wait for somebody; a thousand at most.',
    registers: [registry],
    async collect() {
      const letters = await count().catch(() => null)
      if (letters !== null) this.set(letters)
    },
  })
}

/** What is counted of chats in which a person is called or talks. */
export interface ChatGauges {
  now(): Date
  count(): Promise<{ waiting: number; held: number; oldestAskedAt: Date | null }>
}

function addChatGauges(registry: Registry, { now, count }: ChatGauges): void {
  const counts = shared(count)
  const add = (
    name: string,
    help: string,
    read: (counted: Awaited<ReturnType<ChatGauges['count']>>) => number,
  ) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const counted = await counts()
        if (counted) this.set(read(counted))
      },
    })
  add('yihao_chats_waiting', 'Chats that wait for a person.', ({ waiting }) => waiting)
  add('yihao_chats_held', 'Chats that a person has.', ({ held }) => held)
  add(
    'yihao_chats_longest_wait_seconds',
    'How long the chat that asked first has been waiting for a person; zero when none waits.',
    ({ oldestAskedAt }) => (oldestAskedAt ? (now().getTime() - oldestAskedAt.getTime()) / 1000 : 0),
  )
}

/** All gauges of one scrape share one question to the store; null when it cannot be answered. */
function shared<T>(ask: () => Promise<T>): () => Promise<T | null> {
  let asked: Promise<T | null> | null = null
  return () => {
    asked ??= ask()
      .catch(() => null)
      .finally(() => {
        asked = null
      })
    return asked
  }
}

function addCaseGauges(registry: Registry, countCases: () => Promise<CaseCounts>): void {
  const counts = shared(countCases)
  const add = (name: string, help: string, read: (counts: CaseCounts) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const current = await counts()
        if (current) this.set(read(current))
      },
    })
  add('yihao_cases_open', 'Open cases.', ({ open }) => open)
  add('yihao_cases_overdue', 'Open cases past their due time.', ({ overdue }) => overdue)
  add('yihao_cases_warned', 'Open cases past their first warning.', ({ warned }) => warned)
  new Gauge({
    name: 'yihao_cases',
    help: 'Cases by state.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const current = await counts()
      for (const [state, count] of Object.entries(current?.byState ?? {})) this.set({ state }, count)
    },
  })
}
