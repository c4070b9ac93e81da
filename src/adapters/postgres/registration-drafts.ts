import type pg from 'pg'
import type { RegistrationDrafts } from '../../usecases/registration-ports.ts'
import { runStatement } from './connection.ts'
import type { PersonVault } from './store-parts.ts'

/** What seals and hashes are bound to, besides the code. */
const PURPOSE = 'registration-draft'

/** Neither the code nor anything of the draft is stored in plain text. */
export function createRegistrationDrafts(
  pool: pg.Pool,
  vault: Pick<PersonVault, 'queryCodeHash' | 'sealSecret' | 'openSecret'>,
): RegistrationDrafts {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })
  const idOf = (code: string) => vault.queryCodeHash(PURPOSE, code)
  const boundTo = (code: string) => `${PURPOSE}/${idOf(code).toString('hex')}`

  return {
    async keep(code, draft, until) {
      await run(
        'keep-registration-draft',
        `insert into registration_drafts (id, sealed, until) values ($1, $2, $3)
         on conflict (id) do update set sealed = excluded.sealed, until = excluded.until`,
        [idOf(code), vault.sealSecret(boundTo(code), draft), until],
      )
    },
    async open(code, now) {
      const [row] = await run<{ sealed: Buffer }>(
        'open-registration-draft',
        'select sealed from registration_drafts where id = $1 and until > $2',
        [idOf(code), now],
      )
      return row ? vault.openSecret(boundTo(code), row.sealed) : null
    },
    async forget(code) {
      await run('forget-registration-draft', 'delete from registration_drafts where id = $1', [idOf(code)])
    },
    async forgetBefore(at) {
      await run('forget-registration-drafts', 'delete from registration_drafts where until <= $1', [at])
    },
  }
}
