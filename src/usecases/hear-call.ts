import { DAY, MINUTE } from '../kernel/clock.ts'
import type { CallEvent } from './call-event.ts'
import type { CallNews, FinalUtterance, PhoneCall, SpokenUtterance } from './phone-call-ports.ts'
import { addSeq, hasSeq } from './received-seqs.ts'

/** So long after its end a call still takes what was said: recognisers finish late, and queues send again. */
const LATE_MS = DAY
/** A sender that leaves more gaps than this is to fill them first. */
const MOST_GAPS = 200
/** Clocks may differ so much; a call that starts later than that starts now. */
const SKEW_MS = MINUTE

/** Why an event was not taken. */
export type CallRefusal = 'call-over' | 'too-many-gaps'

/** A call after some events, and what came of them. */
export interface HeardCall {
  call: PhoneCall
  finals: FinalUtterance[]
  news: CallNews[]
  /** Places in the list of events. */
  refused: { index: number; reason: CallRefusal }[]
}

/** A call of which nothing is stored yet. */
export function unheardCall(id: string, now: Date): PhoneCall {
  const unknown = { direction: null, ani: null, dnis: null, queue: null, agentId: null, locale: null }
  return {
    id,
    ...unknown,
    startedAt: null,
    end: null,
    received: [],
    lastPosition: 0,
    version: 0,
    heardAt: now,
  }
}

/**
 * What a call is after these events, in the order in which they came. Events may come twice, late and out of order: a number that was
 * received is not heard again, the first start and the first end count, a final utterance never changes. Utterances are known by their
 * id: one that is new is heard under whatever number it comes, since numbers are only for order and for what is to be sent again.
 * @param finals ids of the events' utterances that are final already
 */
export function hearCall(
  call: PhoneCall,
  events: readonly CallEvent[],
  finals: ReadonlySet<string>,
  now: Date,
): HeardCall {
  const hearing = new Hearing({ ...call, heardAt: now }, finals, now)
  events.forEach((event, index) => {
    hearing.hear(event, index)
  })
  return hearing
}

class Hearing implements HeardCall {
  readonly finals: FinalUtterance[] = []
  readonly news: CallNews[] = []
  readonly refused: HeardCall['refused'] = []
  call: PhoneCall
  readonly #isFinal: Set<string>
  readonly #now: Date

  constructor(call: PhoneCall, finals: ReadonlySet<string>, now: Date) {
    this.call = call
    this.#isFinal = new Set(finals)
    this.#now = now
  }

  hear(event: CallEvent, index: number): void {
    const seq = event.seq ?? null
    if (seq !== null) {
      if (hasSeq(this.call.received, seq) && !this.#isNewFinal(event)) return
      const received = addSeq(this.call.received, seq)
      if (received.length > MOST_GAPS) return void this.refused.push({ index, reason: 'too-many-gaps' })
      this.call = { ...this.call, received }
    }
    // Its number counts all the same: it would be refused however often it came.
    if (this.#isOver()) return void this.refused.push({ index, reason: 'call-over' })
    this.#take(event)
  }

  #take(event: CallEvent): void {
    switch (event.type) {
      case 'call.started':
        return this.#start(event)
      case 'call.agentChanged':
        return this.#change(event.agentId ?? null)
      case 'call.ended':
        return this.#end(event)
      case 'utterance.partial':
        return this.#partial(spoken(event))
      case 'utterance.final':
        return this.#final(spoken(event))
      case 'unreadable':
        return
    }
  }

  #start(event: Extract<CallEvent, { type: 'call.started' }>): void {
    if (this.call.startedAt !== null) return
    const { direction, ani = null, dnis = null, queue = null, locale = null } = event
    const isFromFuture = event.startedAt.getTime() > this.#now.getTime() + SKEW_MS
    const startedAt = isFromFuture ? this.#now : event.startedAt
    // A change of agents may have come before the start.
    const agentId = this.call.agentId ?? event.agentId ?? null
    this.call = { ...this.call, direction, ani, dnis, queue, locale, agentId, startedAt }
    this.news.push({ kind: 'call' })
  }

  #change(agentId: string | null): void {
    if (this.call.end || this.call.agentId === agentId) return
    this.call = { ...this.call, agentId }
    this.news.push({ kind: 'call' })
  }

  #end(event: Extract<CallEvent, { type: 'call.ended' }>): void {
    if (this.call.end) return
    const { reason = null, durationMs = null, recordingRef = null } = event
    this.call = { ...this.call, end: { heardAt: this.#now, reason, durationMs, recordingRef } }
    this.news.push({ kind: 'call' })
  }

  #partial(utterance: SpokenUtterance): void {
    if (this.call.end || this.#isFinal.has(utterance.utteranceId)) return
    this.news.push({ kind: 'partial', utterance })
  }

  #final(utterance: SpokenUtterance): void {
    if (this.#isFinal.has(utterance.utteranceId)) return
    this.#isFinal.add(utterance.utteranceId)
    const position = this.call.lastPosition + 1
    const final = { ...utterance, position }
    this.call = { ...this.call, lastPosition: position }
    this.finals.push(final)
    this.news.push({ kind: 'final', utterance: final })
  }

  #isNewFinal(event: CallEvent): boolean {
    return event.type === 'utterance.final' && !this.#isFinal.has(event.utteranceId)
  }

  #isOver(): boolean {
    const { end } = this.call
    return end !== null && this.#now.getTime() - end.heardAt.getTime() > LATE_MS
  }
}

function spoken(
  event: Extract<CallEvent, { type: 'utterance.partial' | 'utterance.final' }>,
): SpokenUtterance {
  const { utteranceId, revision, role, text, beginMs, endMs, confidence = null } = event
  return { utteranceId, revision, role, text, beginMs, endMs, confidence }
}
