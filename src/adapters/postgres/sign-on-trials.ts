import type pg from 'pg'
import type { SignOnTrial, SignOnTrials } from '../../usecases/staff-ports.ts'
import { runStatement } from './connection.ts'

/** Logins by an issuer that have begun. What is taken is gone: an answer that comes twice finds nothing. */
export function createSignOnTrials(pool: pg.Pool, hashToken: (token: string) => Buffer): SignOnTrials {
  return {
    async keepSignOn({ state, nonce, verifier }, until) {
      await runStatement(pool, {
        name: 'keep-sign-on',
        text: 'insert into sign_ons (state_hash, nonce, verifier, until) values ($1, $2, $3, $4)',
        values: [hashToken(state), nonce, verifier, until],
      })
    },
    async takeSignOn(state, now) {
      const [row] = await runStatement<Omit<SignOnTrial, 'state'> & { until: Date }>(pool, {
        name: 'take-sign-on',
        text: 'delete from sign_ons where state_hash = $1 returning nonce, verifier, until',
        values: [hashToken(state)],
      })
      return row && row.until > now ? { state, nonce: row.nonce, verifier: row.verifier } : null
    },
  }
}
