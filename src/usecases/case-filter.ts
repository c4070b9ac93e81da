import type { Awaited } from '../cases/awaited.ts'
import type { SupervisionLevel } from '../cases/case-inputs.ts'
import type { Light } from '../clocks/stage-clock.ts'
import type { IdGiver } from './external-id-ports.ts'

/** Whose light is meant: the promise's, or that of what is due first of promise and signing, as lanes count it. */
export type LightOf = 'promise' | 'next'

/** Which cases a list, or a number that opens one, is about. */
export interface CaseFilter {
  states?: readonly string[]
  /** Cases that this department leads or co-handles. */
  department?: string
  subjectPrefix?: string
  grade?: string
  type?: string
  channel?: string
  /** Filed by this person of a channel. */
  filedBy?: IdGiver
  /** Filed, or changed, at this instant or after it. */
  filedSince?: Date
  changedSince?: Date
  /** Due before this instant. */
  dueBefore?: Date
  /** Told by at least so many people. */
  peopleAtLeast?: number
  /** What the light shows at an instant, of the promise that runs or of what is due first of it and the signing; green is also where nothing is owed. */
  light?: { is: Light; of: LightOf; at: Date }
  /** Words that stand in the number, the summary or the place. */
  search?: string
  /** Not over yet, joined ones included. */
  isOpen?: boolean
  /** Where: a street's id, a community's name. */
  street?: string
  community?: string
  /** These only. */
  ids?: readonly string[]
  /** Due at this instant or after it. */
  dueFrom?: Date
  /** Suspended until a review before this instant. */
  reviewBefore?: Date
  awaits?: Awaited
  /** Something has spoken against its latest reply since; see `doubtsOf`. */
  doubtfulSince?: Date
  /** Under a supervision order; `late` is unanswered past its due time at an instant. */
  order?: { level?: SupervisionLevel; is?: 'answered' | 'unanswered' | 'late'; at: Date }
  /** Returned by a department since, and then passed to another, or to nobody yet. */
  passed?: { by: string; to: string | null; since: Date }
  /** Has the resident said that it was not done, and has it come back for that? */
  isReworked?: boolean
  includeConfidential: boolean
  /** By the promise, by what is due first of promise and signing, or by filing. */
  sort: 'due' | 'next' | 'newest'
  limit: number
  /** From the page before. */
  cursor?: string
}

/** A filter without how its cases are sorted and paged, and whose they are. */
export type CaseConditions = Omit<CaseFilter, 'sort' | 'limit' | 'cursor' | 'filedBy'>
