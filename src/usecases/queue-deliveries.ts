import type { CaseEvent } from '../cases/case-event.ts'
import type { Webhook } from './notice-ports.ts'
import type { Transaction } from './ports.ts'

/** Gives each subscription a delivery of its own, so that one deaf ear holds up no other. */
export function queueDeliveries(
  tx: Transaction,
  { caseId, seq, type }: CaseEvent,
  to: readonly Webhook[],
): void {
  if (to.length === 0) return
  tx.enqueue(
    to.map(({ id: webhookId }) => ({
      name: 'send-webhook' as const,
      key: deliveryId({ caseId, seq }, webhookId),
      data: { caseId, seq, event: type, webhookId },
    })),
  )
}

/** The same at every try, and nothing else that this subscription gets. */
export function deliveryId({ caseId, seq }: Pick<CaseEvent, 'caseId' | 'seq'>, webhookId: string): string {
  return `${caseId}:${seq}:${webhookId}`
}
