import type pg from 'pg'
import type { HelpStore, HelpTransaction, HelpWeek } from '../../usecases/help-ports.ts'
import { runStatement } from './connection.ts'
import type { StatementPart } from './statement-part.ts'
import { BY_WHOM, WHO, type WhoRow, whoOf } from './who.ts'

interface WeekRow extends WhoRow {
  week: string
  account_id: string
  filings: string
  cases: string
  seconds: number
  keys: number
  counts: HelpWeek['counts']
}

/** What became of the help that agents were given, counted by agent and week. */
export function createHelpStore(pool: pg.Pool): HelpStore {
  return {
    async weeks(from, to, timeZone) {
      const rows = await runStatement<WeekRow>(pool, {
        name: 'help-weeks',
        text: WEEKS,
        values: [from, to, timeZone],
      })
      return rows.map(row => ({
        week: row.week,
        accountId: row.account_id,
        displayName: whoOf(row).displayName,
        filings: Number(row.filings),
        cases: Number(row.cases),
        medianSeconds: Math.round(row.seconds),
        medianKeys: Math.round(row.keys),
        counts: row.counts,
      }))
    },
  }
}

/** Writes the help of a filing with the filing itself. */
export function helpTransaction(write: (part: StatementPart) => void): HelpTransaction {
  return {
    add({ accountId, at, cases, seconds, keys, outcomes }) {
      write({
        kind: 'h',
        values: [accountId, at, cases, seconds, keys, JSON.stringify(outcomes)],
        text: parameters => `insert into agent_filings (account_id, at, cases, seconds, keys, outcomes)
          values (${parameters.join(', ')})`,
      })
    },
  }
}

const WEEKS = `with filed as (
    select account_id, cases, seconds, keys, outcomes,
      to_char(date_trunc('week', at at time zone $3), 'YYYY-MM-DD') as week
    from agent_filings where at >= $1 and at < $2
  ), told as (
    select week, account_id, outcome->>'kind' as kind,
      count(*) filter (where outcome->>'outcome' = 'used') as used,
      count(*) filter (where outcome->>'outcome' = 'edited') as edited,
      count(*) filter (where outcome->>'outcome' = 'ignored') as ignored
    from filed cross join jsonb_array_elements(outcomes) outcome group by 1, 2, 3
  ), counted as (
    select week, account_id, jsonb_agg(jsonb_build_object(
      'kind', kind, 'used', used, 'edited', edited, 'ignored', ignored) order by kind) as counts
    from told group by 1, 2
  ), weekly as (
    select week, account_id, count(*) as filings, sum(cases) as cases,
      percentile_cont(0.5) within group (order by seconds) as seconds,
      percentile_cont(0.5) within group (order by keys) as keys
    from filed group by 1, 2
  )
  select weekly.*, coalesce(counts, '[]'::jsonb) as counts, ${WHO}
  from weekly left join counted using (week, account_id) ${BY_WHOM}
  order by week desc, display_name, account_id`
