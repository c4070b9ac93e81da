import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runSoak } from '../../src/cli/soak-run.ts'
import { urlOf } from '../support/database-server.ts'
import { createTestStore, testServers } from '../support/test-store.ts'

const NO_FAULT = { residents: 4, kills: 0, restarts: 0, pauses: 0, pauseSeconds: 0, seed: 7 }

/** The longer form is `npm run soak`. */
describe('a line that is killed again and again under load', () => {
  test('keeps all that it has told, wholly and once, on the embedded store', async () => {
    await expectAllKept({ kills: 2, restarts: 1 })
  })

  const server = testServers().find(({ kind }) => kind === 'server')
  test.runIf(server)('keeps it on a PostgreSQL server, too', async () => {
    const opened = await createTestStore(server)
    try {
      await expectAllKept({ kills: 2, databaseUrl: urlOf(opened.connection) })
    } finally {
      await opened.drop()
    }
  })
})

async function expectAllKept(faults: object): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'yihao-kills-'))
  await chmod(dataDir, 0o755)
  try {
    const report = await runSoak({ ...NO_FAULT, ...faults, dataDir }, () => {})
    expect(report.problems).toEqual([])
    expect(report.isAuditWhole).toBe(true)
    expect(report.record.filings.length).toBeGreaterThan(5)
    expect(report.cases).toBeGreaterThanOrEqual(report.record.filings.length)
    expect(report.record.signed).toHaveLength(report.record.filings.length)
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}
