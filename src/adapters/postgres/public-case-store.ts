import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import type { CaseState, Stage } from '../../cases/case-state.ts'
import type { PublicCase, PublicCaseFilter, PublicCaseStore } from '../../usecases/public-case-ports.ts'
import { isUnder } from './case-conditions.ts'
import type { SummaryRow } from './case-rows.ts'
import { translateError } from './database-errors.ts'
import type { Tables } from './tables.ts'

/** Cases that anybody may know of. The one place where this is decided; what is shown of them is the use cases' business. */
const IS_PUBLIC = sql<boolean>`not cases.is_confidential and not cases.is_emergency
  and cases.type not in ('report', 'application') and cases.state <> 'withdrawn'`

/** Told with the filing and never changed; the place itself may have been corrected since. */
const FILED_ELEMENTS = sql<FiledElements>`(select filed.data->'elements' from case_events filed
  where filed.case_id = cases.id and filed.seq = 1)`

interface FiledElements {
  place: string | null
  at: [number, number] | null
}

const COLUMNS = [
  'id',
  'number',
  'state',
  'stage',
  'type',
  'subject',
  'place',
  'street',
  'lead',
  'filed_at',
  'changed_at',
  'due_at',
] as const satisfies readonly (keyof SummaryRow)[]

export function createPublicCaseStore(db: Kysely<Tables>): PublicCaseStore {
  return {
    async list(filter) {
      const rows = await db
        .selectFrom('cases')
        .select(COLUMNS)
        .select(FILED_ELEMENTS.as('filed'))
        .where(builder => conditions(builder, filter))
        .orderBy('filed_at', 'desc')
        .orderBy('id', 'desc')
        .limit(filter.limit)
        .offset(filter.offset)
        .execute()
        .catch(refuse)
      return rows.map(publicCaseOf)
    },

    async events({ jurisdiction, numbers, types, from, to, limit, offset }) {
      return db
        .selectFrom('case_events')
        .innerJoin('cases', 'cases.id', 'case_events.case_id')
        .select(['cases.number', 'case_events.seq', 'case_events.type', 'case_events.at'])
        .where(IS_PUBLIC)
        .where('cases.jurisdiction', '=', jurisdiction)
        .where('case_events.at', '>=', from)
        .where('case_events.at', '<=', to)
        .where('case_events.type', 'in', types)
        .$if(numbers !== undefined, query => query.where('cases.number', 'in', orNone(numbers!)))
        .orderBy('case_events.at')
        .orderBy('case_events.case_id')
        .orderBy('case_events.seq')
        .limit(limit)
        .offset(offset)
        .execute()
        .catch(refuse)
    },
  }
}

function conditions(builder: ExpressionBuilder<Tables, 'cases'>, filter: PublicCaseFilter) {
  const all = [IS_PUBLIC, builder('jurisdiction', '=', filter.jurisdiction)]
  if (filter.numbers) return builder.and([...all, builder('number', 'in', orNone(filter.numbers))])
  if (filter.subjects) {
    const any = filter.subjects.map(subject =>
      subject === null ? builder('subject', 'is', null) : isUnder(builder, subject),
    )
    all.push(builder.or(any))
  }
  if (filter.states) all.push(builder('state', 'in', orNone(filter.states)))
  if (filter.from) all.push(builder('filed_at', '>=', filter.from))
  if (filter.to) all.push(builder('filed_at', '<=', filter.to))
  return builder.and(all)
}

/** SQL has no empty list. */
function orNone(list: readonly string[]): readonly string[] {
  return list.length > 0 ? list : ['']
}

type Row = Pick<SummaryRow, (typeof COLUMNS)[number]> & { filed: FiledElements }

function publicCaseOf({ filed, filed_at, changed_at, due_at, state, stage, ...rest }: Row): PublicCase {
  return {
    ...rest,
    state: state as CaseState,
    stage: stage as Stage,
    filedAt: filed_at,
    changedAt: changed_at,
    dueAt: due_at instanceof Date ? due_at : null,
    at: filed.place === rest.place ? filed.at : null,
  }
}

function refuse(error: unknown): never {
  throw translateError(error)
}
