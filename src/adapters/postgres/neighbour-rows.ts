import { JOINABLE_STATES } from '../../cases/case-state.ts'
import type { Neighbour } from '../../usecases/ports.ts'
import { SUMMARY_COLUMNS } from './case-rows.ts'
import type { Statement } from './connection.ts'

const MOST = 20

/** How many people told of `cases`: who withdrew again is not among them. */
export const PEOPLE = `(1 + (select count(*) from cases one
  where one.joined_to = cases.id and one.state <> 'withdrawn'))::integer`

export interface NeighbourRow {
  id: string
  subject: string
  summary: string
  place: string | null
  street: string | null
  lead: string
  stage: string
  filed_at: Date
  due_at: Date | number
  people: number
  is_own: boolean
}

/** One look-up in `cases_neighbours`, and one in `cases_joined` for each case that is found. */
export function neighboursStatement(
  like: { jurisdiction: string; key: string; since: Date },
  userKey: Buffer,
): Statement {
  return {
    name: 'neighbours',
    text: `select id, subject, summary, place, street, lead, stage, filed_at, due_at, ${PEOPLE} as people,
        user_key = $4 or exists (
          select from cases one where one.joined_to = cases.id and one.user_key = $4 and one.state = 'joined'
        ) as is_own
      from cases where jurisdiction = $1 and neighbour_key = $2 and filed_at >= $3
      order by filed_at desc, id desc limit ${MOST}`,
    values: [like.jurisdiction, like.key, like.since, userKey],
  }
}

export function neighbourOf(row: NeighbourRow): Neighbour {
  const { filed_at: filedAt, due_at: dueAt, is_own: isOwn, ...rest } = row
  return { ...rest, filedAt, dueAt: dueAt instanceof Date ? dueAt : null, isOwn }
}

export function joinedToStatement(caseId: string, page: { after: string; limit: number }): Statement {
  return {
    name: 'joined-to',
    text: `select ${SUMMARY_COLUMNS.join(', ')} from cases
      where joined_to = $1 and state = 'joined' and id > $2 order by id limit $3`,
    values: [caseId, page.after, page.limit],
  }
}

export function answeredWithStatement(caseId: string, page: { after: string; limit: number }): Statement {
  return {
    name: 'answered-with',
    text: `select id from cases
      where joined_to = $1 and state in ('replied', 'closed') and id > $2 order by id limit $3`,
    values: [caseId, page.after, page.limit],
  }
}

export function heirStatement(caseId: string): Statement {
  return {
    name: 'heir-of',
    text: 'select id from cases where joined_to = $1 and state = any($2::text[]) order by id limit 1',
    values: [caseId, JOINABLE_STATES],
  }
}

export function peopleStatement(caseId: string): Statement {
  return { name: 'people-of', text: `select ${PEOPLE} as people from cases where id = $1`, values: [caseId] }
}
