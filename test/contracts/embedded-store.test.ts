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

const embedded = () => testServers().find(server => server.kind === 'embedded')!
storeContract('embedded PostgreSQL', embedded)
accountsContract('embedded PostgreSQL', embedded)
auditContract('embedded PostgreSQL', embedded)
phoneCallContract('embedded PostgreSQL', embedded)
chatContract('embedded PostgreSQL', embedded)
enterpriseContract('embedded PostgreSQL', embedded)
administrationContract('embedded PostgreSQL', embedded)
bookingContract('embedded PostgreSQL', embedded)
hallContract('embedded PostgreSQL', embedded)
