import type pg from 'pg'
import type { Correction } from '../../usecases/ports.ts'
import { runStatement } from './connection.ts'

/** The last correction of each case's subject, in order of time. What was told in confidence teaches nobody. */
export async function readCorrections(pool: pg.Pool): Promise<Correction[]> {
  const rows = await runStatement<{ words: string; subject: string; by: string; at: Date }>(pool, {
    name: 'corrections',
    text: `select * from (
        select distinct on (corrected.case_id) filed.data->>'words' as words, corrected.data->>'subject' as subject,
          corrected.actor->>'id' as by, corrected.at
        from case_events corrected
          join case_events filed on filed.case_id = corrected.case_id and filed.seq = 1
        where corrected.type = 'subject-corrected' and corrected.data->>'subject' is not null
          and not (filed.data->>'isConfidential')::boolean
        order by corrected.case_id, corrected.seq desc
      ) latest order by at`,
    values: [],
  })
  return rows
}
