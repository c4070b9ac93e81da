import type { CaseAlike } from '../../followup/supervision-rules.ts'
import type { Likeness } from '../../usecases/ports.ts'
import type { Statement } from './connection.ts'

/** Row of `casesAlikeStatement`. */
export interface AlikeRow {
  id: string
  person: string
  filed_at: Date
  is_open: boolean
}

const MOST = 1000

/** Oldest first; a look-up in the index `cases_subject_place`, and in that of those who joined. */
export function casesAlikeStatement({ subject, place, since, handled }: Likeness): Statement {
  return {
    name: 'cases-alike',
    text: `select id, encode(user_key, 'hex') as person, filed_at,
        state not in ('closed', 'merged', 'joined') as is_open
      from cases where ((subject = $1 and place = $2) or id = $4 or joined_to = $4) and filed_at >= $3
        and state not in ('withdrawn', 'not-accepted')
      order by filed_at, id limit ${MOST}`,
    values: [subject, place, since, handled],
  }
}

export function alikeOf({ id, person, filed_at, is_open }: AlikeRow): CaseAlike {
  return { id, person, filedAt: filed_at, isOpen: is_open }
}
