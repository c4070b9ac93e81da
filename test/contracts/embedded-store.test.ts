import { testServers } from '../support/test-store.ts'
import { storeContract } from './store.contract.ts'

storeContract('embedded PostgreSQL', () => testServers().find(server => server.kind === 'embedded')!)
