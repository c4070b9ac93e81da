import type { EventRow, SummaryRow } from './case-rows.ts'
import type { ScoreRow } from './score-rows.ts'

/** Tables as Kysely's queries see them: only those whose conditions vary. The rest is written as named statements. */
export interface Tables {
  cases: SummaryRow & { search: string; next_due_at: Date | number; jurisdiction: string; user_key: Buffer }
  case_events: EventRow
  case_scores: ScoreRow
}
