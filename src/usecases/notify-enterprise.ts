import { promiseOf, stageOf } from '../cases/case.ts'
import { leadOf } from './case-card.ts'
import { type CaseHappening, happenedAt } from './case-happening.ts'
import { ENTERPRISE_CHANNEL } from './enterprise-channel.ts'
import type { Job } from './job.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'
import { queueDeliveries } from './queue-deliveries.ts'

/** Version of what is sent; a field more does not change it. */
const PAYLOAD_VERSION = 1

/**
 * An event of a case as the system of the enterprise that filed it hears of it. Nobody's name, no words, no place: what was replied
 * is for whoever asks with a key.
 */
export interface EnterprisePayload {
  version: typeof PAYLOAD_VERSION
  /** The same for every try, and for nothing else that this subscription gets. */
  id: string
  /** e.g. `case.replied` */
  type: string
  at: string
  case: {
    number: string
    externalId: string | null
    state: string
    stage: string
    requestType: string
    subject: string | null
    /** Who has it now. */
    department: string
    /** The promise that runs now. */
    dueAt: string | null
  }
}

/** Finds which systems of the enterprise that filed a case want to hear of an event, and queues a delivery for each. */
export async function notifyEnterprise(line: Line, { data }: { data: Job['data'] }): Promise<void> {
  const { caseId, seq } = data
  await line.store.transact(async tx => {
    const happened = await happenedAt(tx, caseId, seq)
    const person = await tx.personOf(caseId)
    if (!happened || person?.channel !== ENTERPRISE_CHANNEL) return
    const { event } = happened
    const enterprise = person.channelUserId
    queueDeliveries(tx, event, await line.store.webhooks.hearing({ enterprise }, event.type))
  })
}

/** What is sent to an enterprise of an event. */
export async function enterprisePayload(
  line: Line,
  tx: Transaction,
  { case: current, event }: CaseHappening,
  id: string,
): Promise<EnterprisePayload> {
  const externalIds = await tx.externalIds.of([current.id])
  return {
    version: PAYLOAD_VERSION,
    id,
    type: `case.${event.type}`,
    at: event.at.toISOString(),
    case: {
      number: current.number,
      externalId: externalIds.get(current.id) ?? null,
      state: current.state,
      stage: stageOf(current),
      requestType: current.type,
      subject: current.subject,
      department: leadOf(line, current),
      dueAt: promiseOf(current)?.dueAt.toISOString() ?? null,
    },
  }
}
