import type pg from 'pg'
import type { Webhook, WebhookStore } from '../../usecases/notice-ports.ts'
import { runStatement } from './connection.ts'
import type { PersonVault } from './store-parts.ts'

interface WebhookRow {
  id: string
  department: string
  url: string
  events: string[]
  created_at: Date
}

const COLUMNS = 'id, department, url, events, created_at'

/** Subscriptions of departments; a secret is sealed under the id of its subscription. */
export function createWebhookStore(pool: pg.Pool, vault: PersonVault): WebhookStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })
  return {
    async list() {
      const rows = await run<WebhookRow>(
        'webhooks',
        `select ${COLUMNS} from webhooks order by department, id`,
        [],
      )
      return rows.map(webhookOf)
    },
    async add({ id, department, url, events, createdAt }, secret) {
      await run(
        'add-webhook',
        `insert into webhooks (${COLUMNS}, sealed_secret) values ($1, $2, $3, $4, $5, $6)`,
        [id, department, url, events, createdAt, vault.sealSecret(id, secret)],
      )
    },
    async remove(id) {
      return (await run('remove-webhook', 'delete from webhooks where id = $1 returning id', [id])).length > 0
    },
    async hearing(departments, event) {
      const rows = await run<WebhookRow>(
        'webhooks-hearing',
        `select ${COLUMNS} from webhooks
         where department = any($1) and (events = '{}' or $2 = any(events)) order by id`,
        [departments, event],
      )
      return rows.map(webhookOf)
    },
    async byId(id) {
      const [row] = await run<WebhookRow & { sealed_secret: Buffer }>(
        'webhook',
        `select ${COLUMNS}, sealed_secret from webhooks where id = $1`,
        [id],
      )
      return row ? { webhook: webhookOf(row), secret: vault.openSecret(id, row.sealed_secret) } : null
    },
  }
}

function webhookOf({ created_at: createdAt, id, department, url, events }: WebhookRow): Webhook {
  return { id, department, url, events, createdAt }
}
