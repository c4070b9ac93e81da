import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Outgoing } from '../conversation/message.ts'
import type { Store } from '../usecases/ports.ts'
import type { SoakRecord } from './soak-people.ts'

const ENTRIES = 1000
/** How every case of the soak begins; one that begins otherwise was half written. */
const BEGINNING = 'filed accepted dispatched'

/** What the store holds after the faults, against what people were told. */
export interface SoakAccount {
  cases: number
  events: number
  notices: number
  /** Each one sentence; empty when all is well. */
  problems: string[]
}

/** Compares the store with what was acknowledged: nothing missing, nothing half, nothing twice. */
export async function accountFor(store: Store, record: SoakRecord): Promise<SoakAccount> {
  const problems = record.oddities.map(oddity => `somebody was told: ${oddity}`)
  const numbers = new Set(record.filings)
  if (numbers.size < record.filings.length) problems.push('a case number was given twice')
  const { events, conversations } = await lookAtCases(store, problems)
  for (const number of numbers)
    if (!(await hasHappened(store, number, 'filed'))) problems.push(`case ${number} was told and is gone`)
  for (const number of record.signed)
    if (!(await hasHappened(store, number, 'signed'))) problems.push(`case ${number} is no longer signed`)
  let notices = 0
  for (const id of new Set(conversations)) notices += await lookAtTalk(store, id, problems)
  if (new Set(conversations).size < conversations.length)
    problems.push('one confirmation filed a matter twice')
  return { cases: conversations.length, events, notices, problems }
}

async function lookAtCases(
  store: Store,
  problems: string[],
): Promise<{ events: number; conversations: string[] }> {
  let events = 0
  const conversations: string[] = []
  for await (const stored of store.eachCaseEvents()) {
    events += stored.events.length
    const beginning = stored.events.slice(0, 3).map(({ type }) => type)
    if (beginning.join(' ') !== BEGINNING)
      problems.push(`case ${stored.caseId} begins with ${beginning.join(', ')}`)
    const from = await store.transact(tx => tx.conversationOf(stored.caseId))
    if (from) conversations.push(from)
    else problems.push(`case ${stored.caseId} has lost its conversation`)
  }
  return { events, conversations }
}

async function hasHappened(store: Store, number: string, type: string): Promise<boolean> {
  const found = await store.transact(tx => tx.caseByNumber(number))
  return found?.events.some(event => event.type === type) ?? false
}

/** Every message has one answer, and no notice stands there twice. Returns how many notices there are. */
async function lookAtTalk(store: Store, conversationId: string, problems: string[]): Promise<number> {
  const entries = await store.transcriptAfter(conversationId, 0, ENTRIES)
  const said = entries.filter(({ from }) => from === 'resident').map(({ externalId }) => externalId)
  if (new Set(said).size < said.length) problems.push(`a message was taken twice in ${conversationId}`)
  const answered = new Set(entries.map(({ replyTo }) => replyTo))
  if (entries.some(({ from, seq }) => from === 'resident' && !answered.has(seq)))
    problems.push(`a message was kept without its answer in ${conversationId}`)
  const notices = entries
    .filter(({ from, replyTo }) => from === 'line' && replyTo === null)
    .map(({ body }) => body as Outgoing)
    .filter(({ key }) => key.startsWith('notify.'))
    .map(({ key, text }) => `${key} ${text}`)
  if (new Set(notices).size < notices.length) problems.push(`a notice was given twice in ${conversationId}`)
  return notices.length
}

/** Whether `npm run verify-audit` finds every chain whole. */
export async function isAuditWhole(environment: Record<string, string>): Promise<boolean> {
  const { DATABASE_URL: _database, ...inherited } = process.env
  const child = spawn(process.execPath, [join(import.meta.dirname, 'verify-audit.ts')], {
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code === 0
}
