import type { CaseAlike } from '../../followup/supervision-rules.ts'
import type { Statement } from './connection.ts'

/** Row of `casesAlikeStatement`. */
export interface AlikeRow {
  id: string
  person: string
  filed_at: Date
  is_open: boolean
}

const MOST = 1000

/** Cases of one subject at one place, oldest first; one look-up in the index `cases_subject_place`. */
export function casesAlikeStatement(like: { subject: string; place: string; since: Date }): Statement {
  return {
    name: 'cases-alike',
    text: `select id, encode(user_key, 'hex') as person, filed_at,
        state not in ('closed', 'merged') as is_open
      from cases where subject = $1 and place = $2 and filed_at >= $3
        and state not in ('withdrawn', 'not-accepted')
      order by filed_at, id limit ${MOST}`,
    values: [like.subject, like.place, like.since],
  }
}

export function alikeOf({ id, person, filed_at, is_open }: AlikeRow): CaseAlike {
  return { id, person, filedAt: filed_at, isOpen: is_open }
}
