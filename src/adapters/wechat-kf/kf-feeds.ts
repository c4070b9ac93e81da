import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { FeedStore } from '../../usecases/channel-ports.ts'
import { VendorRefusal } from '../chat/call-vendor.ts'
import type { KfPage } from './kf-api.ts'

const RETRY_AFTER_MS = 1000
const RETRY_AT_MOST_EVERY_MS = 60_000

export interface KfFeedParts {
  channel: string
  feeds: FeedStore
  fetch(account: string, at: { cursor: string; token: string }): Promise<KfPage>
  /**
   * Hears one message; the next waits for it.
   * @param tries how often this page has failed before
   * @throws when the page must be fetched again
   */
  hear(raw: unknown, page: { since: Date; tries: number }): Promise<void>
  clock: Clock
  logger: Logger
  /** Pause after the first failure, doubled at each further one; shorter in tests. */
  retryAfterMs?: number
}

interface Pull {
  token: string
  isRungAgain: boolean
}

/**
 * Fetches what customers did, an account at a time, and moves the cursor only when all of a page was heard. Whoever dies in between
 * begins with the same page again: messages and answers carry ids, so nothing is lost and nothing is twice, also when two instances
 * fetch the same.
 */
export class KfFeeds {
  readonly #parts: KfFeedParts
  readonly #pulls = new Map<string, Pull>()
  readonly #underway = new Set<Promise<void>>()
  readonly #closing = new AbortController()

  constructor(parts: KfFeedParts) {
    this.#parts = parts
  }

  /** There is something to fetch. Returns when it is remembered that there is; the fetching goes on, also when it could not be. */
  async ring(account: string, token: string): Promise<void> {
    const { feeds, channel, clock } = this.#parts
    try {
      await feeds.begin(channel, account, clock.now())
    } finally {
      this.#pull(account, token)
    }
  }

  /** Fetches what came while nobody was there, or was not heard to its end. */
  async resume(): Promise<void> {
    for (const { feed } of await this.#parts.feeds.all(this.#parts.channel)) this.#pull(feed, '')
  }

  /** Finishes the message underway; the rest is fetched again by whoever comes next. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled(this.#underway)
  }

  #pull(account: string, token: string): void {
    const running = this.#pulls.get(account)
    if (running) {
      Object.assign(running, { token, isRungAgain: true })
      return
    }
    const pull = { token, isRungAgain: false }
    this.#pulls.set(account, pull)
    const work = this.#run(account, pull).finally(() => this.#underway.delete(work))
    this.#underway.add(work)
  }

  async #run(account: string, pull: Pull): Promise<void> {
    for (let tries = 0; !this.#closing.signal.aborted; ) {
      pull.isRungAgain = false
      const isDone = await this.#drain(account, pull.token, tries).catch(error =>
        this.#onFailure(error, pull),
      )
      tries = isDone ? 0 : tries + 1
      if (isDone && !pull.isRungAgain) break
      if (!isDone) await this.#pause(tries)
    }
    // In the same tick as the last look at `isRungAgain`, so that no ring is lost between.
    this.#pulls.delete(account)
  }

  /** True when it is of no use to try again before the next ring. */
  #onFailure(error: unknown, pull: Pull): boolean {
    const { logger, channel } = this.#parts
    if (!(error instanceof VendorRefusal)) {
      logger.warn({ err: error }, `${channel}: messages could not be fetched or heard; they will be again`)
      return false
    }
    const isWithoutToken = pull.token === ''
    if (isWithoutToken) logger.error({ err: error }, `${channel}: the account's messages may not be fetched`)
    // The token of a callback is good for ten minutes only.
    pull.token = ''
    return isWithoutToken
  }

  async #pause(tries: number): Promise<void> {
    const { retryAfterMs = RETRY_AFTER_MS } = this.#parts
    const pause = Math.min(retryAfterMs * 2 ** (tries - 1), RETRY_AT_MOST_EVERY_MS)
    await sleep(pause, undefined, { signal: this.#closing.signal }).catch(() => {})
  }

  async #drain(account: string, token: string, tries: number): Promise<boolean> {
    const { feeds, channel, fetch, hear, clock } = this.#parts
    for (;;) {
      const { cursor, since } = await feeds.begin(channel, account, clock.now())
      const page = await fetch(account, { cursor, token })
      for (const raw of page.messages) {
        if (this.#closing.signal.aborted) return true
        await hear(raw, { since, tries })
      }
      const isFurther = page.nextCursor !== '' && page.nextCursor !== cursor
      if (isFurther) await feeds.move(channel, account, { from: cursor, to: page.nextCursor })
      if (!page.hasMore || !isFurther) return true
    }
  }
}
