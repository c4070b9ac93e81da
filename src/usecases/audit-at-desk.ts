import type { AuditProblem } from './audit-problem.ts'
import type { DeskTask } from './desk-task-ports.ts'
import type { DeskTasks } from './desk-tasks.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { type AuditReport, verifyAudit } from './verify-audit.ts'

/** What an audit found, as its task keeps it. */
export interface AuditResult extends AuditReport {
  /** The first of them; all are counted in `broken`. */
  problems: AuditProblem[]
}

const MOST_PROBLEMS = 200
/** So many cases take a few milliseconds; then others have their turn. */
const CASES_AT_ONCE = 10

/**
 * Verifies all cases and anchors as a task of this instance.
 * @param knownAnchor hash of an anchor that was kept elsewhere
 * @throws AppError `task-running`, `action-forbidden` for all but administrators
 */
export async function auditAtDesk(
  { store, clock }: Pick<Line, 'store' | 'clock'>,
  account: Account,
  tasks: DeskTasks,
  knownAnchor: string | null,
): Promise<DeskTask> {
  const { byState } = await store.countCases({}, clock.now())
  const of = Math.max(
    1,
    Object.values(byState).reduce((sum, count) => sum + count, 0),
  )
  return tasks.begin(account, 'audit', { part: 'cases', done: 0, of }, async watch => {
    const problems: AuditProblem[] = []
    const report = await verifyAudit(store, problem => problems.push(problem), {
      knownAnchor: knownAnchor ?? undefined,
      async afterCase(done) {
        if (done % CASES_AT_ONCE !== 0) return
        watch.tell({ part: 'cases', done: Math.min(done, of), of })
        await watch.breathe()
      },
    })
    const result: AuditResult = { ...report, problems: problems.slice(0, MOST_PROBLEMS) }
    return { state: 'done', result }
  })
}
