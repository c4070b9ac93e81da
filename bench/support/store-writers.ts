import { createVault } from '../../src/adapters/crypto/vault.ts'
import { clockRows, eventRow, projectionOf } from '../../src/adapters/postgres/case-rows.ts'
import { transcriptRow } from '../../src/adapters/postgres/conversation-rows.ts'
import type { Case } from '../../src/cases/case.ts'
import { caseNumber } from '../../src/cases/case-number.ts'
import { newId, systemChance } from '../../src/kernel/ids.ts'
import type { Job } from '../../src/usecases/job.ts'
import {
  fileSample,
  type SampleCase,
  sampleConversation,
  sampleFiling,
  sampleTurn,
} from '../../test/support/sample-cases.ts'
import type { Target } from './store-target.ts'

/** The two transactions that are measured. */
export interface Writer {
  /** A case with its three events, clocks, sealed person and one job. */
  fileCase(): Promise<void>
  /** A new conversation with a message and its answer. */
  turn(): Promise<void>
}

let filed = 0

const template = fileSample()

/** A new case each time, copied: deciding one is not what is measured here, and its hashes need not fit. */
function nextSample(): SampleCase {
  filed += 1
  const day = String(1 + (Math.floor(filed / 99_999) % 28)).padStart(2, '0')
  const number = caseNumber(`2027-01-${day}`, 1 + (filed % 99_999))
  const id = newId(new Date(), systemChance)
  return {
    case: { ...template.case, id, number },
    events: template.events.map(event => ({ ...event, caseId: id })),
  }
}

function jobOf(current: Case): Job {
  return {
    name: 'notify-department',
    key: current.id,
    data: { caseId: current.id, seq: current.version, event: 'dispatched' },
  }
}

/** Through the store, sequence number and all. */
export function storeWriter({ store }: Target): Writer {
  return {
    async fileCase() {
      const sample = nextSample()
      await store.transact(async transaction => {
        await transaction.takeCaseSequence('2027-01-01')
        transaction.addCase(sample.case, sample.events, sampleFiling())
        transaction.enqueue([jobOf(sample.case)])
      })
    },
    async turn() {
      const conversation = sampleConversation()
      await store.transact(async transaction => {
        transaction.saveConversation(conversation, null)
        transaction.addTranscript(sampleTurn(conversation.id, 1, 'm1'))
      })
    },
  }
}

const vault = createVault(Buffer.alloc(32, 1))

/** The rows of a case, table by table, in the order in which they must be inserted. */
function caseTables(sample: SampleCase): [table: string, rows: Record<string, unknown>[]][] {
  const { person, queryCode } = sampleFiling()
  const { id, jurisdiction, number, channel, filedAt } = sample.case
  const row = {
    ...projectionOf(sample.case),
    jurisdiction,
    number,
    channel,
    filed_at: filedAt,
    conversation_id: null,
    user_key: vault.userKey(person),
    query_code_hash: vault.queryCodeHash(id, queryCode),
  }
  return [
    ['cases', [row]],
    ['persons', [{ case_id: id, jurisdiction, sealed: vault.seal(id, person) }]],
    ['case_events', sample.events.map(event => eventRow(event, jurisdiction))],
    ['case_clocks', clockRows(sample.case)],
  ]
}

function turnTables(): [table: string, rows: Record<string, unknown>[]][] {
  const { id, channel, userId, locale, state, lastSeq, version, createdAt, changedAt } = sampleConversation()
  const row = {
    id,
    jurisdiction: 'bench',
    channel,
    user_id: userId,
    locale,
    state,
    last_seq: lastSeq,
    version,
  }
  return [
    ['conversations', [{ ...row, created_at: createdAt, changed_at: changedAt }]],
    ['transcript', sampleTurn(id, 1, 'm1').map(transcriptRow)],
  ]
}

/** `insert into … values (…), (…)` with a parameter for each value. */
function insertOf(table: string, rows: Record<string, unknown>[], values: unknown[]): string {
  const columns = Object.keys(rows[0]!)
  const tuples = rows.map(row => {
    const parameters = columns.map(column => {
      values.push(encoded(row[column]))
      return `$${values.length}`
    })
    return `(${parameters.join(', ')})`
  })
  return `insert into ${table} (${columns.join(', ')}) values ${tuples.join(', ')}`
}

/** Arrays of objects are JSON; `pg` would take them for PostgreSQL's arrays. */
function encoded(value: unknown): unknown {
  return Array.isArray(value) && typeof value[0] === 'object' ? JSON.stringify(value) : value
}

/** Begin, one named insert a table, the job by its library, commit: each waits for the one before. */
export function plainWriter({ plain, queue }: Target): Writer {
  const write = async (tables: ReturnType<typeof caseTables>, job: Job | null) => {
    const client = await plain.connect()
    try {
      await client.query('begin')
      for (const [table, rows] of tables) {
        const values: unknown[] = []
        const text = insertOf(table, rows, values)
        await client.query({ name: `${table}-${rows.length}`, text, values })
      }
      for (const statement of job ? await queue.statementsFor([job]) : [])
        await client.query(statement.text, statement.values)
      await client.query('commit')
    } finally {
      client.release()
    }
  }
  return {
    fileCase: () => {
      const sample = nextSample()
      return write(caseTables(sample), jobOf(sample.case))
    },
    turn: () => write(turnTables(), null),
  }
}

/** Everything in one prepared statement, with the job's pipelined behind it: the least that these rows can cost. */
export function leanWriter({ lean, queue }: Target): Writer {
  const write = async (tables: ReturnType<typeof caseTables>, job: Job | null) => {
    const values: unknown[] = []
    const parts = tables.map(([table, rows], i) => `t${i} as (${insertOf(table, rows, values)})`)
    const name = tables.map(([table, rows]) => `${table}${rows.length}`).join('-')
    const statement = { name, text: `with ${parts.join(', ')} select`, values }
    if (!job) {
      await lean.query(statement)
      return
    }
    const queued = await queue.statementsFor([job])
    const client = await lean.connect()
    try {
      await Promise.all(['begin', statement, ...queued, 'commit'].map(each => client.query(each)))
    } finally {
      client.release()
    }
  }
  return {
    fileCase: () => {
      const sample = nextSample()
      return write(caseTables(sample), jobOf(sample.case))
    },
    turn: () => write(turnTables(), null),
  }
}
