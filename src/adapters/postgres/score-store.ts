import { type Kysely, type RawBuilder, sql } from 'kysely'
import type pg from 'pg'
import type { Exclusion, Measure } from '../../followup/three-rates.ts'
import type {
  Figure,
  GroupScore,
  ScoredCase,
  ScoreGroup,
  ScoreScope,
  ScoreStore,
} from '../../usecases/ports.ts'
import {
  EVENT_COLUMNS,
  type EventRow,
  eventOf,
  SUMMARY_COLUMNS,
  type SummaryRow,
  summaryOf,
} from './case-rows.ts'
import { runStatement, runTogether } from './connection.ts'
import { rowsOf } from './rows-of.ts'
import { scoreRow } from './score-rows.ts'
import type { Tables } from './tables.ts'

/** What cases are grouped by, as SQL over `score`. */
const KEYS: Record<ScoreGroup, RawBuilder<string | null>> = {
  all: sql`null::text`,
  department: sql`score.department`,
  subject: sql`split_part(score.subject, '/', 1)`,
  street: sql`score.street`,
  channel: sql`score.channel`,
  type: sql`score.type`,
  month: sql`to_char(score.filed_on, 'YYYY-MM')`,
}

/** Scores beside the cases. Only formulas that made them know what they mean; here they are counted. */
export function createScoreStore(pool: pg.Pool, db: Kysely<Tables>): ScoreStore {
  return {
    async outdated(after, limit) {
      const rows = await runStatement<{ id: string }>(pool, {
        name: 'outdated-scores',
        text: `select cases.id from cases
          left join case_scores score on score.case_id = cases.id and score.is_responsible
          where cases.id > $1 and score.version is distinct from cases.version order by cases.id limit $2`,
        values: [after, limit],
      })
      return rows.map(row => row.id)
    },

    async eventsOf(caseIds) {
      const rows = await runStatement<EventRow>(pool, {
        name: 'events-of',
        text: `select ${EVENT_COLUMNS} from case_events where case_id = any($1) order by case_id, seq`,
        values: [caseIds],
      })
      return [...Map.groupBy(rows, row => row.case_id).values()].map(events => events.map(eventOf))
    },

    async put(scores) {
      const json = JSON.stringify(scores.map(scoreRow))
      await runTogether(pool, [
        // Whoever read later writes later, or not at all.
        { name: 'lock-scores', text: `select pg_advisory_xact_lock(hashtext('case_scores'))`, values: [] },
        {
          name: 'drop-scores',
          text: `delete from case_scores using json_to_recordset($1) as row(case_id text, version integer)
            where case_scores.case_id = row.case_id and case_scores.version < row.version`,
          values: [json],
        },
        {
          name: 'put-scores',
          text: `insert into case_scores
            select row.* from json_populate_recordset(null::case_scores, $1) as row
            where not exists (select from case_scores newer where newer.case_id = row.case_id and newer.version > row.version)
            on conflict (case_id, department) do nothing`,
          values: [json],
        },
      ])
    },

    async evaluate(scope, group) {
      const key = KEYS[group]
      const counted = rowsOf<CountRow>(
        db,
        sql`select ${key} as key, measure, count(*)::integer as counted,
            (count(*) filter (where measure = any(score.met)))::integer as met,
            coalesce(sum(score.hops) filter (where measure = 'direct'), 0)::integer as hops
          from case_scores score cross join unnest(score.counted) measure
          where ${inScope(scope)} group by 1, 2 order by 1, 2`,
      )
      const excluded = rowsOf<ExclusionRow>(
        db,
        sql`select ${key} as key, score.exclusion, count(*)::integer as excluded from case_scores score
          where ${inScope(scope)} and score.exclusion is not null group by 1, 2 order by 1, 2`,
      )
      return grouped(await counted, await excluded)
    },

    async casesBehind(scope, figure, of, page) {
      const columns = sql.join(SUMMARY_COLUMNS.map(column => sql.ref(`cases.${column}`)))
      const place = page.after?.split(' ') ?? ['', '']
      const rows = await rowsOf<BehindRow>(
        db,
        sql`select ${columns}, score.department as holder, score.exclusion, score.exclusion_seq
          from case_scores score join cases on cases.id = score.case_id
          where ${inScope(scope)} and ${isIn(figure)}
            and ${of ? sql`${KEYS[of.group]} is not distinct from ${of.key}` : sql`true`}
            and (score.case_id, score.department) > (${place[0]}::text, ${place[1]}::text)
          order by score.case_id, score.department limit ${page.limit}`,
      )
      return rows.map(behindOf)
    },
  }
}

/** Which scores an evaluation counts: the numbers and the lists behind them both ask this. */
export function inScope(scope: ScoreScope): RawBuilder<boolean> {
  const day = scope.by === 'filed' ? sql.ref('score.filed_on') : sql.ref('score.concluded_on')
  const all = [sql<boolean>`${day} between ${scope.from}::date and ${scope.to}::date`]
  for (const name of ['department', 'street', 'channel', 'type'] as const)
    if (scope[name] !== undefined) all.push(sql`${sql.ref(`score.${name}`)} = ${scope[name]}`)
  if (scope.subject !== undefined)
    all.push(sql`(score.subject = ${scope.subject} or starts_with(score.subject, ${`${scope.subject}/`}))`)
  return sql.join(all, sql` and `)
}

/** Which of them one number counts. */
function isIn(figure: Figure): RawBuilder<boolean> {
  if ('exclusion' in figure) return sql`score.exclusion = ${figure.exclusion}`
  const { measure, part } = figure
  const isCounted = sql<boolean>`${measure} = any(score.counted)`
  if (part === 'counted') return isCounted
  const isMet = sql<boolean>`${measure} = any(score.met)`
  return part === 'met' ? sql`${isCounted} and ${isMet}` : sql`${isCounted} and not ${isMet}`
}

interface CountRow {
  key: string | null
  measure: Measure
  counted: number
  met: number
  hops: number
}

interface ExclusionRow {
  key: string | null
  exclusion: Exclusion['because']
  excluded: number
}

type BehindRow = SummaryRow & {
  holder: string
  exclusion: Exclusion['because'] | null
  exclusion_seq: number | null
}

function grouped(counted: readonly CountRow[], excluded: readonly ExclusionRow[]): GroupScore[] {
  const groups = new Map<string | null, GroupScore>()
  const groupOf = (key: string | null) => {
    const known = groups.get(key) ?? { key, measures: {}, exclusions: {}, hops: 0 }
    groups.set(key, known)
    return known
  }
  for (const { key, measure, counted: all, met, hops } of counted) {
    const group = groupOf(key)
    group.measures[measure] = { counted: all, met }
    group.hops += hops
  }
  for (const { key, exclusion, excluded: count } of excluded) groupOf(key).exclusions[exclusion] = count
  return [...groups.values()]
}

function behindOf(row: BehindRow): ScoredCase {
  const { holder, exclusion, exclusion_seq: seq } = row
  return {
    summary: summaryOf(row),
    department: holder,
    exclusion: exclusion === null || seq === null ? null : { because: exclusion, seq },
  }
}
