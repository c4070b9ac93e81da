import { type Clock, HOUR } from '../kernel/clock.ts'
import { scrub } from '../kernel/logger.ts'
import type { HealthStore, Pulse, PulseTaker } from './line-health-ports.ts'

const LONGEST_FAILURE = 300

/** Counts what happens on the channels of this instance, and writes it down now and then: a turn waits for nothing. */
export class ChannelPulses implements PulseTaker {
  readonly #clock: Clock
  #pulses = new Map<string, Pulse>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  heard(channel: string): void {
    const pulse = this.#of(channel)
    pulse.heard++
    pulse.heardAt = this.#clock.now()
  }

  answered(channel: string): void {
    const pulse = this.#of(channel)
    pulse.answered++
    pulse.answeredAt = this.#clock.now()
  }

  failed(channel: string, error: unknown): void {
    const pulse = this.#of(channel)
    pulse.failed++
    pulse.failedAt = this.#clock.now()
    pulse.failure = scrub(wordsOf(error)).slice(0, LONGEST_FAILURE)
  }

  tokenGiven(channel: string): void {
    this.#of(channel).tokenAt = this.#clock.now()
  }

  /** Writes down what was counted. What cannot be written now is tried again with the next. */
  async flush(store: Pick<HealthStore, 'addPulses'>): Promise<void> {
    const counted = this.#pulses
    if (counted.size === 0) return
    this.#pulses = new Map()
    const hour = new Date(Math.floor(this.#clock.now().getTime() / HOUR) * HOUR)
    try {
      await store.addPulses([...counted.values()], hour)
    } catch (error) {
      for (const [channel, pulse] of counted) this.#addBack(channel, pulse)
      throw error
    }
  }

  #addBack(channel: string, before: Pulse): void {
    const now = this.#pulses.get(channel)
    this.#pulses.set(channel, now ? sum(before, now) : before)
  }

  #of(channel: string): Pulse {
    const known = this.#pulses.get(channel)
    if (known) return known
    const fresh: Pulse = { ...SILENT, channel }
    this.#pulses.set(channel, fresh)
    return fresh
  }
}

/** Of a channel on which nothing has happened. */
export const SILENT: Omit<Pulse, 'channel'> = {
  heard: 0,
  answered: 0,
  failed: 0,
  heardAt: null,
  answeredAt: null,
  failedAt: null,
  failure: null,
  tokenAt: null,
}

function sum(before: Pulse, now: Pulse): Pulse {
  return {
    channel: now.channel,
    heard: before.heard + now.heard,
    answered: before.answered + now.answered,
    failed: before.failed + now.failed,
    heardAt: now.heardAt ?? before.heardAt,
    answeredAt: now.answeredAt ?? before.answeredAt,
    failedAt: now.failedAt ?? before.failedAt,
    failure: now.failure ?? before.failure,
    tokenAt: now.tokenAt ?? before.tokenAt,
  }
}

/** Messages of our own errors name the host and the vendor's code; addresses, which hold tokens, never stand in them. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return `${error.message}${cause}`
}
