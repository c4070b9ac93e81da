import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { afterQuietHours, type ResidentRule } from '../followup/notification-rules.ts'
import type { Line } from './line.ts'
import type { Call } from './notice-ports.ts'

/** The call that an event makes necessary. How it went is asked once a reply, whatever led to the asking. */
export function callAbout(line: Line, current: Case, event: CaseEvent, rule: ResidentRule): Call {
  const purpose = rule.asksHowItWent ? 'ask' : 'tell'
  return {
    id: purpose === 'ask' ? `ask:${current.id}:${current.reworkCount}` : `tell:${current.id}:${event.seq}`,
    caseId: current.id,
    purpose,
    seq: event.seq,
    notBefore: afterQuietHours(line.content.notifications, line.clock.now()),
    tries: 0,
  }
}
