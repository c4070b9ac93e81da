import type { CallEvent } from './call-event.ts'
import { type CallRefusal, type HeardCall, hearCall, unheardCall } from './hear-call.ts'
import type { Line } from './line.ts'
import { ackOf, gapsOf } from './received-seqs.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** How far a call was received. */
export interface CallReceipt {
  /** All events with numbers from 1 to this one are safe, whatever happens; 0: none. */
  ack: number
  /** Ranges of numbers that are missing below the highest one received. */
  missing: [first: number, last: number][]
}

export interface TakenEvents {
  receipts: Map<string, CallReceipt>
  /** Places in the list of events. */
  refused: { index: number; reason: CallRefusal }[]
}

/** Events of one call with their places in the list of all. */
type Group = { event: CallEvent; index: number }[]

/**
 * Takes events of any calls, in the order of their coming. When it has returned they are stored; only then anybody is told of them.
 * @param asked more calls whose receipts are wanted; 0 for those that are not known
 * @throws AppError `store-unavailable`; then nothing was taken
 */
export async function takeCallEvents(
  line: Line,
  events: readonly CallEvent[],
  asked: readonly string[],
): Promise<TakenEvents> {
  if (events.length + asked.length === 0) return { receipts: new Map(), refused: [] }
  const groups = new Map<string, Group>(asked.map(callId => [callId, []]))
  for (const [index, event] of events.entries()) {
    const group = groups.get(event.callId)
    if (group) group.push({ event, index })
    else groups.set(event.callId, [{ event, index }])
  }
  const heard = await tryAgainOnConflict(line, () => hearAndSave(line, groups))
  tell(line, heard)
  const refused = heard.flatMap(({ call, refused }) =>
    refused.map(({ index, reason }) => ({ index: groups.get(call.id)![index]!.index, reason })),
  )
  const receipts = new Map(heard.map(({ call }) => [call.id, receiptOf(call)] as const))
  return { receipts, refused: refused.sort((one, other) => one.index - other.index) }
}

async function hearAndSave(line: Line, groups: ReadonlyMap<string, Group>): Promise<HeardCall[]> {
  const wanted = [...groups].map(([callId, group]) => ({
    callId,
    utteranceIds: group.flatMap(({ event }) => ('utteranceId' in event ? [event.utteranceId] : [])),
  }))
  const loaded = await line.store.phoneCalls.load(wanted)
  const known = new Map(loaded.map(each => [each.call.id, each]))
  const now = line.clock.now()
  const heard = [...groups].map(([callId, group]) => {
    const { call, finals } = known.get(callId) ?? {
      call: unheardCall(callId, now),
      finals: new Set<string>(),
    }
    const events = group.map(({ event }) => event)
    const after = hearCall(call, events, finals, now)
    // Whoever wants to follow a call can do so from its first word on.
    const isNew = call.version === 0 && events.length > 0
    return { after, isChanged: isNew || isChanged(call, after) }
  })
  // What only repeats needs no write.
  const changed = heard.filter(each => each.isChanged)
  if (changed.length > 0) await line.store.phoneCalls.save(changed.map(({ after }) => after))
  return heard.map(({ after }) => after)
}

function isChanged(before: HeardCall['call'], { call, finals, news }: HeardCall): boolean {
  return before.received !== call.received || finals.length > 0 || news.some(({ kind }) => kind === 'call')
}

/** Nobody waits for it: who follows a call looks into the store when in doubt. */
function tell({ bus }: Line, heard: readonly HeardCall[]): void {
  for (const { call, news } of heard) {
    if (news.length === 0) continue
    const message = { topic: 'call', callId: call.id, position: call.lastPosition } as const
    // The doorbell comes after what it rings for.
    void bus.trail.add(call.id, news).then(() => bus.publish([message]))
  }
}

function receiptOf({ received }: HeardCall['call']): CallReceipt {
  return { ack: ackOf(received), missing: gapsOf(received) }
}
