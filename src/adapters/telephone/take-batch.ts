import { AppError } from '../../kernel/errors.ts'
import type { TakenEvents } from '../../usecases/take-call-events.ts'
import { type RefusedEvent, readBatch, type Vendor } from './read-events.ts'
import type { TelephoneOptions } from './telephone-options.ts'

/** What the sender of a batch is told. */
export interface BatchAnswer {
  /** Of the only call that the batch is about. */
  ack?: number
  /** For each call up to which number everything is stored. */
  acks: Record<string, number>
  /** Calls that have gaps below their highest number: the ranges that are missing. */
  missing?: Record<string, [first: number, last: number][]>
  refused: RefusedEvent[]
}

/**
 * Takes what can be taken of a body or a frame and says what became of it.
 * @throws AppError `body-invalid` when there are no events in it at all, `store-unavailable` when nothing was taken
 */
export async function takeBatch(
  sent: unknown,
  vendor: Vendor | null,
  { intake }: Pick<TelephoneOptions, 'intake'>,
): Promise<BatchAnswer> {
  const batch = readBatch(sent, vendor)
  if (!batch) throw new AppError('body-invalid', { expected: 'events' })
  const taken = await intake.take(
    batch.events.map(({ event }) => event),
    batch.resume,
  )
  const refused = taken.refused.map(({ index, reason }): RefusedEvent => {
    const { event, index: place } = batch.events[index]!
    const seq = typeof event.seq === 'number' ? { seq: event.seq } : {}
    return { index: place, reason, callId: event.callId, ...seq }
  })
  return {
    ...receiptsAnswer(taken),
    refused: [...batch.refused, ...refused].sort((one, other) => one.index - other.index),
  }
}

/** Receipts as they are told. */
export function receiptsAnswer({ receipts }: Pick<TakenEvents, 'receipts'>): Omit<BatchAnswer, 'refused'> {
  const known = [...receipts]
  const missing = known.filter(([, receipt]) => receipt.missing.length > 0)
  return {
    ...(known.length === 1 ? { ack: known[0]![1].ack } : {}),
    acks: Object.fromEntries(known.map(([callId, { ack }]) => [callId, ack])),
    ...(missing.length > 0
      ? { missing: Object.fromEntries(missing.map(([callId, receipt]) => [callId, receipt.missing])) }
      : {}),
  }
}
