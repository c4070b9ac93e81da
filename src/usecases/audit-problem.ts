import type { Disagreement } from '../cases/anchor.ts'
import type { BrokenEvent } from '../cases/audit-case.ts'

/** One thing that an audit found broken. */
export type AuditProblem =
  /** `anchoredOn`: by the anchor of that day. */
  | {
      kind: 'event'
      caseId: string
      seq: number
      because: BrokenEvent['because'] | Disagreement['because']
      anchoredOn?: string
    }
  | { kind: 'case-gone'; caseId: string; seq: number }
  | { kind: 'no-case'; caseId: string }
  /** Its rows are not what its events come to. */
  | { kind: 'unlike'; caseId: string; columns: string[] }
  | { kind: 'anchor'; day: string; because: 'missing' | 'unchained' | 'malformed' | 'changed' }
  | { kind: 'anchor-unknown'; hash: string }

/** In one line, for the command. */
export function formatAuditProblem(problem: AuditProblem): string {
  switch (problem.kind) {
    case 'event': {
      const { caseId, seq, because, anchoredOn } = problem
      return `case ${caseId}: event ${seq} is ${because}${anchoredOn ? ` (anchor of ${anchoredOn})` : ''}`
    }
    case 'case-gone':
      return `case ${problem.caseId}: the case of event ${problem.seq} is gone`
    case 'no-case':
      return `case ${problem.caseId}: its events make no case`
    case 'unlike':
      return `case ${problem.caseId}: not what its events say: ${problem.columns.join(', ')}`
    case 'anchor':
      return `the anchor of ${problem.day} is ${problem.because}`
    case 'anchor-unknown':
      return `no day has the anchor ${problem.hash}`
  }
}
