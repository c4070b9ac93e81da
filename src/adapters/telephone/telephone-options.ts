// Brings `summary` and `hide` into route schemas, and `websocket` into route options.
import type {} from '@fastify/swagger'
import type {} from '@fastify/websocket'
import type { CallEvent } from '../../usecases/call-event.ts'
import type { TakenEvents } from '../../usecases/take-call-events.ts'

export interface TelephoneOptions {
  /** Whoever has it may tell of calls; null: the channel is off. */
  secret: string | null
  /** Where events go, e.g. a `CallIntake`. */
  intake: {
    /**
     * When it has returned the events are stored.
     * @param asked more calls whose receipts are wanted
     * @throws AppError `store-unavailable`
     */
    take(events: readonly CallEvent[], asked: readonly string[]): Promise<TakenEvents>
  }
  /** Counts one against a rule. @throws AppError `rate-limited` */
  limit(rule: 'wrong-secret-by-address', key: string): Promise<void>
}
