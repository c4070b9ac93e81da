import { currentStep } from '../cases/application.ts'
import { type Case, promiseOf, stageOf } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { type DepartmentRule, departmentRuleOf } from '../followup/notification-rules.ts'
import { type CaseHappening, happenedAt } from './case-happening.ts'
import type { Job } from './job.ts'
import type { Line } from './line.ts'
import { queueDeliveries } from './queue-deliveries.ts'

/** Version of what is sent; a field more does not change it. */
const PAYLOAD_VERSION = 1

/** Events that name the one co-handler whom they concern. */
const TO_ONE_PART: readonly string[] = ['co-handler-added', 'part-reminded']

/** An event of a case as a department's system hears of it. No person, no words of theirs, no place. */
export interface WebhookPayload {
  version: typeof PAYLOAD_VERSION
  /** The same for every try, and for nothing else that this subscription gets. */
  id: string
  /** e.g. `case.dispatched` */
  type: string
  at: string
  case: {
    id: string
    number: string
    state: string
    stage: string
    requestType: string
    subject: string | null
    grade: string
    lead: string | null
    coHandlers: string[]
    isConfidential: boolean
    /** The promise that runs now. */
    dueAt: string | null
    /** Number of its events so far, as `expectedVersion` of an action wants it. */
    version: number
  }
  /** Of a warning: the clock and how much of its time is over. */
  clock?: { kind: string; percent: number; dueAt: string }
}

/** Finds which departments' systems want to hear of an event, and queues a delivery for each. */
export async function notifyDepartment(line: Line, { data }: { data: Job['data'] }): Promise<void> {
  const { caseId, seq } = data
  await line.store.transact(async tx => {
    const happened = await happenedAt(tx, caseId, seq)
    const rule = happened && departmentRuleOf(line.content.notifications, happened.event)
    if (!rule) return
    const { event } = happened
    const departments = concerned(happened.case, event, rule)
    queueDeliveries(tx, event, await line.store.webhooks.hearing({ departments }, event.type))
  })
}

function concerned(current: Case, event: CaseEvent, { to }: DepartmentRule): string[] {
  const { dispatch, coHandlers } = current
  const lead = dispatch ? [dispatch.lead] : []
  const others = coHandlers.filter(part => part.finishedAt === null).map(part => part.department)
  // Who was just asked for a part, reminded of it, or whose part is late, hears of it; the others know theirs.
  const { department, clock = '' } = event.data as { department?: string; clock?: string }
  const [, partOf = TO_ONE_PART.includes(event.type) ? department : undefined] = clock.split(':')
  const helping = partOf ? [partOf] : others
  if (to === 'lead') return lead
  if (to === 'step') return [currentStep(current)?.department].filter(each => each !== undefined)
  return to === 'co-handlers' ? helping : [...new Set([...lead, ...helping])]
}

/** What is sent to a department of an event. */
export function departmentPayload({ case: current, event }: CaseHappening, id: string): WebhookPayload {
  const { clock, percent = 100, dueAt } = event.data as { clock?: string; percent?: number; dueAt?: string }
  return {
    version: PAYLOAD_VERSION,
    id,
    type: `case.${event.type}`,
    at: event.at.toISOString(),
    case: {
      id: current.id,
      number: current.number,
      state: current.state,
      stage: stageOf(current),
      requestType: current.type,
      subject: current.subject,
      grade: current.grade,
      lead: current.dispatch?.lead ?? null,
      coHandlers: current.coHandlers.map(part => part.department),
      isConfidential: current.isConfidential,
      dueAt: promiseOf(current)?.dueAt.toISOString() ?? null,
      version: current.version,
    },
    ...(clock && dueAt ? { clock: { kind: clock, percent, dueAt } } : {}),
  }
}
