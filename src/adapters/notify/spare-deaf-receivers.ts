import type { Clock } from '../../kernel/clock.ts'
import type { WebhookSender } from '../../usecases/notice-ports.ts'

/** Longest pause for one that fails again and again, in milliseconds. */
const LONGEST_PAUSE = 60_000
/** Addresses remembered; whoever is forgotten is only tried once more. */
const MOST = 10_000

interface Deaf {
  failures: number
  /** Instant in milliseconds until which it is left alone. */
  until: number
  error: unknown
}

/**
 * Leaves a receiver alone for 1 s, 2 s, 4 s … a minute after each failure in a row: what is for it fails at once with the same error,
 * and so takes nobody's time. The first success ends it. Each process learns it for itself.
 */
export function spareDeafReceivers(sender: WebhookSender, clock: Clock): WebhookSender {
  const deaf = new Map<string, Deaf>()
  const now = () => clock.now().getTime()
  return {
    check: url => sender.check(url),
    async send(delivery) {
      const known = deaf.get(delivery.url)
      if (known && now() < known.until) throw known.error
      try {
        await sender.send(delivery)
      } catch (error) {
        const failures = (known?.failures ?? 0) + 1
        const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** failures)
        deaf.delete(delivery.url)
        deaf.set(delivery.url, { failures, until: now() + pause, error })
        if (deaf.size > MOST) deaf.delete(deaf.keys().next().value!)
        throw error
      }
      deaf.delete(delivery.url)
    },
  }
}
