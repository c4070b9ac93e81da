import { AppError } from '../kernel/errors.ts'
import { scrub } from '../kernel/logger.ts'
import type { Locale } from '../language/understanding.ts'
import type { DeliveryFailure } from './delivery-failure.ts'
import type { Job } from './job.ts'
import type { Line } from './line.ts'
import type { WebhookOwner } from './notice-ports.ts'
import type { Account } from './ports.ts'

/** A job that failed every time. */
export interface DeadLetter {
  id: string
  name: string
  data: Job['data']
  failedAt: Date
  /** In the words of whoever threw it, for programs and logs. */
  error: string
  failure: DeliveryFailure
}

/** Whose system it was for, and where: never the whole address, which may hold a secret. */
export interface LetterReceiver {
  kind: WebhookOwner['kind']
  name: string
  host: string
}

export interface ListedDeadLetter extends DeadLetter {
  /** Null for what goes to no system, or to one that was unsubscribed meanwhile. */
  receiver: LetterReceiver | null
}

/** Where jobs end that failed every time. */
export interface DeadLetters {
  deadLetters(limit?: number): Promise<DeadLetter[]>
  /** Back into its queue with all its tries. False when there is no such dead letter. */
  replay(id: string): Promise<boolean>
  discard(id: string): Promise<boolean>
}

/** What could not be delivered, the oldest first. @throws AppError `action-forbidden` for all but administrators */
export async function listDeadLetters(
  line: Pick<Line, 'store' | 'names'>,
  account: Account,
  letters: DeadLetters,
  locale: Locale,
): Promise<ListedDeadLetter[]> {
  checkAdministrator(account)
  const all = await letters.deadLetters()
  const isForSystems = all.some(({ data }) => data.webhookId !== undefined)
  const receivers = isForSystems ? await receiversOf(line, locale) : new Map<string, LetterReceiver>()
  return all.map(letter => ({
    ...letter,
    error: scrub(letter.error),
    receiver: receivers.get(letter.data.webhookId ?? '') ?? null,
  }))
}

/** By the ids of their subscriptions. */
async function receiversOf(
  { store, names }: Pick<Line, 'store' | 'names'>,
  locale: Locale,
): Promise<Map<string, LetterReceiver>> {
  const [webhooks, keys] = await Promise.all([store.webhooks.list(), store.keys.list('enterprise')])
  // The newest key's name for an enterprise comes first.
  const nameOf = (enterprise: string) =>
    keys.find(({ owner }) => owner.enterprise === enterprise)?.owner.displayName ?? enterprise
  return new Map(
    webhooks.map(({ id, owner, url }) => {
      const name =
        owner.kind === 'department' ? names.department(owner.department, locale) : nameOf(owner.enterprise)
      return [id, { kind: owner.kind, name, host: new URL(url).host }]
    }),
  )
}

/**
 * Tries a dead letter again, or gives it up for good.
 * @throws AppError `dead-letter-not-found`, `action-forbidden`
 */
export async function mendDeadLetter(
  line: Pick<Line, 'logger'>,
  account: Account,
  letters: DeadLetters,
  { id, does }: { id: string; does: 'replay' | 'discard' },
): Promise<void> {
  checkAdministrator(account)
  if (!(await letters[does](id))) throw new AppError('dead-letter-not-found')
  line.logger.info({ id, does, account: account.login }, 'somebody took care of a dead letter')
}

export function checkAdministrator({ role }: Account): void {
  if (role !== 'admin') throw new AppError('action-forbidden', { role })
}
