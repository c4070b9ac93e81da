/**
 * Events a second that `npm run verify-audit` walks: every chain hashed anew, every anchor compared.
 *
 *   node bench/audit.ts [events | --full]    200,000 events, or a million; embedded, or DATABASE_URL
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { foldCase } from '../src/cases/case.ts'
import { type CaseEvent, chain } from '../src/cases/case-event.ts'
import type { CaseCommand } from '../src/cases/decide.ts'
import { DAY, ManualClock } from '../src/kernel/clock.ts'
import { newId, systemChance } from '../src/kernel/ids.ts'
import { anchorDays } from '../src/usecases/anchor-days.ts'
import { formatAuditProblem } from '../src/usecases/audit-problem.ts'
import { verifyAudit } from '../src/usecases/verify-audit.ts'
import { act, fileSample, SAMPLE_TIME, type SampleCase, sampleFiling } from '../test/support/sample-cases.ts'
import { sizesFrom } from './support/sizes.ts'
import { createTarget, type Target } from './support/store-target.ts'

const EVENTS = sizesFrom(process.argv.slice(2), [200_000], [1_000_000])[0]!
const AT_ONCE = 200

/** A case from its filing to its end. */
function closedSample(): SampleCase {
  const handler = { role: 'handler', id: 'h1', department: 'housing' } as const
  const resident = { role: 'resident', id: 'r1' } as const
  const at = SAMPLE_TIME
  const reply = {
    text: '灯泡已经换好。',
    isTrue: true,
    isWithinDuty: true,
    contact: { how: 'phone', at: at.toISOString() },
    solved: 'solved',
  }
  const steps: Omit<CaseCommand, 'at'>[] = [
    { action: 'sign', actor: handler },
    { action: 'urge', actor: resident },
    { action: 'ask-resident', actor: handler, input: { text: '什么时候在家？' } },
    { action: 'resident-answer', actor: resident, input: { text: '晚上六点以后' } },
    { action: 'note', actor: handler, input: { text: '已派人' } },
    { action: 'reply', actor: handler, input: reply },
    { action: 'follow-up', actor: resident, input: { contacted: true, resolved: true, satisfied: 'very' } },
  ]
  return steps.reduce((sample, step) => act(sample, { ...step, at }), fileSample({ jurisdiction: 'bench' }))
}

const { events: template } = closedSample()

let made = 0

/** The same story of another case, chained anew. */
function nextCase(): CaseEvent[] {
  // Ids grow with time, as the line's do: what was filed together lies together.
  const id = newId(new Date(SAMPLE_TIME.getTime() + made++), systemChance)
  const events: CaseEvent[] = []
  for (const { caseId: _, seq: __, hash: ___, previousHash: ____, ...fact } of template) {
    const data = fact.type === 'filed' ? { ...fact.data, number: id } : fact.data
    events.push(chain(id, events.at(-1) ?? null, { ...fact, data } as typeof fact))
  }
  return events
}

async function fill({ store }: Target): Promise<void> {
  const cases = Math.ceil(EVENTS / template.length)
  for (let filed = 0; filed < cases; filed += AT_ONCE)
    await store.transact(async tx => {
      for (let i = 0; i < AT_ONCE; i++) {
        const events = nextCase()
        tx.addCase(foldCase(events), events, sampleFiling())
      }
    })
}

const dataDir = await mkdtemp(join(tmpdir(), 'yihao-bench-'))
const databaseUrl = process.env.DATABASE_URL
const target = await createTarget(databaseUrl ? 'server' : 'embedded', {
  dataDir,
  ...(databaseUrl ? { databaseUrl } : {}),
})
try {
  await fill(target)
  await target.plain.query('vacuum analyze')
  await anchorDays({ store: target.store, clock: new ManualClock(new Date(SAMPLE_TIME.getTime() + DAY)) })
  const start = performance.now()
  const { cases, events, anchors, broken } = await verifyAudit(target.store, problem =>
    console.log(formatAuditProblem(problem)),
  )
  const seconds = (performance.now() - start) / 1000
  console.log(
    `${target.name}  ${events} events of ${cases} cases and ${anchors} anchor verified in ${seconds.toFixed(1)} s: ` +
      `${Math.round(events / seconds)}/s, ${((seconds * 1e6) / events).toFixed(1)} µs an event, ${broken} broken`,
  )
  if (broken > 0) process.exitCode = 1
} finally {
  await target.close()
  await rm(dataDir, { recursive: true, force: true })
}
