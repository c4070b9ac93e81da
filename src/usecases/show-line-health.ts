import type { Channel } from '../cases/channels.ts'
import type { Locale } from '../language/understanding.ts'
import { SILENT } from './channel-pulses.ts'
import type { Line } from './line.ts'
import type { LineInstance, Pulse } from './line-health-ports.ts'
import { checkAdministrator, type DeadLetters } from './mend-deliveries.ts'
import type { Account } from './ports.ts'

/** Is a channel on, and which settings would turn it on? */
export interface ChannelSetUp {
  channel: Channel
  isOn: boolean
  /** Names of settings, never what stands in them. */
  missing: string[]
}

/** A queue with work that waits. */
export interface WaitingWork {
  queue: string
  waiting: number
  /** Since when the first of it waits. */
  oldestAt: Date | null
}

/** What the page is made of besides the line. */
export interface HealthParts {
  channels: readonly ChannelSetUp[]
  /** Null: there is no Redis. */
  probes: { database(): Promise<Probe>; redis: (() => Promise<Probe>) | null }
  queues: { waiting(): Promise<WaitingWork[]> }
  letters: DeadLetters
  /** This process. */
  self: Omit<LineInstance, 'seenAt'>
}

/** A part of the line that answers in so many milliseconds, or not. */
export interface Probe {
  isUp: boolean
  milliseconds: number
}

export interface LineHealth {
  database: Probe
  redis: Probe | null
  queues: WaitingWork[]
  /** By queue; a thousand letters at most are counted. */
  deadLetters: Record<string, number>
  /** How long the first alarm that is due has waited to be rung; 0 when none waits. */
  sweepLagMs: number
  lastAnchor: string | null
  instances: (LineInstance & { isSelf: boolean })[]
  channels: (ChannelSetUp & Omit<Pulse, 'channel'> & { name: string })[]
}

/** Numbers of the channels are those of so long. */
export const RECENT_MS = 24 * 3_600_000
/** An instance that has not been seen for so long is gone. */
const GONE_MS = 60_000
const MOST_LETTERS = 1000

/** How the line does now. What cannot be asked while the database is away is left empty. @throws AppError `action-forbidden` */
export async function showLineHealth(
  line: Pick<Line, 'store' | 'clock' | 'names'>,
  account: Account,
  parts: HealthParts,
  locale: Locale,
): Promise<LineHealth> {
  checkAdministrator(account)
  const { store, clock } = line
  const now = clock.now()
  const [database, redis] = await Promise.all([parts.probes.database(), parts.probes.redis?.() ?? null])
  const ask = <T>(question: () => Promise<T>, otherwise: T) =>
    database.isUp ? question().catch(() => otherwise) : otherwise
  const [queues, letters, due, anchor, instances, pulses] = await Promise.all([
    ask(() => parts.queues.waiting(), []),
    ask(() => parts.letters.deadLetters(MOST_LETTERS), []),
    ask(() => store.dueClocks(now, 1), []),
    ask(() => store.anchors.last(), null),
    ask(() => store.health.instances(new Date(now.getTime() - GONE_MS)), []),
    ask(() => store.health.pulses(new Date(now.getTime() - RECENT_MS)), []),
  ])
  const known = new Map(pulses.map(({ channel, ...pulse }) => [channel, pulse]))
  const self = { ...parts.self, seenAt: now }
  return {
    database,
    redis,
    queues,
    deadLetters: Object.fromEntries(
      Array.from(
        Map.groupBy(letters, ({ name }) => name),
        ([name, of]) => [name, of.length],
      ),
    ),
    sweepLagMs: due[0] ? Math.max(0, now.getTime() - due[0].alarmAt.getTime()) : 0,
    lastAnchor: anchor?.day ?? null,
    instances: [self, ...instances.filter(({ id }) => id !== self.id)].map(each => ({
      ...each,
      isSelf: each.id === self.id,
    })),
    channels: parts.channels.map(each => ({
      ...SILENT,
      ...known.get(each.channel),
      ...each,
      name: line.names.channel(each.channel, locale),
    })),
  }
}
