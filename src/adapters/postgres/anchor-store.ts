import type pg from 'pg'
import { z } from 'zod'
import { DAY } from '../../kernel/clock.ts'
import type { AnchorStore, StoredAnchor } from '../../usecases/anchor-ports.ts'
import { runStatement } from './connection.ts'

interface AnchorRow {
  day: string
  previous_hash: string
  hash: string
  heads: unknown
}

const headsSchema = z.array(z.tuple([z.string(), z.int(), z.string()]))

/** Daily anchors over all cases, and what else the audit counts. */
export function createAnchorStore(pool: pg.Pool): AnchorStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })

  return {
    async last() {
      const [row] = await run<{ day: string; hash: string }>(
        'last-anchor',
        'select day::text, hash from anchors order by day desc limit 1',
        [],
      )
      return row ?? null
    },

    async firstFiling() {
      const [row] = await run<{ first: Date | null }>(
        'first-filing',
        'select min(filed_at) as first from cases',
        [],
      )
      return row?.first ?? null
    },

    async headsOf(day) {
      const start = new Date(`${day}T00:00:00+08:00`)
      const rows = await run<{ case_id: string; seq: number; hash: string }>(
        'day-heads',
        `select distinct on (case_id) case_id, seq, hash from case_events where at >= $1 and at < $2
         order by case_id, seq desc`,
        [start, new Date(start.getTime() + DAY)],
      )
      return rows.map(({ case_id: caseId, seq, hash }) => ({ caseId, seq, hash }))
    },

    async add({ day, previousHash, hash, heads }) {
      const rows = heads.map(head => [head.caseId, head.seq, head.hash])
      const added = await run(
        'add-anchor',
        `insert into anchors (day, previous_hash, hash, heads) values ($1, $2, $3, $4)
         on conflict (day) do nothing returning day`,
        [day, previousHash, hash, JSON.stringify(rows)],
      )
      return added.length > 0
    },

    async *each() {
      for (let after = '-infinity'; ; ) {
        const rows = await run<AnchorRow>(
          'anchors',
          `select day::text, previous_hash, hash, heads from anchors where day > $1 order by day limit 30`,
          [after],
        )
        yield* rows.map(anchorOf)
        const last = rows.at(-1)
        if (!last) return
        after = last.day
      }
    },

    async eventsWithoutCase() {
      const rows = await run<{ case_id: string; seq: number }>(
        'events-without-case',
        `select distinct on (case_id) case_id, seq from case_events event
         where not exists (select from cases where id = event.case_id) order by case_id, seq`,
        [],
      )
      return rows.map(({ case_id: caseId, seq }) => ({ caseId, seq }))
    },

    async countLooks() {
      const [row] = await run<{ count: string }>('count-looks', 'select count(*) from looks', [])
      return Number(row!.count)
    },
  }
}

function anchorOf({ day, previous_hash: previousHash, hash, heads: stored }: AnchorRow): StoredAnchor {
  const heads = headsSchema.safeParse(stored)
  if (!heads.success) return { day, previousHash, hash, heads: null }
  return {
    day,
    previousHash,
    hash,
    heads: heads.data.map(([caseId, seq, head]) => ({ caseId, seq, hash: head })),
  }
}
