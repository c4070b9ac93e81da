import { type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely'
import { REPEAT_DAYS } from '../../followup/doubtful-closure.ts'
import { DAY } from '../../kernel/clock.ts'
import type { CaseConditions, CaseFilter } from '../../usecases/case-filter.ts'
import { searchText } from './case-rows.ts'
import type { Tables } from './tables.ts'

type Builder = ExpressionBuilder<Tables, 'cases'>

/** Which cases a filter means: lists, and the numbers that open them, ask the same. */
export function conditions(builder: Builder, filter: CaseConditions) {
  const all = []
  if (!filter.includeConfidential) all.push(builder('is_confidential', '=', false))
  if (filter.states) all.push(builder('state', 'in', filter.states.length > 0 ? filter.states : ['']))
  if (filter.department) all.push(concerns(builder, filter.department))
  if (filter.subjectPrefix) all.push(isUnder(builder, filter.subjectPrefix))
  if (filter.grade) all.push(builder('grade', '=', filter.grade))
  if (filter.peopleAtLeast && filter.peopleAtLeast > 1) all.push(isToldBy(filter.peopleAtLeast))
  if (filter.type) all.push(builder('type', '=', filter.type))
  if (filter.channel) all.push(builder('channel', '=', filter.channel))
  if (filter.filedSince) all.push(builder('filed_at', '>=', filter.filedSince))
  if (filter.changedSince) all.push(builder('changed_at', '>=', filter.changedSince))
  if (filter.dueBefore) all.push(builder('due_at', '<', filter.dueBefore))
  if (filter.light) all.push(shows(builder, filter.light))
  for (const word of searchText(filter.search ?? '').split(/\s+/)) {
    if (word) all.push(builder('search', 'like', `%${escapeLike(word)}%`))
  }
  if (filter.isReworked !== undefined) all.push(sql<boolean>`${IS_REWORKED} = ${filter.isReworked}`)
  return builder.and([...all, ...overviewConditions(builder, filter)])
}

/** What the supervisor's numbers open. */
function overviewConditions(builder: Builder, filter: CaseConditions) {
  const all = []
  if (filter.isOpen) all.push(IS_OPEN)
  if (filter.street) all.push(builder('street', '=', filter.street))
  if (filter.community) all.push(builder('community', '=', filter.community))
  if (filter.ids) all.push(builder('id', 'in', filter.ids.length > 0 ? filter.ids : ['']))
  if (filter.dueFrom) all.push(builder('due_at', '>=', filter.dueFrom))
  if (filter.reviewBefore)
    all.push(sql<boolean>`(review_at < 'infinity' and review_at < ${filter.reviewBefore})`)
  if (filter.awaits) all.push(sql<boolean>`(awaits <> '{}' and awaits @> array[${filter.awaits}]::text[])`)
  if (filter.doubtfulSince) all.push(isDoubtful(filter.doubtfulSince))
  if (filter.order) all.push(hasOrder(builder, filter.order))
  if (filter.passed)
    all.push(sql<boolean>`id in (select case_id from ${passes(filter.passed.since)} pass
    where sender = ${filter.passed.by} and receiver is not distinct from ${filter.passed.to})`)
  return all
}

/** Sent back by whoever told of it, at any time. By the key of the events, a look for each case that matches all else. */
export const IS_REWORKED = sql<boolean>`exists (select from case_events sent_back
  where sent_back.case_id = cases.id and sent_back.type = 'reworked')`

/** As the index `cases_open` says it. */
export const IS_OPEN = sql<boolean>`cases.state in ('received', 'incomplete', 'accepted', 'returned', 'dispatched', 'handling',
  'waiting-resident', 'suspended', 'joined', 'replied')`

function hasOrder(builder: Builder, { level, is, at }: NonNullable<CaseFilter['order']>) {
  const all: Expression<SqlBool>[] = [builder('supervision_level', 'is not', null)]
  if (level) all.push(builder('supervision_level', '=', level))
  const isUnanswered = sql<boolean>`(awaits <> '{}' and awaits @> array['order'])`
  if (is) all.push(is === 'answered' ? sql<boolean>`not ${isUnanswered}` : isUnanswered)
  if (is === 'late') all.push(builder('supervision_due_at', '<', at))
  return builder.and(all)
}

/**
 * Every return since, and to whom the case went next: the sender itself when its return was refused, null while nobody has ruled.
 * Columns: `case_id`, `sender`, `receiver`.
 */
export function passes(since: Date): RawBuilder<unknown> {
  return sql`(select returned.case_id, returned.actor->>'department' as sender,
      case next.type when 'return-refused' then returned.actor->>'department' else next.data->>'lead' end as receiver
    from case_events returned left join lateral (
      select type, data from case_events later where later.case_id = returned.case_id and later.seq > returned.seq
        and later.type in ('dispatched', 'ruled', 'return-refused') order by later.seq limit 1
    ) next on true
    where returned.type = 'returned' and returned.at >= ${since})`
}

/**
 * `doubtsOf` in SQL, for doubts that arose since: the person said "no" to what the latest reply says, or came again with the same
 * subject within `REPEAT_DAYS` after it.
 */
function isDoubtful(since: Date) {
  const reply = (before: RawBuilder<unknown>) => sql`lateral (select seq, at, data from case_events replied
    where ${before} and replied.type = 'replied' order by replied.seq desc limit 1) reply`
  return sql<boolean>`id in (
    select said.case_id from case_events said
      cross join ${reply(sql`replied.case_id = said.case_id`)}
      where said.at >= ${since} and said.seq > reply.seq and ${IS_REFUTED}
        and (said.data->>'resolved' = 'false' and reply.data->>'solved' = 'solved'
          or said.data->>'contacted' = 'false' and reply.data->'contact'->>'how' <> 'not-reached')
    union
    select earlier.id from cases later
      join cases earlier on earlier.user_key = later.user_key and earlier.subject = later.subject
        and earlier.id <> later.id and earlier.filed_at < later.filed_at
      cross join ${reply(sql`replied.case_id = earlier.id`)}
      where later.filed_at >= ${since} and reply.data->>'solved' = 'solved' and reply.at < later.filed_at
        and later.filed_at <= reply.at + ${`${REPEAT_DAYS * DAY} milliseconds`}::interval)`
}

/** As the index `case_events_refuted` says it. */
const IS_REFUTED = sql<boolean>`said.type in ('followed-up', 'reworked')
  and (said.data->>'contacted' = 'false' or said.data->>'resolved' = 'false')`

export function concerns(builder: Builder, department: string) {
  const isLead = builder('lead', '=', department)
  // Repeats the index's own condition, so that the index may be used.
  const isCoHandler = sql<boolean>`(co_handlers <> '{}' and co_handlers @> array[${department}]::text[])`
  return builder.or([isLead, isCoHandler])
}

/** Counts only those who wait now: what was answered long ago is no hot issue, and costs nothing here. */
function isToldBy(people: number) {
  return sql<boolean>`id in (select joined_to from cases one where one.state = 'joined'
    group by joined_to having count(*) >= ${people - 1})`
}

/** Red is past its time, yellow past a warning before it, green all else. */
function shows(builder: Builder, { is, of, at }: NonNullable<CaseFilter['light']>) {
  const due = of === 'next' ? 'next_due_at' : 'due_at'
  if (is === 'red') return builder(due, '<', at)
  return builder.and([builder(due, '>=', at), builder('warn_at', is === 'yellow' ? '<=' : '>', at)])
}

/** Is a case about this subject or one below it? */
export function isUnder(builder: Builder, prefix: string) {
  return builder.or([builder('subject', '=', prefix), builder('subject', 'like', `${escapeLike(prefix)}/%`)])
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
