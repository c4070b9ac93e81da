import type { SummaryRow } from './case-rows.ts'
import type { ScoreRow } from './score-rows.ts'

/** Tables as Kysely's queries see them: only those whose conditions vary. The rest is written as named statements. */
export interface Tables {
  cases: SummaryRow & { search: string }
  case_scores: ScoreRow
}
