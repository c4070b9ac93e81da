import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { inputs } from '../cases/case-inputs.ts'
import {
  afterQuietHours,
  departmentRuleOf,
  type NotificationRules,
  type ResidentRule,
  residentRuleOf,
} from '../followup/notification-rules.ts'
import { MINUTE } from '../kernel/clock.ts'
import { ENTERPRISE_CHANNEL } from './enterprise-channel.ts'
import type { Job } from './job.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'
import { RESIDENT_EVENTS } from './resident-events.ts'

/** Events of a case that those who joined it follow. */
export const FOLLOWED: readonly string[] = [
  'replied',
  'answered',
  'not-accepted',
  'withdrawn',
  'merged',
  'neighbours-joined',
  'out-of-duty-approved',
  'out-of-duty-refused',
]

/**
 * Whoever must be told of an event is told after the commit: the resident by a notice, departments and enterprises by webhook; the cases that have
 * joined this one follow it.
 */
export function tellOf(line: Line, tx: Transaction, current: Case, event: CaseEvent): void {
  tellResident(line, tx, current, event)
  tellSystems(line, tx, current, event)
  if (FOLLOWED.includes(event.type)) tx.enqueue([{ name: 'follow-neighbours', ...jobOf(event) }])
}

function tellResident(line: Line, tx: Transaction, current: Case, event: CaseEvent): void {
  const rules = line.content.notifications
  const rule = residentRuleOf(rules, event)
  // The one who acted knows already.
  if (!rule || event.actor.role === 'resident' || isPromiseKept(event)) return
  const { caseId, seq, type, at } = event
  tx.notices.add([{ caseId, seq, event: type, at }])
  const startAfter = isPressing(rule, current) ? {} : { startAfter: gatheredBy(rules, at) }
  tx.enqueue([{ name: 'notify-resident', ...jobOf(event), ...startAfter }])
}

/** A corrected calendar is news only to whom it promises something else. */
function isPromiseKept({ type, data }: CaseEvent): boolean {
  if (type !== 'clock-recomputed') return false
  const { clocks } = inputs.recomputation.parse(data)
  return !clocks.some(({ clock, dueBefore, dueAfter }) => clock === 'handle' && dueBefore !== dueAfter)
}

/** The systems of the departments on the case, and of the enterprise that filed it; which they are is looked up when the job is worked. */
export function tellSystems(line: Line, tx: Transaction, { channel }: Case, event: CaseEvent): void {
  if (departmentRuleOf(line.content.notifications, event))
    tx.enqueue([{ name: 'notify-department', ...jobOf(event) }])
  if (channel === ENTERPRISE_CHANNEL && RESIDENT_EVENTS.has(event.type))
    tx.enqueue([{ name: 'notify-enterprise', ...jobOf(event) }])
}

function jobOf({ caseId, seq, type }: CaseEvent): Pick<Job, 'key' | 'data'> {
  return { key: noticeKey({ caseId, seq }), data: { caseId, seq, event: type } }
}

/** One notice for each event. */
export function noticeKey({ caseId, seq }: { caseId: string; seq: number }): string {
  return `${caseId}:${seq}`
}

/** In danger nobody waits for the morning, or for what else may happen. */
export function isPressing(rule: ResidentRule, current: Case): boolean {
  return rule.isUrgent || current.grade === 'danger'
}

function gatheredBy(rules: NotificationRules, at: Date): Date {
  return afterQuietHours(rules, new Date(at.getTime() + rules.gatherMinutes * MINUTE))
}
