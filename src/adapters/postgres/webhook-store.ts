import type pg from 'pg'
import type { Webhook, WebhookStore } from '../../usecases/notice-ports.ts'
import { runStatement } from './connection.ts'
import type { PersonVault } from './store-parts.ts'

interface WebhookRow {
  id: string
  department: string | null
  enterprise: string | null
  url: string
  events: string[]
  created_at: Date
}

const COLUMNS = 'id, department, enterprise, url, events, created_at'
/** Whoever has no key any more is told nothing any more. */
const IS_SERVED = `(enterprise is null or exists (select from api_keys
  where owner->>'kind' = 'enterprise' and owner->>'enterprise' = webhooks.enterprise and revoked_at is null))`

/** Subscriptions of departments and enterprises; a secret is sealed under the id of its subscription. */
export function createWebhookStore(pool: pg.Pool, vault: PersonVault): WebhookStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })
  return {
    async list(enterprise) {
      const rows = await run<WebhookRow>(
        'webhooks',
        `select ${COLUMNS} from webhooks where $1::text is null or enterprise = $1
         order by department, enterprise, id`,
        [enterprise ?? null],
      )
      return rows.map(webhookOf)
    },
    async add({ id, owner, url, events, createdAt }, secret) {
      const department = owner.kind === 'department' ? owner.department : null
      const enterprise = owner.kind === 'enterprise' ? owner.enterprise : null
      const added = await run(
        'add-webhook',
        `insert into webhooks (${COLUMNS}, sealed_secret) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (department, enterprise, url) where is_only do nothing returning id`,
        [id, department, enterprise, url, events, createdAt, vault.sealSecret(id, secret)],
      )
      return added.length > 0
    },
    async remove(id, enterprise) {
      const removed = await run(
        'remove-webhook',
        'delete from webhooks where id = $1 and ($2::text is null or enterprise = $2) returning id',
        [id, enterprise ?? null],
      )
      return removed.length > 0
    },
    async hearing(whose, event) {
      const departments = 'departments' in whose ? whose.departments : []
      const enterprise = 'enterprise' in whose ? whose.enterprise : null
      const rows = await run<WebhookRow>(
        'webhooks-hearing',
        `select ${COLUMNS} from webhooks
         where (department = any($1) or enterprise = $2) and (events = '{}' or $3 = any(events))
           and ${IS_SERVED} order by id`,
        [departments, enterprise, event],
      )
      return rows.map(webhookOf)
    },
    async byId(id) {
      const [row] = await run<WebhookRow & { sealed_secret: Buffer }>(
        'webhook',
        `select ${COLUMNS}, sealed_secret from webhooks where id = $1 and ${IS_SERVED}`,
        [id],
      )
      return row ? { webhook: webhookOf(row), secret: vault.openSecret(id, row.sealed_secret) } : null
    },
  }
}

function webhookOf({ created_at: createdAt, department, enterprise, ...rest }: WebhookRow): Webhook {
  const owner =
    enterprise === null
      ? ({ kind: 'department', department: department! } as const)
      : ({ kind: 'enterprise', enterprise } as const)
  const { id, url, events } = rest
  return { id, owner, url, events, createdAt }
}
