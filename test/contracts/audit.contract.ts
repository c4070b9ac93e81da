import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CaseEvent, chain } from '../../src/cases/case-event.ts'
import { scoreCase } from '../../src/followup/three-rates.ts'
import { DAY } from '../../src/kernel/clock.ts'
import { anchorDays } from '../../src/usecases/anchor-days.ts'
import { formatAuditProblem } from '../../src/usecases/audit-problem.ts'
import { verifyAudit } from '../../src/usecases/verify-audit.ts'
import type { TestServer } from '../support/database-server.ts'
import { act, fileSample, SAMPLE_TIME, type SampleCase, sampleFiling } from '../support/sample-cases.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

const HANDLER = { role: 'handler', id: 'h1', department: 'housing' } as const
const AGENT = { role: 'agent', id: 'a1' } as const
const NEXT_DAY = new Date(SAMPLE_TIME.getTime() + DAY)
const LATER = { now: () => new Date(SAMPLE_TIME.getTime() + 5 * DAY) }

interface Life {
  isOver?: boolean
  /** How many of its events the scores know. */
  scoredUpTo?: number
}

/** Whoever may write to the database can still not change what has happened without being found. */
export function auditContract(name: string, server: () => TestServer): void {
  describe(`the audit on ${name}`, () => {
    let opened: TestStore
    let raw: pg.Client

    beforeAll(async () => {
      opened = await createTestStore(server())
      raw = new pg.Client(opened.connection)
      await raw.connect()
    })

    afterAll(async () => {
      await raw?.end()
      await opened?.drop()
    })

    /** Filed and dispatched on one day, signed and noted on the next: five events. */
    const fileLife = async ({ isOver = false, scoredUpTo = 5 }: Life = {}): Promise<SampleCase> => {
      const filed = fileSample()
      const signed = act(filed, { action: 'sign', actor: HANDLER, at: NEXT_DAY })
      const noted = act(signed, { action: 'note', actor: HANDLER, at: NEXT_DAY, input: { text: '看过' } })
      const life = isOver
        ? act(noted, { action: 'withdraw', actor: AGENT, at: NEXT_DAY, reason: '不办了' })
        : noted
      await opened.store.transact(async tx => tx.addCase(life.case, life.events, sampleFiling()))
      await opened.store.scores.put(scoreCase(life.events.slice(0, scoredUpTo), 'hotline-centre'))
      return life
    }
    const verify = async (knownAnchor?: string) => {
      const problems: string[] = []
      const report = await verifyAudit(opened.store, problem => problems.push(formatAuditProblem(problem)), {
        knownAnchor,
      })
      return { problems, report }
    }
    /** Statements of somebody who may do anything to the database, undone after what they led to was seen. */
    const tampered = async (
      statements: (life: SampleCase) => string[],
      { isAnchored = true, ...kind }: Life & { isAnchored?: boolean } = {},
    ) => {
      await raw.query('set session_replication_role = replica')
      await raw.query(
        'truncate anchors, case_events, case_clocks, persons, case_scores, looks, cases cascade',
      )
      await raw.query('set session_replication_role = origin')
      const life = await fileLife(kind)
      await fileLife()
      if (isAnchored) await anchorDays({ store: opened.store, clock: LATER })
      expect((await verify()).problems).toEqual([])
      await raw.query('set session_replication_role = replica')
      for (const statement of statements(life)) await raw.query(statement)
      await raw.query('set session_replication_role = origin')
      const { problems } = await verify()
      const { id } = life.case
      return problems.map(problem => problem.replace(id, 'X'))
    }

    test('what is whole is whole, and its last anchor can be kept elsewhere', async () => {
      await tampered(() => [])
      const { report, problems } = await verify()
      expect(report).toMatchObject({ cases: 2, events: 10, anchors: 5, broken: 0 })
      expect(problems).toEqual([])
      expect((await verify(report.lastAnchor!.hash)).report.broken).toBe(0)
      expect((await verify('0'.repeat(64))).problems).toEqual([`no day has the anchor ${'0'.repeat(64)}`])
    })

    test('a changed event is named, and so is a second one', async () => {
      const problems = await tampered(({ case: { id } }) => [
        `update case_events set actor = '{"role":"handler","id":"somebody"}' where case_id = '${id}' and seq in (2, 4)`,
      ])
      expect(problems).toEqual(['case X: event 2 is changed', 'case X: event 4 is changed'])
    })

    test('an event removed from the middle', async () => {
      const problems = await tampered(({ case: { id } }) => [
        `delete from case_events where case_id = '${id}' and seq = 3`,
      ])
      expect(problems).toContain('case X: event 3 is missing')
    })

    test('the last events removed, and the head set back to fit', async () => {
      const problems = await tampered(({ case: { id }, events }) => [
        `delete from case_events where case_id = '${id}' and seq > 3`,
        `update cases set version = 3, hash = '${events[2]!.hash}' where id = '${id}'`,
      ])
      expect(problems).toEqual([
        'case X: not what its events say: cases.state, cases.stage, cases.changed_at, cases.sign_due_at, case_clocks.sign.alarm_at, case_clocks.sign.calendar_version, case_scores.version',
        'case X: event 5 is missing (anchor of 2026-11-25)',
      ])
    })

    test('a whole case removed', async () => {
      const problems = await tampered(({ case: { id } }) =>
        ['case_events', 'case_clocks', 'persons', 'cases'].map(
          table => `delete from ${table} where ${table === 'cases' ? 'id' : 'case_id'} = '${id}'`,
        ),
      )
      expect(problems).toEqual([
        'case X: event 3 is missing (anchor of 2026-11-24)',
        'case X: event 5 is missing (anchor of 2026-11-25)',
      ])
    })

    test('events removed while the row of their case is there', async () => {
      const problems = await tampered(({ case: { id } }) => [
        `delete from case_events where case_id = '${id}'`,
      ])
      for (const seq of [1, 2, 3, 4, 5]) expect(problems).toContain(`case X: event ${seq} is missing`)
    })

    test.each([
      [`state = 'closed'`, 'cases.state'],
      [`lead = 'somebody'`, 'cases.lead'],
      [`lead = null, subject = null`, 'cases.subject, cases.lead'],
      [`co_handlers = '{somebody}'`, 'cases.co_handlers'],
      [`is_confidential = true`, 'cases.is_confidential'],
      [`due_at = due_at + interval '1 day'`, 'cases.due_at'],
      [`due_at = 'infinity'`, 'cases.due_at'],
      [`filed_at = filed_at - interval '1 hour'`, 'cases.filed_at'],
      [`number = 'X' || number`, 'cases.number'],
      [`search = ''`, 'cases.search'],
      [`channel = 'wechat'`, 'cases.channel'],
    ])('a row with %s is named, though every event is whole', async (change, columns) => {
      const problems = await tampered(({ case: { id } }) => [`update cases set ${change} where id = '${id}'`])
      expect(problems).toEqual([`case X: not what its events say: ${columns}`])
    })

    test('a due time given to a case that is over', async () => {
      const problems = await tampered(
        ({ case: { id } }) => [
          `update cases set due_at = '2026-12-31', warn_at = '2026-12-30' where id = '${id}'`,
        ],
        { isOver: true },
      )
      expect(problems).toEqual(['case X: not what its events say: cases.due_at, cases.warn_at'])
    })

    test.each(['case_events', 'persons'])('%s said to be of another city', async table => {
      const problems = await tampered(({ case: { id } }) => [
        `update ${table} set jurisdiction = 'x' where case_id = '${id}'`,
      ])
      expect(problems).toEqual([`case X: not what its events say: ${table}.jurisdiction`])
    })

    test.each([
      [`met = '{punctual,resolved}'`, 'housing.met'],
      [`counted = '{}', met = '{}'`, 'housing.counted, housing.met'],
      [`exclusion = 'out-of-duty', exclusion_seq = 3`, 'housing.exclusion, housing.exclusion_seq'],
      [`filed_on = filed_on - 40`, 'housing.filed_on'],
      [`concluded_on = filed_on`, 'housing.concluded_on'],
      [`department = 'somebody'`, 'housing, somebody'],
      [`version = 99`, 'version'],
    ])('a forged score, %s', async (change, columns) => {
      const problems = await tampered(({ case: { id } }) => [
        `update case_scores set ${change} where case_id = '${id}'`,
      ])
      const named = columns.replaceAll(/(^|, )/g, '$1case_scores.')
      expect(problems).toEqual([`case X: not what its events say: ${named}`])
    })

    test('scores that are behind their case are whole, and are compared as of then', async () => {
      const problems = await tampered(
        ({ case: { id } }) => [`update case_scores set met = '{cases}' where case_id = '${id}'`],
        { scoredUpTo: 4 },
      )
      expect(problems).toEqual(['case X: not what its events say: case_scores.housing.met'])
    })

    test('a clock that somebody silenced, and one made up', async () => {
      const problems = await tampered(({ case: { id } }) => [
        `update case_clocks set alarm_at = null where case_id = '${id}' and kind = 'handle'`,
        `delete from case_clocks where case_id = '${id}' and kind = 'sign'`,
        `insert into case_clocks values ('${id}', 'follow-up', 'shenfu', null)`,
      ])
      expect(problems).toEqual([
        'case X: not what its events say: case_clocks.sign, case_clocks.handle.alarm_at, case_clocks.follow-up',
      ])
    })

    test('clocks of an event that are no clocks', async () => {
      const problems = await tampered(({ case: { id } }) => [
        `update case_events set clocks = '{}' where case_id = '${id}' and seq = 4`,
      ])
      expect(problems).toEqual(['case X: event 4 is changed'])
    })

    test('an event that no case can have, rightly chained', async () => {
      const problems = await tampered(({ case: { id }, events }) => {
        const { hash } = chain(id, events[3]!, {
          ...events[4]!,
          type: 'followed-up',
          data: { resolved: 'perhaps' },
        })
        return [
          `update case_events set type = 'followed-up', data = '{"resolved":"perhaps"}', hash = '${hash}'
           where case_id = '${id}' and seq = 5`,
          `update cases set hash = '${hash}' where id = '${id}'`,
        ]
      })
      expect(problems).toEqual([
        'case X: its events make no case',
        'case X: event 5 is not the one that was anchored (anchor of 2026-11-25)',
      ])
    })

    test('the row of a case removed while its events are there', async () => {
      const problems = await tampered(({ case: { id } }) => [`delete from cases where id = '${id}'`])
      expect(problems).toContain('case X: the case of event 1 is gone')
    })

    test('an event inserted afterwards, with a right hash and a right head', async () => {
      const problems = await tampered(life => {
        const forged = act(life, { action: 'note', actor: HANDLER, at: NEXT_DAY, input: { text: '假的' } })
        const event = forged.events.at(-1)!
        return [
          `insert into case_events (case_id, seq, jurisdiction, type, at, actor, reason, data, clocks, previous_hash, hash)
           values ('${life.case.id}', 6, 'shenfu', 'noted', '${event.at.toISOString()}', '${JSON.stringify(event.actor)}',
             null, '${JSON.stringify(event.data)}', '[]', '${event.previousHash}', '${event.hash}')`,
          `update cases set version = 6, hash = '${event.hash}' where id = '${life.case.id}'`,
        ]
      })
      expect(problems).toEqual(['case X: event 6 is inserted (anchor of 2026-11-25)'])
    })

    test('an event behind the head that the case does not know', async () => {
      const problems = await tampered(({ case: { id } }) => [
        `insert into case_events select case_id, 6, jurisdiction, type, at, actor, reason, data, clocks, previous_hash, hash
         from case_events where case_id = '${id}' and seq = 5`,
      ])
      expect(problems).toContain('case X: event 6 is inserted')
    })

    test('two events swapped', async () => {
      const problems = await tampered(({ case: { id } }) => [
        `update case_events set seq = 99 where case_id = '${id}' and seq = 4`,
        `update case_events set seq = 4 where case_id = '${id}' and seq = 5`,
        `update case_events set seq = 5 where case_id = '${id}' and seq = 99`,
      ])
      expect(problems).toEqual(
        expect.arrayContaining(['case X: event 4 is changed', 'case X: event 5 is changed']),
      )
    })

    test('a life made up anew, right in itself: every hash and the head fit', async () => {
      const problems = await tampered(({ case: { id }, events }) => {
        const forged: CaseEvent[] = []
        for (const event of events) {
          const actor = event.seq === 4 ? { ...event.actor, id: 'somebody' } : event.actor
          forged.push(chain(id, forged.at(-1) ?? null, { ...event, actor }))
        }
        return [
          ...forged.map(
            ({
              seq,
              actor,
              previousHash,
              hash,
            }) => `update case_events set actor = '${JSON.stringify(actor)}',
              previous_hash = '${previousHash}', hash = '${hash}' where case_id = '${id}' and seq = ${seq}`,
          ),
          `update cases set hash = '${forged.at(-1)!.hash}' where id = '${id}'`,
        ]
      })
      expect(problems).toEqual(['case X: event 5 is not the one that was anchored (anchor of 2026-11-25)'])
    })

    test('an anchor changed to hide it', async () => {
      const problems = await tampered(({ case: { id } }) => [
        `delete from case_events where case_id = '${id}'`,
        `delete from case_clocks where case_id = '${id}'`,
        `delete from persons where case_id = '${id}'`,
        `delete from cases where id = '${id}'`,
        `update anchors set heads = (select coalesce(jsonb_agg(head), '[]') from jsonb_array_elements(heads) head
           where head->>0 <> '${id}')`,
      ])
      expect(problems).toEqual(['the anchor of 2026-11-24 is changed', 'the anchor of 2026-11-25 is changed'])
    })

    test.each([`{}`, `null`, `7`, `[7]`, `[["a"]]`, `[["a", "1", "b"]]`, `[[null, 1, "b"]]`])(
      'an anchor whose heads are %s',
      async heads => {
        const problems = await tampered(() => [
          `update anchors set heads = '${heads}' where day = '2026-11-25'`,
        ])
        expect(problems).toEqual(['the anchor of 2026-11-25 is malformed'])
      },
    )

    test('the anchor of a day removed', async () => {
      const problems = await tampered(() => [`delete from anchors where day = '2026-11-25'`])
      expect(problems).toEqual(['the anchor of 2026-11-26 is unchained'])
    })

    test('the newest anchors removed, while days with events had one', async () => {
      const later = fileSample({}, 'housing', new Date(SAMPLE_TIME.getTime() + 3 * DAY))
      await tampered(() => [])
      await opened.store.transact(async tx => tx.addCase(later.case, later.events, sampleFiling()))
      await raw.query('set session_replication_role = replica')
      await raw.query(`delete from anchors where day >= '2026-11-27'`)
      // The newest event is of the 27th: anchors up to the 25th must be there, the 26th had no event.
      expect((await verify()).problems).toEqual([])
      await raw.query(`delete from anchors where day >= '2026-11-25'`)
      expect((await verify()).problems).toEqual(['the anchor of 2026-11-25 is missing'])
      await raw.query('delete from anchors')
      await raw.query('set session_replication_role = origin')
      expect((await verify()).problems).toEqual([
        'the anchor of 2026-11-24 is missing',
        'the anchor of 2026-11-25 is missing',
      ])
    })

    test('without the tables unlocked nothing can be changed at all', async () => {
      await tampered(() => [])
      await expect(raw.query(`update anchors set hash = 'x'`)).rejects.toThrow('only ever appended')
      await expect(raw.query('delete from case_events')).rejects.toThrow('only ever appended')
    })

    test('two instances anchor each day once, and a day that is not over has none', async () => {
      await tampered(() => [], { isAnchored: false })
      const other = await opened.another()
      const counts = await Promise.all([
        anchorDays({ store: opened.store, clock: LATER }),
        anchorDays({ store: other, clock: LATER }),
      ])
      expect(counts[0]! + counts[1]!).toBe(5)
      const days: string[] = []
      for await (const { day } of opened.store.anchors.each()) days.push(day)
      expect(days).toEqual(['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28'])
      expect((await verify()).problems).toEqual([])
      expect(await anchorDays({ store: opened.store, clock: LATER })).toBe(0)
      const at = (time: string) => ({ store: opened.store, clock: { now: () => new Date(time) } })
      expect(await anchorDays(at('2026-11-29T16:05:00Z'))).toBe(0)
      expect(await anchorDays(at('2026-11-29T16:15:00Z'))).toBe(1)
    })
  })
}
