import { expressionBuilder, type Kysely, type RawBuilder, sql } from 'kysely'
import { type Finishes, STEPS } from '../../followup/lateness.ts'
import type {
  OpenOrder,
  OverviewStore,
  PassCount,
  PlaceCount,
  RatePoint,
  RunningTime,
  ToldCase,
} from '../../usecases/overview-ports.ts'
import { concerns, conditions, IS_OPEN, passes } from './case-conditions.ts'
import { rowsOf } from './rows-of.ts'
import { inScope } from './score-store.ts'
import type { Tables } from './tables.ts'

/** Counts for the supervisor's desk. What a number counts is said by the conditions of the list that it opens. */
export function createOverviewStore(db: Kysely<Tables>): OverviewStore {
  const builder = expressionBuilder<Tables, 'cases'>()
  const of = (department: string | undefined) =>
    department === undefined ? sql<boolean>`true` : sql<boolean>`${concerns(builder, department)}`
  return {
    async countEach(filters) {
      const counts = filters.map(
        (filter, index) =>
          sql`(select count(*)::integer from cases where ${conditions(builder, filter)}) as ${sql.id(`n${index}`)}`,
      )
      if (counts.length === 0) return []
      const [row] = await rowsOf<Record<string, number>>(db, sql`select ${sql.join(counts)}`)
      return filters.map((_, index) => row![`n${index}`]!)
    },

    places: ({ department, since, now }) =>
      rowsOf<PlaceCount>(
        db,
        // The two are read apart, each by its own index.
        sql`select street, community, sum(open)::integer as open, sum(overdue)::integer as overdue,
            sum(recent)::integer as recent
          from (
            select street, community, 1 as open, (due_at < ${now})::integer as overdue, 0 as recent from cases
              where ${IS_OPEN} and not is_confidential and street is not null and ${of(department)}
            union all
            select street, community, 0, 0, 1 from cases
              where filed_at >= ${since} and not is_confidential and street is not null and ${of(department)}
          ) each group by street, community order by street, community nulls first`,
      ),

    passes: ({ department, since }) =>
      rowsOf<PassCount>(
        db,
        sql`select sender, receiver, count(distinct case_id)::integer as cases from ${passes(since)} pass
          where sender is not null
            and ${department === undefined ? sql`true` : sql`case_id in (select id from cases where ${of(department)})`}
          group by 1, 2 order by 3 desc, 1, 2`,
      ),

    async rates(scope, step) {
      const day = scope.by === 'filed' ? sql.ref('score.filed_on') : sql.ref('score.concluded_on')
      return rowsOf<RatePoint>(
        db,
        sql`select department, to_char(date_trunc(${step}, ${day}), 'YYYY-MM-DD') as "from", measure,
            count(*)::integer as counted, (count(*) filter (where measure = any(score.met)))::integer as met
          from case_scores score cross join unnest(array['contacted', 'resolved', 'satisfied']) measure
          where ${inScope(scope)} and measure = any(score.counted) group by 1, 2, 3 order by 1, 2, 3`,
      )
    },

    finishes: ({ from, before, limit }) =>
      rowsOf<Finishes>(
        db,
        sql`with replied as (
            select case_id, actor, clocks from case_events
            where type = 'replied' and at >= ${from} and at < ${before} order by at desc limit ${limit}
          )
          select replied.actor->>'department' as department, coalesce(split_part(cases.subject, '/', 1), '') as topic,
            ${stepOf(sql`clock`)} as step, count(*)::integer as cases
          from replied join cases on cases.id = replied.case_id
            cross join lateral jsonb_array_elements(replied.clocks) clock
          where clock->>'kind' = 'handle' and replied.actor->>'department' is not null
          group by 1, 2, 3`,
      ),

    runningTimes: ({ department }) =>
      rowsOf<RunningTime>(
        db,
        sql`select id, lead as department, coalesce(split_part(subject, '/', 1), '') as topic,
            promise_from as "from", due_at as "dueAt"
          from cases where state in ('dispatched', 'handling') and ${IS_OPEN} and lead is not null
            and due_at < 'infinity' and promise_from is not null and ${of(department)}`,
      ),

    toldSince: ({ department, since, limit }) =>
      rowsOf<ToldCase>(
        db,
        sql`select id, encode(user_key, 'hex') as "user", filed_at as at, summary, place, subject
          from cases where filed_at >= ${since} and not is_confidential
            and state not in ('withdrawn', 'merged', 'not-accepted') and ${of(department)}
          order by filed_at desc, id desc limit ${limit}`,
      ),

    orders: ({ department, limit }) =>
      rowsOf<OpenOrder>(
        db,
        sql`select id, supervision_level as level, supervision_due_at as "dueAt",
            not 'order' = any(awaits) as "isAnswered"
          from cases where supervision_level is not null and ${of(department)}
          order by supervision_due_at, id limit ${limit}`,
      ),
  }
}

/** In which of `STEPS` equal steps of its time a stopped clock was; the last one: after it. */
function stepOf(clock: RawBuilder<unknown>): RawBuilder<number> {
  const at = (name: string) => sql`(${clock}->>${sql.lit(name)})::timestamptz`
  const used = sql`extract(epoch from ${at('stoppedAt')} - ${at('startedAt')})`
  const whole = sql`greatest(1, extract(epoch from ${at('dueAt')} - ${at('startedAt')}))`
  return sql<number>`least(${sql.lit(STEPS)}, greatest(0, case when ${at('stoppedAt')} > ${at('dueAt')} then ${sql.lit(STEPS)}
    else least(${sql.lit(STEPS - 1)}, floor(${sql.lit(STEPS)} * ${used} / ${whole})) end))::integer`
}
