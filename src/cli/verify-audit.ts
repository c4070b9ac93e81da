import { findBrokenLink } from '../cases/case-event.ts'
import { openStore } from './open-store.ts'

/**
 * `npm run verify-audit`: walks the chain of every case. Exits 0 when all are whole; else 1, with every broken case and its
 * first broken event.
 */
const { store, close } = await openStore()
let cases = 0
let events = 0
let broken = 0
try {
  for await (const audited of store.eachCaseEvents()) {
    cases++
    events += audited.events.length
    const problem = problemOf(audited)
    if (!problem) continue
    broken++
    process.stderr.write(`case ${audited.caseId}: ${problem}\n`)
  }
} finally {
  await close()
}
process.stdout.write(`${cases} cases, ${events} events, ${broken} broken\n`)
process.exitCode = broken > 0 ? 1 : 0

type Audited = (typeof store extends { eachCaseEvents(): AsyncIterable<infer T> } ? T : never) & object

function problemOf({ version, hash, events: chain }: Audited): string | null {
  const link = findBrokenLink(chain)
  if (link) return `event ${link.seq} is ${link.because}`
  const last = chain.at(-1)
  if (last?.seq !== version) return `event ${version} is missing`
  return last.hash === hash ? null : `event ${version} is not the one that the case names`
}
