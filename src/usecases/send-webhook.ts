import { type CaseHappening, happenedAt } from './case-happening.ts'
import type { Job } from './job.ts'
import type { Line } from './line.ts'
import type { Webhook, WebhookSender } from './notice-ports.ts'
import { departmentPayload } from './notify-department.ts'
import { enterprisePayload } from './notify-enterprise.ts'
import type { Transaction } from './ports.ts'
import { deliveryId } from './queue-deliveries.ts'

/** One delivery of an event to one subscription. @throws what the sender throws, to be tried again later */
export async function sendWebhook(
  line: Line,
  { data }: { data: Job['data'] },
  sender: WebhookSender,
): Promise<void> {
  const { caseId, seq, webhookId } = data
  const subscription = webhookId ? await line.store.webhooks.byId(webhookId) : null
  // Unsubscribed meanwhile.
  if (!subscription) return
  const { webhook, secret } = subscription
  const body = await line.store.transact(async tx => {
    const happened = await happenedAt(tx, caseId, seq)
    return happened && payloadOf(line, tx, webhook, happened)
  })
  if (body) await sender.send({ id: body.id, url: webhook.url, secret, body: JSON.stringify(body) })
}

function payloadOf(line: Line, tx: Transaction, { id, owner }: Webhook, happened: CaseHappening) {
  const delivery = deliveryId(happened.event, id)
  return owner.kind === 'department'
    ? departmentPayload(happened, delivery)
    : enterprisePayload(line, tx, happened, delivery)
}
