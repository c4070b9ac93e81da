import type { DeadLetter } from '../../src/usecases/mend-deliveries.ts'
import { type DeskOutside, wireDesk } from '../../src/wire-desk.ts'
import { type RunningLine, startLine } from '../http/start-line.ts'
import { seatedAccounts } from './desk-client.ts'
import type { TestLine } from './test-line.ts'

/** The desk's interface as main wires it, over a test's line. */
export interface WiredDesk extends RunningLine {
  /** Whoever is seated is who logs in next. */
  accounts: ReturnType<typeof seatedAccounts>
  letters: DeadLetter[]
}

/** Starts it on a port; `webRoot` serves the built pages, too. */
export async function startWiredDesk(line: TestLine, webRoot?: string): Promise<WiredDesk> {
  const accounts = seatedAccounts()
  const letters: DeadLetter[] = []
  const texts: DeskOutside['texts'] = (locale, key, params) =>
    line.content.texts.of(locale, key, params as Record<string, string>)
  const nothing = async () => false
  const wired = wireDesk(line, {
    texts,
    publicUrl: null,
    chatCode: async () => null,
    webhooks: { check: async () => {}, send: async () => {} },
    letters: { deadLetters: async () => letters, replay: nothing, discard: nothing },
  })
  // Looks are recorded and read in the real store; who sits there is the test's.
  const { recordLook, looksAt } = line.store.accounts
  const running = await startLine({
    desk: { ...wired, accounts: { ...accounts, recordLook, looksAt } },
    server: { texts, ...(webRoot ? { webRoot } : {}) },
  })
  return Object.assign(running, { accounts, letters })
}
