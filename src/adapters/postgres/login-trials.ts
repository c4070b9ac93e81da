import type pg from 'pg'
import { FORGET_TRIALS_MS, KNOWN_MS, LOGIN_WAITS, PAIR_WAITS } from '../../usecases/login-waits.ts'
import type { LoginTrials, WaitRule } from '../../usecases/staff-ports.ts'
import { runStatement } from './connection.ts'

interface TrialRow {
  wait_until: Date | null
  proved_at: Date | null
}

/** Doubling ends here: no wait is that long, and powers stay small. */
const MOST_DOUBLINGS = 16

/** Counted by one statement each, which refuses while a wait goes on: no two trials share a count. */
const COUNT = `insert into login_trials as old (key, wrong, tried_at) values ($1, 1, $2)
  on conflict (key) do update set
    wrong = case when old.tried_at < $6 then 1 else old.wrong + 1 end,
    wait_until = case when old.tried_at < $6 or old.wrong + 1 < $3 then null
      else $2 + make_interval(secs => least($5, $4 * power(2, least(${MOST_DOUBLINGS}, old.wrong + 1 - $3)))) end,
    tried_at = $2
  where old.wait_until is null or old.wait_until <= $2
  returning wait_until, proved_at`

/** `keyOf` makes one key of what differs only in writing, `hash` hides what a key is of. */
export function createLoginTrials(
  pool: pg.Pool,
  { keyOf, hash }: { keyOf(login: string): string; hash(text: string): Buffer },
): LoginTrials {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })
  const keysOf = (login: string, address: string) => ({
    byLogin: hash(`login ${keyOf(login)}`),
    byPair: hash(`pair ${keyOf(login)} ${address}`),
  })
  const stored = async (key: Buffer) => {
    const [row] = await run<TrialRow>(
      'login-trial',
      'select wait_until, proved_at from login_trials where key = $1',
      [key],
    )
    return row ?? null
  }
  const count = async (key: Buffer, now: Date, { free, firstSeconds, mostSeconds }: WaitRule) => {
    const since = new Date(now.getTime() - FORGET_TRIALS_MS)
    const counted = await run('count-login-trial', COUNT, [key, now, free, firstSeconds, mostSeconds, since])
    return counted.length > 0 ? null : ((await stored(key))?.wait_until ?? null)
  }

  return {
    async tryLogin(login, address, now) {
      const { byLogin, byPair } = keysOf(login, address)
      const pair = await stored(byPair)
      // Whoever waits anyway adds nothing to what others wait for.
      if (pair?.wait_until && pair.wait_until > now) return pair.wait_until
      const isKnown = pair?.proved_at && now.getTime() - pair.proved_at.getTime() < KNOWN_MS
      const waits = isKnown ? null : await count(byLogin, now, LOGIN_WAITS)
      return waits ?? count(byPair, now, PAIR_WAITS)
    },

    async loginProved(login, address, now) {
      const { byLogin, byPair } = keysOf(login, address)
      await run('login-proved', `delete from login_trials where key = $1`, [byLogin])
      await run(
        'pair-proved',
        `insert into login_trials (key, wrong, tried_at, proved_at) values ($1, 0, $2, $2)
         on conflict (key) do update set wrong = 0, tried_at = $2, wait_until = null, proved_at = $2`,
        [byPair, now],
      )
    },
  }
}
