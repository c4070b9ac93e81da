import { AppError } from '../kernel/errors.ts'
import { newId, newToken } from '../kernel/ids.ts'
import type { Line } from './line.ts'
import { checkAdministrator } from './mend-deliveries.ts'
import type { Webhook, WebhookSender } from './notice-ports.ts'
import type { Account } from './ports.ts'

const SECRET_BYTES = 32

/** @throws AppError `action-forbidden` for all but administrators */
export async function listWebhooks(line: Line, account: Account): Promise<Webhook[]> {
  checkAdministrator(account)
  return line.store.webhooks.list()
}

/** Types of events that departments are told of. */
export function eventsToTell({ content }: Pick<Line, 'content'>): string[] {
  return [...new Set(content.notifications.departments.map(rule => rule.event))]
}

/**
 * Subscribes a department's system to events.
 * @param wanted `events` empty: all that departments are told of
 * @returns the subscription, and the secret for checking signatures, which is told this once
 * @throws AppError `department-not-found`, `webhook-address-refused`, `action-invalid` for an event that departments are not told of
 */
export async function addWebhook(
  line: Line,
  account: Account,
  wanted: { department: string; url: string; events: string[] },
  sender: WebhookSender,
): Promise<{ webhook: Webhook; secret: string }> {
  checkAdministrator(account)
  const { department, url, events } = wanted
  if (!line.content.departments.has(department)) throw new AppError('department-not-found', { department })
  const told = eventsToTell(line)
  const unknown = events.filter(event => !told.includes(event))
  if (unknown.length > 0)
    throw new AppError('action-invalid', { issues: unknown.map(each => `events: ${each}`) })
  await sender.check(url)
  const at = line.clock.now()
  const webhook: Webhook = { id: newId(at, line.chance), department, url, events, createdAt: at }
  const secret = newToken(SECRET_BYTES, line.chance)
  await line.store.webhooks.add(webhook, secret)
  return { webhook, secret }
}

/** @throws AppError `webhook-not-found`, `action-forbidden` */
export async function removeWebhook(line: Line, account: Account, id: string): Promise<void> {
  checkAdministrator(account)
  if (!(await line.store.webhooks.remove(id))) throw new AppError('webhook-not-found')
}
