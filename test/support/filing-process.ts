/** Files cases into the embedded store of a folder until it is killed; prints the id of each when it is answered. */
import * as passwords from '../../src/adapters/crypto/passwords.ts'
import { createVault } from '../../src/adapters/crypto/vault.ts'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import { caseNumber } from '../../src/cases/case-number.ts'
import { quietLogger } from './quiet-logger.ts'
import { fileSample, sampleFiling } from './sample-cases.ts'

const database = await openDatabase({ dataDir: process.argv[2]!, logger: quietLogger })
const store = database.createStore({
  vault: createVault(Buffer.alloc(32, 7)),
  jobs: { statementsFor: async () => [], wake() {} },
  passwords,
  jurisdiction: 'shenfu',
})
for (let sequence = 1; ; sequence++) {
  const sample = fileSample({ number: caseNumber('2026-11-25', sequence) })
  await store.transact(async t => t.addCase(sample.case, sample.events, sampleFiling()))
  process.stdout.write(`${sample.case.id}\n`)
}
