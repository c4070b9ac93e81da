import { createBot } from '../../src/adapters/bot/create-bot.ts'
import type { DirectLineOptions } from '../../src/adapters/direct-line/direct-line-options.ts'
import { localeOfTag } from '../../src/adapters/http/match-locale.ts'
import { createRateLimiter, type RateRules } from '../../src/adapters/http/rate-limiter.ts'
import type { DeadLetter } from '../../src/usecases/mend-deliveries.ts'
import type { WebhookSender } from '../../src/usecases/notice-ports.ts'
import { openConversation } from '../../src/usecases/open-conversation.ts'
import type { AccountStore } from '../../src/usecases/ports.ts'
import { takeTurn } from '../../src/usecases/take-turn.ts'
import { type DeskOutside, wireDesk } from '../../src/wire-desk.ts'
import { wireEnterprise } from '../../src/wire-enterprise.ts'
import { hallRoutes } from '../../src/wire-hall.ts'
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

/** Starts it on a port; `webRoot` serves the built pages, too. */
export async function startWiredDesk(
  line: TestLine,
  webRoot?: string,
  {
    webhooks = anyAddress,
    rules,
    staff,
    factorRoles = [],
    issuer = null,
    hasResidents = false,
  }: {
    webhooks?: WebhookSender
    rules?: Partial<RateRules>
    /** Then whoever has an account there logs in, and nobody is seated. */
    staff?: AccountStore
    factorRoles?: DeskOutside['factorRoles']
    issuer?: DeskOutside['issuer']
    /** Residents talk to this line, too, not to a fake one. */
    hasResidents?: boolean
  } = {},
): Promise<WiredDesk> {
  const accounts = seatedAccounts()
  const letters: DeadLetter[] = []
  const texts: DeskOutside['texts'] = (locale, key, params) =>
    line.content.texts.of(locale, key, params as Record<string, string>)
  const nothing = async () => false
  const wired = wireDesk(line, {
    texts,
    publicUrl: null,
    factorRoles,
    issuer,
    chatCode: async () => null,
    webhooks,
    letters: { deadLetters: async () => letters, replay: nothing, discard: nothing },
  })
  const routes = [hallRoutes(line, { limiter: createRateLimiter({ clock: line.clock }), publicUrl: null })]
  const running = await startLine({
    desk: { ...wired, accounts: staff ?? accounts },
    server: { texts, routes, enterprise: wireEnterprise(line, webhooks), ...(webRoot ? { webRoot } : {}) },
    ...(rules ? { rules } : {}),
    ...(hasResidents ? { directLine: residentsOf(line, texts) } : {}),
  })
  return Object.assign(running, { accounts, letters })
}

/** What Direct Line and the resident's page need of the line. */
function residentsOf(line: TestLine, texts: DeskOutside['texts']): Partial<DirectLineOptions> {
  return {
    bot: createBot({
      takeTurn: incoming => takeTurn(line, incoming),
      texts,
      lineName: line.names.line,
      localeOf: localeOfTag,
    }),
    store: line.store,
    openConversation: opening => openConversation(line, opening),
    bus: line.bus,
  }
}
