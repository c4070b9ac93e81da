import type { Case } from '../cases/case.ts'
import type { Role } from '../cases/case-state.ts'
import type { ClockOutcome } from '../cases/clock-outcome.ts'
import type { Action } from '../cases/workflow.ts'
import type { Light } from '../clocks/stage-clock.ts'
import type { caseCard } from './case-card.ts'
import type { JoinedView } from './describe-joined.ts'
import type { ShownPerson } from './present-person.ts'
import type { ApplicationView } from './view-application.ts'

/** One case with everything that its handler needs to decide. */
export interface DeskCase {
  case: Case
  /** Names of the photos and papers that were sent about it. */
  files: string[]
  card: ReturnType<typeof caseCard>
  names: {
    subject: string
    type: string
    state: string
    grade: string
    channel: string
    cause: string | null
  }
  clocks: {
    kind: string
    name: string
    startedAt: string
    dueAt: string
    stoppedAt: string | null
    isPaused: boolean
    light: Light
    /** How it ended; null while it has not. */
    outcome: ClockOutcome | null
  }[]
  reasons: {
    lead: string
    /** A person chose the department, whatever the line would have said. */
    isByPerson: boolean
    /** Another department, that routing names since what the case is about was corrected. */
    proposed: { department: string; name: string; reason: string } | null
    candidates: { department: string; name: string; reason: string; confidence: number }[]
    subjects: { id: string; name: string; confidence: number }[]
    evidence: { feature: string; weight: number }[]
  }
  history: {
    seq: number
    type: string
    name: string
    at: string
    role: Role
    who: string
    department: string | null
    reason: string | null
    data: object
  }[]
  actions: Action[]
  joined: JoinedView
  /** Null for requests. */
  application: ApplicationView | null
  person: ShownPerson | null
}
