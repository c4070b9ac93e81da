import type pg from 'pg'
import { MINUTE } from '../../kernel/clock.ts'
import type { ApiKey, ApiKeyStore, KeyOwner } from '../../usecases/key-ports.ts'
import { runStatement } from './connection.ts'
import type { PasswordHasher } from './store-parts.ts'

interface KeyRow {
  id: string
  name: string
  owner: KeyOwner
  scopes: string[]
  created_at: Date
  created_by: string
  revoked_at: Date | null
  last_used_at: Date | null
  previous_until: Date | null
}

const COLUMNS = 'id, name, owner, scopes, created_at, created_by, revoked_at, last_used_at, previous_until'
/** A busy machine writes its use no more often. */
const NOTE_USE_EVERY_MS = MINUTE

/** Keys of machines; a secret has enough chance in it that a plain hash will do, and is found by it. */
export function createApiKeyStore(
  pool: pg.Pool,
  { hashToken }: Pick<PasswordHasher, 'hashToken'>,
): ApiKeyStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })
  return {
    async add(key, secret) {
      const { id, name, owner, scopes, createdAt, createdBy, revokedAt, lastUsedAt, previousUntil } = key
      const values = [id, name, owner, scopes, createdAt, createdBy, revokedAt, lastUsedAt, previousUntil]
      const added = await run(
        'add-key',
        `insert into api_keys (${COLUMNS}, secret_hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (name) do nothing returning id`,
        [...values, hashToken(secret)],
      )
      return added.length > 0
    },
    async list(kind) {
      const rows = await run<KeyRow>(
        'keys',
        `select ${COLUMNS} from api_keys where owner->>'kind' = $1 order by created_at desc, id desc`,
        [kind],
      )
      // Of the owners of this kind only.
      return rows.map(keyOf) as never
    },
    async use(secret, now) {
      const [row] = await run<KeyRow>(
        'key-by-secret',
        `select ${COLUMNS} from api_keys
         where (secret_hash = $1 or (previous_hash = $1 and previous_until > $2)) and revoked_at is null`,
        [hashToken(secret), now],
      )
      if (!row) return null
      const key = keyOf(row)
      const isNoted = key.lastUsedAt && now.getTime() - key.lastUsedAt.getTime() < NOTE_USE_EVERY_MS
      if (isNoted) return key
      await run('note-key-use', 'update api_keys set last_used_at = $2 where id = $1', [key.id, now])
      return { ...key, lastUsedAt: now }
    },
    async rotate({ id, kind }, secret, previousUntil) {
      const [row] = await run<KeyRow>(
        'rotate-key',
        `update api_keys set secret_hash = $3, previous_until = $4::timestamptz,
           previous_hash = case when $4::timestamptz is null then null else secret_hash end
         where id = $1 and owner->>'kind' = $2 and revoked_at is null returning ${COLUMNS}`,
        [id, kind, hashToken(secret), previousUntil],
      )
      return row ? keyOf(row) : null
    },
    async revoke({ id, kind }, at) {
      const revoked = await run(
        'revoke-key',
        `update api_keys set revoked_at = $3, previous_hash = null, previous_until = null
         where id = $1 and owner->>'kind' = $2 and revoked_at is null returning id`,
        [id, kind, at],
      )
      return revoked.length > 0
    },
  }
}

function keyOf(row: KeyRow): ApiKey {
  const { id, name, owner, scopes } = row
  return {
    id,
    name,
    owner,
    scopes,
    createdAt: row.created_at,
    createdBy: row.created_by,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    previousUntil: row.previous_until,
  }
}
