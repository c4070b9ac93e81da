import { AppError } from '../kernel/errors.ts'
import { newId, newToken } from '../kernel/ids.ts'
import type { Line } from './line.ts'
import type { EnterpriseCaller } from './manage-keys.ts'
import { checkAdministrator } from './mend-deliveries.ts'
import type { Webhook, WebhookOwner, WebhookSender } from './notice-ports.ts'
import type { Account } from './ports.ts'
import { RESIDENT_EVENTS } from './resident-events.ts'

const SECRET_BYTES = 32

/** Those of enterprises, too. @throws AppError `action-forbidden` for all but administrators */
export async function listWebhooks(line: Line, account: Account): Promise<Webhook[]> {
  checkAdministrator(account)
  return line.store.webhooks.list()
}

/** Types of events that departments are told of. */
export function eventsToTell({ content }: Pick<Line, 'content'>): string[] {
  return [...new Set(content.notifications.departments.map(rule => rule.event))]
}

/** Where to, and of what; `events` empty: all that such an owner is told of. */
interface WantedWebhook {
  url: string
  events: string[]
}

/** A subscription, and the secret for checking signatures, which is told this once. */
export interface MadeWebhook {
  webhook: Webhook
  secret: string
}

/**
 * Subscribes a department's system to events.
 * @throws AppError `department-not-found`, `webhook-host-unknown`, `webhook-address-refused`, `webhook-exists`, `action-invalid` for an event that departments
 * are not told of
 */
export async function addWebhook(
  line: Line,
  account: Account,
  { department, ...wanted }: WantedWebhook & { department: string },
  sender: WebhookSender,
): Promise<MadeWebhook> {
  checkAdministrator(account)
  if (!line.content.departments.has(department)) throw new AppError('department-not-found', { department })
  return add(line, { kind: 'department', department }, wanted, { told: eventsToTell(line), sender })
}

async function add(
  line: Line,
  owner: WebhookOwner,
  { url, events }: WantedWebhook,
  { told, sender }: { told: readonly string[]; sender: WebhookSender },
): Promise<MadeWebhook> {
  const unknown = events.filter(event => !told.includes(event))
  if (unknown.length > 0)
    throw new AppError('action-invalid', { issues: unknown.map(each => `events: ${each}`) })
  await sender.check(url)
  const at = line.clock.now()
  const webhook: Webhook = { id: newId(at, line.chance), owner, url, events, createdAt: at }
  const secret = newToken(SECRET_BYTES, line.chance)
  if (!(await line.store.webhooks.add(webhook, secret))) throw new AppError('webhook-exists')
  return { webhook, secret }
}

/** @throws AppError `webhook-not-found`, `action-forbidden` */
export async function removeWebhook(line: Line, account: Account, id: string): Promise<void> {
  checkAdministrator(account)
  if (!(await line.store.webhooks.remove(id))) throw new AppError('webhook-not-found')
}

/** More than this is a mistake of a program. */
export const MOST_WEBHOOKS = 20

/** An enterprise's own subscriptions. */
export function listOwnWebhooks(line: Line, { enterprise }: EnterpriseCaller): Promise<Webhook[]> {
  return line.store.webhooks.list(enterprise)
}

/**
 * Subscribes an enterprise's system to what happens with the enterprise's cases.
 * @throws AppError `webhook-host-unknown`, `webhook-address-refused`, `webhook-exists`, `webhooks-exhausted`, `action-invalid` as `addWebhook`
 */
export async function addOwnWebhook(
  line: Line,
  { enterprise }: EnterpriseCaller,
  wanted: WantedWebhook,
  sender: WebhookSender,
): Promise<MadeWebhook> {
  if ((await line.store.webhooks.list(enterprise)).length >= MOST_WEBHOOKS)
    throw new AppError('webhooks-exhausted', { allowed: MOST_WEBHOOKS })
  return add(line, { kind: 'enterprise', enterprise }, wanted, { told: [...RESIDENT_EVENTS], sender })
}

/** @throws AppError `webhook-not-found`, also for another's */
export async function removeOwnWebhook(
  line: Line,
  { enterprise }: EnterpriseCaller,
  id: string,
): Promise<void> {
  if (!(await line.store.webhooks.remove(id, enterprise))) throw new AppError('webhook-not-found')
}
