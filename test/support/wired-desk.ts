import { randomBytes } from 'node:crypto'
import { createBot } from '../../src/adapters/bot/create-bot.ts'
import { contentTypeOf, extensionOf } from '../../src/adapters/direct-line/attachments.ts'
import type { DirectLineOptions } from '../../src/adapters/direct-line/direct-line-options.ts'
import type { ServerParts } from '../../src/adapters/http/create-server.ts'
import { addEnterprisePage } from '../../src/adapters/http/enterprise-page/enterprise-page.ts'
import { localeOfTag } from '../../src/adapters/http/match-locale.ts'
import { addMyCases } from '../../src/adapters/http/my-cases/my-cases-api.ts'
import {
  addPublicFileRoute,
  createFileAddresses,
  withAddresses,
} from '../../src/adapters/http/public-files.ts'
import { createRateLimiter, type RateRules } from '../../src/adapters/http/rate-limiter.ts'
import { createPdfPrinter } from '../../src/adapters/pdf/pdf-printer.ts'
import { newToken, systemChance } from '../../src/kernel/ids.ts'
import type { KeptFiles } from '../../src/usecases/kept-files.ts'
import { lookUpCase } from '../../src/usecases/look-up-case.ts'
import type { DeadLetter } from '../../src/usecases/mend-deliveries.ts'
import type { SmsGateway, WebhookSender } from '../../src/usecases/notice-ports.ts'
import { openConversation } from '../../src/usecases/open-conversation.ts'
import type { AccountStore } from '../../src/usecases/ports.ts'
import { takeTurn } from '../../src/usecases/take-turn.ts'
import type { Administration } from '../../src/wire-administration.ts'
import { type DeskOutside, wireDesk } from '../../src/wire-desk.ts'
import { wireEnterprise } from '../../src/wire-enterprise.ts'
import { wireEnterprisePage } from '../../src/wire-enterprise-page.ts'
import { hallRoutes } from '../../src/wire-hall.ts'
import { wireMyCases } from '../../src/wire-my-cases.ts'
import { type RunningLine, startLine } from '../http/start-line.ts'
import { testAdministration } from './administration.ts'
import { seatedAccounts } from './desk-client.ts'
import type { TestLine } from './test-line.ts'

const noFiles: KeptFiles = { save: async () => '', read: async () => null }
const anyAddress: WebhookSender = { check: async () => {}, send: async () => {} }

/** The desk's interface, and the enterprises', as main wires it, over a test's line. */
export interface WiredDesk extends RunningLine {
  /** Whoever is seated is who logs in next. */
  accounts: ReturnType<typeof seatedAccounts>
  letters: DeadLetter[]
  administration: Administration & { dataDir: string }
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
    documents = noFiles,
    routes = [],
    factorRoles = [],
    issuer = null,
    hasResidents = false,
    codeGateway = null,
    root,
    dataDir,
  }: {
    webhooks?: WebhookSender
    rules?: Partial<RateRules>
    /** Then whoever has an account there logs in, and nobody is seated. */
    staff?: AccountStore
    /** Documents of applications. */
    documents?: KeptFiles
    /** More routes for residents' pages. */
    routes?: NonNullable<ServerParts['routes']>
    factorRoles?: DeskOutside['factorRoles']
    issuer?: DeskOutside['issuer']
    /** Residents talk to this line, too, not to a fake one. */
    hasResidents?: boolean
    /** By which codes go to telephones. */
    codeGateway?: SmsGateway | null
    /** Where the content lies that is checked and learned; where the models are. */
    root?: string
    dataDir?: string
  } = {},
): Promise<WiredDesk> {
  const accounts = seatedAccounts()
  const letters: DeadLetter[] = []
  const files = filesInMemory()
  const addresses = createFileAddresses(randomBytes(32), line.clock)
  const texts: DeskOutside['texts'] = (locale, key, params) =>
    line.content.texts.of(locale, key, params as Record<string, string>)
  /** Of what is there it is taken out, whatever becomes of it. */
  const take = async (id: string) => {
    const at = letters.findIndex(letter => letter.id === id)
    if (at >= 0) letters.splice(at, 1)
    return at >= 0
  }
  const ofLetters = { deadLetters: async () => letters, replay: take, discard: take }
  const administration = await testAdministration(line, ofLetters, {
    ...(root ? { root } : {}),
    ...(dataDir ? { dataDir } : {}),
  })
  const wired = wireDesk(line, {
    administration,
    texts,
    publicUrl: null,
    factorRoles,
    issuer,
    chatCode: async () => null,
    webhooks,
    files,
    documents,
    letters: ofLetters,
  })
  const ofEnterprise = wireEnterprisePage(line, {
    limiter: createRateLimiter({ clock: line.clock, ...(rules ? { rules } : {}) }),
    publicUrl: null,
    gateway: codeGateway,
  })
  const mine = wireMyCases(line, {
    limiter: createRateLimiter({ clock: line.clock, ...(rules ? { rules } : {}) }),
    gateway: null,
    publicUrl: null,
    accountOfToken: () => null,
    saveFile: files.save,
    fileAddress: addresses.of,
    printer: createPdfPrinter(),
  })
  const running = await startLine({
    desk: { ...wired, accounts: staff ?? accounts },
    server: {
      texts,
      enterprise: wireEnterprise(line, { webhooks, files: documents }),
      lookUpCase: withAddresses(query => lookUpCase(line, query), addresses),
      routes: [
        ...routes,
        app => addPublicFileRoute(app, { addresses, read: files.read }),
        app => addEnterprisePage(app, ofEnterprise),
        hallRoutes(line, { limiter: createRateLimiter({ clock: line.clock }), publicUrl: null }),
        app => addMyCases(app, mine),
      ],
      ...(webRoot ? { webRoot } : {}),
    },
    ...(rules ? { rules } : {}),
    ...(hasResidents ? { directLine: residentsOf(line, texts) } : {}),
  })
  return Object.assign(running, { accounts, letters, administration })
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
