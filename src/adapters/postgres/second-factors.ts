import type pg from 'pg'
import type { SecondFactors } from '../../usecases/staff-ports.ts'
import { entryStatement, entryValues } from './account-changes.ts'
import { statementOf } from './account-rows.ts'
import { runStatement, runTogether, type Statement } from './connection.ts'
import type { PersonVault } from './store-parts.ts'

/** What is sealed for an account here is bound to it. */
const placeOf = (accountId: string) => `factor/${accountId}`

/** Second factors: each step of time and each recovery code is taken by one statement, so that no two instances take it both. */
export function createSecondFactors(
  pool: pg.Pool,
  vault: Pick<PersonVault, 'sealSecret' | 'openSecret' | 'recoveryHash'>,
): SecondFactors {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })
  const secretIn = async (column: 'factor_pending' | 'factor_secret', accountId: string) => {
    const [row] = await run<{ sealed: Buffer | null }>(
      `read-${column}`,
      `select ${column} as sealed from accounts where id = $1`,
      [accountId],
    )
    return row?.sealed ? vault.openSecret(placeOf(accountId), row.sealed) : null
  }
  const otherCodes = (accountId: string, codes: readonly string[]): Statement[] => [
    statementOf('forget-recovery-codes', 'delete from recovery_codes where account_id = $1', [accountId]),
    statementOf(
      'add-recovery-codes',
      'insert into recovery_codes (account_id, code_hash) select $1, unnest($2::bytea[])',
      [accountId, codes.map(code => vault.recoveryHash(accountId, code))],
    ),
  ]

  return {
    async beginFactor(accountId, secret) {
      await run('begin-factor', 'update accounts set factor_pending = $2 where id = $1', [
        accountId,
        vault.sealSecret(placeOf(accountId), secret),
      ])
    },
    pendingFactor: accountId => secretIn('factor_pending', accountId),
    factor: accountId => secretIn('factor_secret', accountId),

    async setFactor(accountId, { step, recoveryCodes }, entry) {
      await runTogether(pool, [
        statementOf(
          'set-factor',
          `update accounts set factor_secret = coalesce(factor_pending, factor_secret), factor_pending = null,
             factor_step = $2 where id = $1`,
          [accountId, step],
        ),
        ...otherCodes(accountId, recoveryCodes),
        entryStatement(accountId, entry),
      ])
    },

    async takeStep(accountId, step) {
      const taken = await run(
        'take-step',
        `update accounts set factor_step = $2
         where id = $1 and factor_secret is not null and (factor_step is null or factor_step < $2) returning id`,
        [accountId, step],
      )
      return taken.length > 0
    },

    async takeRecoveryCode(accountId, code, entry) {
      const taken = await run(
        'take-recovery-code',
        `with taken as (delete from recovery_codes where account_id = $3 and code_hash = $7 returning account_id)
         insert into account_changes (id, at, account_id, by_login, change, details)
         select $1, $2::timestamptz, account_id, $4, $5, $6::jsonb from taken returning id`,
        [...entryValues(accountId, entry), vault.recoveryHash(accountId, code)],
      )
      return taken.length > 0
    },

    async renewRecoveryCodes(accountId, codes, entry) {
      await runTogether(pool, [...otherCodes(accountId, codes), entryStatement(accountId, entry)])
    },

    async recoveryCodesLeft(accountId) {
      const [row] = await run<{ left: number }>(
        'recovery-codes-left',
        'select count(*)::int as left from recovery_codes where account_id = $1',
        [accountId],
      )
      return row?.left ?? 0
    },
  }
}
