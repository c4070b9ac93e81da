import type { Awaited } from '../cases/awaited.ts'
import type { SupervisionLevel } from '../cases/case-inputs.ts'
import type { Light } from '../clocks/stage-clock.ts'
import type { IdGiver } from './external-id-ports.ts'

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
  /** What the light of the promise that runs shows at an instant; green is also where nothing is owed. */
  light?: { is: Light; at: Date }
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
  includeConfidential: boolean
  sort: 'due' | 'newest'
  limit: number
  /** From the page before. */
  cursor?: string
}

/** A filter without how its cases are sorted and paged, and whose they are. */
export type CaseConditions = Omit<CaseFilter, 'sort' | 'limit' | 'cursor' | 'filedBy'>
