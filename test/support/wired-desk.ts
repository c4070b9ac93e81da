import { randomBytes } from 'node:crypto'
import { contentTypeOf, extensionOf } from '../../src/adapters/direct-line/attachments.ts'
import {
  addPublicFileRoute,
  createFileAddresses,
  withAddresses,
} from '../../src/adapters/http/public-files.ts'
import type { RateRules } from '../../src/adapters/http/rate-limiter.ts'
import { newToken, systemChance } from '../../src/kernel/ids.ts'
import { lookUpCase } from '../../src/usecases/look-up-case.ts'
import type { DeadLetter } from '../../src/usecases/mend-deliveries.ts'
import type { WebhookSender } from '../../src/usecases/notice-ports.ts'
import type { AccountStore } from '../../src/usecases/ports.ts'
import { type DeskOutside, wireDesk } from '../../src/wire-desk.ts'
import { wireEnterprise } from '../../src/wire-enterprise.ts'
import { type RunningLine, startLine } from '../http/start-line.ts'
import { seatedAccounts } from './desk-client.ts'
import type { TestLine } from './test-line.ts'

const anyAddress: WebhookSender = { check: async () => {}, send: async () => {} }

/** The desk's interface, and the enterprises', as main wires it, over a test's line. */
export interface WiredDesk extends RunningLine {
  /** Whoever is seated is who logs in next. */
  accounts: ReturnType<typeof seatedAccounts>
  letters: DeadLetter[]
}

/** Files as they lie on a disk, and what they are by their first bytes. */
function filesInMemory(): DeskOutside['files'] {
  const kept = new Map<string, Uint8Array>()
  return {
    mostBytes: 64 * 1024,
    async save(bytes) {
      const name = `${newToken(16, systemChance)}.${await extensionOf(bytes)}`
      kept.set(name, bytes)
      return name
    },
    async read(name) {
      const bytes = kept.get(name)
      return bytes ? { bytes, type: contentTypeOf(name) } : null
    },
  }
}

/** Starts it on a port; `webRoot` serves the built pages, too. */
export async function startWiredDesk(
  line: TestLine,
  webRoot?: string,
  {
    webhooks = anyAddress,
    rules,
    staff,
  }: {
    webhooks?: WebhookSender
    rules?: Partial<RateRules>
    /** Then whoever has an account there logs in, and nobody is seated. */
    staff?: AccountStore
  } = {},
): Promise<WiredDesk> {
  const accounts = seatedAccounts()
  const letters: DeadLetter[] = []
  const files = filesInMemory()
  const addresses = createFileAddresses(randomBytes(32), line.clock)
  const texts: DeskOutside['texts'] = (locale, key, params) =>
    line.content.texts.of(locale, key, params as Record<string, string>)
  const nothing = async () => false
  const wired = wireDesk(line, {
    texts,
    publicUrl: null,
    chatCode: async () => null,
    webhooks,
    files,
    letters: { deadLetters: async () => letters, replay: nothing, discard: nothing },
  })
  // Looks are recorded and read in the real store; who sits there is the test's.
  const { recordLook, looksAt } = line.store.accounts
  const running = await startLine({
    desk: { ...wired, accounts: staff ?? { ...accounts, recordLook, looksAt } },
    server: {
      texts,
      enterprise: wireEnterprise(line, webhooks),
      lookUpCase: withAddresses(query => lookUpCase(line, query), addresses),
      routes: [app => addPublicFileRoute(app, { addresses, read: files.read })],
      ...(webRoot ? { webRoot } : {}),
    },
    ...(rules ? { rules } : {}),
  })
  return Object.assign(running, { accounts, letters })
}
