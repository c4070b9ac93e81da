import { expect, test } from 'vitest'
import { testServers } from '../support/test-store.ts'
import { accountsContract } from './accounts.contract.ts'
import { administrationContract } from './administration.contract.ts'
import { auditContract } from './audit.contract.ts'
import { bookingContract } from './bookings.contract.ts'
import { chatContract } from './chats.contract.ts'
import { enterpriseContract } from './enterprises.contract.ts'
import { hallContract } from './hall.contract.ts'
import { phoneCallContract } from './phone-calls.contract.ts'
import { storeContract } from './store.contract.ts'

const server = testServers().find(candidate => candidate.kind === 'server')

if (server) {
  storeContract('a PostgreSQL server', () => server)
  accountsContract('a PostgreSQL server', () => server)
  auditContract('a PostgreSQL server', () => server)
  phoneCallContract('a PostgreSQL server', () => server)
  chatContract('a PostgreSQL server', () => server)
  enterpriseContract('a PostgreSQL server', () => server)
  administrationContract('a PostgreSQL server', () => server)
  bookingContract('a PostgreSQL server', () => server)
  hallContract('a PostgreSQL server', () => server)
} else {
  test('without DATABASE_URL the contract runs on the embedded store only', () => {
    expect(process.env.DATABASE_URL ?? '').toBe('')
  })
}
