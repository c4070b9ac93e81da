import type { CaseScore, Exclusion, Measure } from '../../followup/three-rates.ts'

/** A row of `case_scores`. */
export interface ScoreRow {
  case_id: string
  jurisdiction: string
  department: string
  version: number
  is_responsible: boolean
  subject: string | null
  street: string | null
  channel: string
  type: string
  filed_on: string
  concluded_on: string | null
  counted: Measure[]
  met: Measure[]
  hops: number | null
  exclusion: Exclusion['because'] | null
  exclusion_seq: number | null
}

export function scoreRow(score: CaseScore): ScoreRow {
  return {
    case_id: score.caseId,
    jurisdiction: score.jurisdiction,
    department: score.department,
    version: score.version,
    is_responsible: score.isResponsible,
    subject: score.subject,
    street: score.street,
    channel: score.channel,
    type: score.type,
    filed_on: score.filedOn,
    concluded_on: score.concludedOn,
    counted: score.counted,
    met: score.met,
    hops: score.hops,
    exclusion: score.exclusion?.because ?? null,
    exclusion_seq: score.exclusion?.seq ?? null,
  }
}
