/**
 * Works jobs of a database up to their effect and never says that they are done: what is left when a worker is killed in the middle.
 * Arguments: the database's address, what to do (`post` to an address, or `tell` residents), the address.
 */

import * as passwords from '../../src/adapters/crypto/passwords.ts'
import { createVault } from '../../src/adapters/crypto/vault.ts'
import { JobQueue } from '../../src/adapters/jobs/job-queue.ts'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import { deliverNotification } from '../../src/usecases/deliver-notification.ts'
import { quietLogger } from './quiet-logger.ts'
import { createTestLine } from './test-line.ts'

const [databaseUrl = '', does = '', address = ''] = process.argv.slice(2)
const queue = new JobQueue({
  connection: { connectionString: databaseUrl },
  logger: quietLogger,
  poolSize: 4,
})
await queue.start()
const never = () => new Promise<void>(() => {})

if (does === 'post') {
  await queue.workOutside('send-webhook', async ({ key }) => {
    await fetch(address, { method: 'POST', headers: { 'idempotency-key': key }, body: '{}' })
    process.stdout.write('done\n')
    await never()
  })
} else {
  const database = await openDatabase({ databaseUrl, dataDir: '', logger: quietLogger })
  const vault = createVault(Buffer.alloc(32, 7))
  const line = await createTestLine(
    database.createStore({ vault, jobs: queue, passwords, jurisdiction: 'shenfu' }),
  )
  await queue.work('notify-resident', async job => {
    await deliverNotification(line, job)
    process.stdout.write('done\n')
    await never()
  })
}
