import type { CaseState, Stage } from '../cases/case-state.ts'
import type { EventType } from '../cases/workflow.ts'

/**
 * What may be known of a case without asking whose it is, before it is made coarse: nothing of the person, none of their words. Never
 * of a report, of what was told in confidence, of a danger to somebody, or of what its teller took back.
 */
export interface PublicCase {
  id: string
  number: string
  state: CaseState
  stage: Stage
  type: string
  subject: string | null
  place: string | null
  street: string | null
  lead: string | null
  filedAt: Date
  changedAt: Date
  /** The promise that runs now. */
  dueAt: Date | null
  /** Where the place is, WGS-84; null when the place has been corrected since. */
  at: [longitude: number, latitude: number] | null
}

export interface PublicCaseFilter {
  jurisdiction: string
  /** These only, whatever else is asked. */
  numbers?: readonly string[]
  /** Subjects, each with what is below it; null stands for cases that have none yet. */
  subjects?: readonly (string | null)[]
  states?: readonly CaseState[]
  /** Filed from … */
  from?: Date
  /** … to, inclusive. */
  to?: Date
  limit: number
  offset: number
}

/** One thing that happened to a public case. */
export interface PublicEvent {
  number: string
  seq: number
  type: EventType
  at: Date
}

export interface PublicEventFilter {
  jurisdiction: string
  numbers?: readonly string[]
  types: readonly EventType[]
  /** Happened from … to, inclusive. */
  from: Date
  to: Date
  limit: number
  offset: number
}

/** Cases as anybody may see them. */
export interface PublicCaseStore {
  /** Newest first. */
  list(filter: PublicCaseFilter): Promise<PublicCase[]>
  /** What happened to public cases, in order of time. */
  events(filter: PublicEventFilter): Promise<PublicEvent[]>
}
