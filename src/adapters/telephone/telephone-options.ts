// Brings `summary` and `hide` into route schemas, and `websocket` into route options.
import type {} from '@fastify/swagger'
import type {} from '@fastify/websocket'
import type { CallEvent } from '../../usecases/call-event.ts'
import type { CallReceipt, TakenEvents } from '../../usecases/take-call-events.ts'

export interface TelephoneOptions {
  /** Whoever has it may tell of calls; null: the channel is off. */
  secret: string | null
  /** When it has returned the events are stored. @throws AppError `store-unavailable` */
  take(events: readonly CallEvent[]): Promise<TakenEvents>
  /** How far these calls were received. @throws AppError `store-unavailable` */
  receipts(callIds: readonly string[]): Promise<Map<string, CallReceipt>>
  /** Counts one against a rule. @throws AppError `rate-limited` */
  limit(rule: 'wrong-secret-by-address', key: string): Promise<void>
}
