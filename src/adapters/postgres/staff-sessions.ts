import type pg from 'pg'
import { MINUTE } from '../../kernel/clock.ts'
import { newToken, systemChance } from '../../kernel/ids.ts'
import type { LoginProof, StaffSessions } from '../../usecases/staff-ports.ts'
import { ACCOUNT_COLUMNS, type AccountRow, knownAccountOf } from './account-rows.ts'
import { runStatement } from './connection.ts'

interface SessionRow {
  id: string
  opened_at: Date
  idle_until: Date
  until: Date
  browser: string
}

const TOKEN_BYTES = 32

/** A session's token is stored hashed, so that a copy of the table opens nothing. */
export function createStaffSessions(pool: pg.Pool, hashToken: (token: string) => Buffer): StaffSessions {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })

  return {
    async openSession(accountId, { openedAt, idleUntil, until, browser, proof = 'password' }) {
      const token = newToken(TOKEN_BYTES, systemChance)
      await run(
        'open-session',
        `insert into sessions (token_hash, account_id, opened_at, idle_until, until, browser, proof)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [hashToken(token), accountId, openedAt, idleUntil, until, browser, proof],
      )
      await run('seen-account', 'update accounts set last_seen_at = $2 where id = $1', [accountId, openedAt])
      return token
    },

    async session(token, now, idleUntil) {
      const hashed = hashToken(token)
      const [row] = await run<AccountRow & { session_id: string; idle_until: Date; proof: LoginProof }>(
        'session',
        `select ${ACCOUNT_COLUMNS}, session.id as session_id, idle_until, proof
         from sessions session join accounts on accounts.id = account_id
         where token_hash = $1 and until > $2 and idle_until > $2 and disabled_at is null`,
        [hashed, now],
      )
      if (!row) return null
      // To the minute: a busy desk does not write its session with each request.
      if (idleUntil && idleUntil.getTime() - row.idle_until.getTime() >= MINUTE)
        await run(
          'use-session',
          `with used as (update sessions set idle_until = $2 where token_hash = $1 returning account_id)
           update accounts set last_seen_at = $3 from used where accounts.id = used.account_id`,
          [hashed, idleUntil, now],
        )
      return { ...knownAccountOf(row), sessionId: row.session_id, proof: row.proof }
    },

    async proveSession(sessionId) {
      await run('prove-session', `update sessions set proof = 'code' where id = $1`, [sessionId])
    },

    async sessionsOf(accountId, now) {
      const rows = await run<SessionRow>(
        'sessions-of',
        `select id, opened_at, idle_until, until, browser from sessions
         where account_id = $1 and until > $2 and idle_until > $2 order by opened_at desc, id`,
        [accountId, now],
      )
      return rows.map(({ opened_at: openedAt, idle_until: idleUntil, ...row }) => ({
        ...row,
        openedAt,
        idleUntil,
      }))
    },

    async closeSession(token) {
      await run('close-session', 'delete from sessions where token_hash = $1', [hashToken(token)])
    },

    async endSession(accountId, sessionId) {
      const ended = await run(
        'end-session',
        'delete from sessions where account_id = $1 and id = $2 returning id',
        [accountId, sessionId],
      )
      return ended.length > 0
    },

    async endOtherSessions(accountId, keptId) {
      const ended = await run(
        'end-other-sessions',
        'delete from sessions where account_id = $1 and id <> $2 returning id',
        [accountId, keptId],
      )
      return ended.length
    },

    async forgetSessionsBefore(at) {
      await run('forget-sessions', 'delete from sessions where until < $1 or idle_until < $1', [at])
      await run('forget-sign-ons', 'delete from sign_ons where until < $1', [at])
      await run('forget-trials', 'delete from login_trials where tried_at < $1', [at])
    },
  }
}
