import type { EventRow, SummaryRow } from './case-rows.ts'
import type { ScoreRow } from './score-rows.ts'

/** Tables as Kysely's queries see them: only those whose conditions vary. The rest is written as named statements. */
export interface Tables {
  cases: SummaryRow &
    OverviewColumns & { search: string; next_due_at: Date | number; jurisdiction: string; user_key: Buffer }
  case_events: EventRow
  case_scores: ScoreRow
}

/** What overviews count by. */
interface OverviewColumns {
  community: string | null
  promise_from: Date | null
  awaits: string[]
  review_at: Date | number
  supervision_level: string | null
  supervision_due_at: Date | null
}
