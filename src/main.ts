import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { loadMasterKey } from './adapters/crypto/master-key.ts'
import * as passwords from './adapters/crypto/passwords.ts'
import { createVault } from './adapters/crypto/vault.ts'
import { loadModel, loadServedModel } from './adapters/disk/load-model.ts'
import { readContent } from './adapters/disk/read-content.ts'
import { createServer } from './adapters/http/create-server.ts'
import { addEnterprisePage } from './adapters/http/enterprise-page/enterprise-page.ts'
import type { Texts } from './adapters/http/error-handler.ts'
import { createMetrics } from './adapters/http/metrics.ts'
import { addMyCases } from './adapters/http/my-cases/my-cases-api.ts'
import { addNoticeLinkRoutes } from './adapters/http/notice-link-routes.ts'
import { addPublicFileRoute, createFileAddresses, withAddresses } from './adapters/http/public-files.ts'
import { createRateLimiter } from './adapters/http/rate-limiter.ts'
import { addStatusSlipRoute } from './adapters/http/slip-routes.ts'
import { JobQueue } from './adapters/jobs/job-queue.ts'
import { repeat } from './adapters/jobs/repeat.ts'
import { createWebhookSender } from './adapters/notify/http-webhook-sender.ts'
import { spareDeafReceivers } from './adapters/notify/spare-deaf-receivers.ts'
import { writeUnread } from './adapters/open311/error-answers.ts'
import { PREFIX } from './adapters/open311/open311.ts'
import { createPdfPrinter } from './adapters/pdf/pdf-printer.ts'
import { type OpenDatabase, openDatabase } from './adapters/postgres/open-database.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import type { Content } from './content/content.ts'
import { printsOf } from './content/content-check.ts'
import { ContentError, formatProblem } from './content/content-problem.ts'
import { loadContent } from './content/load-content.ts'
import { type Clock, DAY, HOUR, MINUTE } from './kernel/clock.ts'
import { systemChance } from './kernel/ids.ts'
import { createLogger, type Logger } from './kernel/logger.ts'
import { countingPulses, openAdministration } from './open-administration.ts'
import { openBuses } from './open-buses.ts'
import { openChannels } from './open-channels.ts'
import { openDoor } from './open-door.ts'
import { type Live, openLive } from './open-live.ts'
import { codeGatewayOf, openSmsGateway } from './open-sms-gateway.ts'
import { anchorDays } from './usecases/anchor-days.ts'
import { buildLine } from './usecases/build-line.ts'
import { ChannelPulses } from './usecases/channel-pulses.ts'
import { cityFacts } from './usecases/city-facts.ts'
import { ensureAdministrator } from './usecases/ensure-administrator.ts'
import type { Line } from './usecases/line.ts'
import { KNOWN_MS } from './usecases/login-waits.ts'
import { lookUpCase } from './usecases/look-up-case.ts'
import type { DeadLetters } from './usecases/mend-deliveries.ts'
import type { SmsGateway } from './usecases/notice-ports.ts'
import { setWantsByLink, wantsByLink } from './usecases/notice-wishes.ts'
import { keyOlderCases } from './usecases/prove-phone.ts'
import { sweepBookings } from './usecases/sweep-bookings.ts'
import { sweepChats } from './usecases/sweep-chats.ts'
import { sweepClocks } from './usecases/sweep-clocks.ts'
import { watchedGateway } from './usecases/watch-channel.ts'
import { wireApply } from './wire-apply.ts'
import { bookingRoutes } from './wire-bookings.ts'
import { type DeskOutside, wireDesk } from './wire-desk.ts'
import { wireEnterprise } from './wire-enterprise.ts'
import { wireEnterprisePage } from './wire-enterprise-page.ts'
import { guideRoutes } from './wire-guide.ts'
import { hallRoutes } from './wire-hall.ts'
import { wireMyCases } from './wire-my-cases.ts'
import { registrationRoutes } from './wire-registration.ts'
import { workJobs } from './work-jobs.ts'

const SWEEP_EVERY_MS = 2000
const KEEP_ANSWERS_MS = DAY
/** More than these are not counted in the metrics; one is enough for an alarm. */
const MOST_DEAD_LETTERS = 1000
/** A day is anchored some minutes after it is over; nobody waits for it. */
const ANCHOR_EVERY_MS = 5 * MINUTE

/** Starts everything and returns how to stop it. Nothing listens until content and database are whole. */
async function start(config: Config, root: string): Promise<Started> {
  const logger = createLogger({ level: config.LOG_LEVEL })
  const clock: Clock = { now: () => new Date() }
  const dataDir = resolve(root, config.DATA_DIR)
  const files = await readContent(root, config.CITY)
  const content = loadContent(files, config.CITY)

  const shipped = loadModel(join(root, 'build', 'model.bin'), content, logger)
  const model = loadServedModel(shipped, dataDir, content, logger)
  const vault = createVault(await loadMasterKey({ dataKey: config.DATA_KEY, dataDir }))
  const database = await openDatabase({ databaseUrl: config.DATABASE_URL, dataDir, logger })
  const served = printsOf(files)
  const parts = { config, root, dataDir, served, content, model, vault, database, clock, logger }
  try {
    return await startOn(parts)
  } catch (error) {
    // Else the embedded server would live on without a line.
    await database.stop()
    throw error
  }
}

interface Started {
  logger: Logger
  stop(): Promise<void>
}

/** What stands before anything runs on the database. */
interface Foundation {
  config: Config
  root: string
  dataDir: string
  /** Fingerprints of the files that are served; the files themselves are not kept. */
  served: Readonly<Record<string, string>>
  content: Content
  model: ReturnType<typeof loadServedModel>
  vault: ReturnType<typeof createVault>
  database: OpenDatabase
  clock: Clock
  logger: Logger
}

async function startOn(parts: Foundation): Promise<Started> {
  const { config, root, dataDir, content, vault, database, clock, logger } = parts
  const { model, version } = await parts.model
  const queue = new JobQueue({ connection: database.connection, logger })
  await queue.start()
  const store = database.createStore({
    vault,
    jobs: queue,
    passwords,
    jurisdiction: content.city.jurisdiction,
  })
  const live = openLive(config, clock, logger)

  const line = buildLine(content, model, {
    store,
    ...live,
    clock,
    logger,
    chance: systemChance,
    ...openBuses(parts),
    ...(config.PUBLIC_URL ? { publicUrl: config.PUBLIC_URL } : {}),
    pseudonym: (channel, channelUserId) =>
      vault.userKey({ channel, channelUserId }).toString('base64url').slice(0, 22),
  })
  await tellFirstPassword(line, dataDir)
  const webhooks = spareDeafReceivers(
    createWebhookSender({ clock, networks: config.WEBHOOK_NETWORKS }),
    clock,
  )
  const pulses = new ChannelPulses(clock)
  const edges = openEdges(line, parts, { ...live, letters: queue, pulses })
  const bare = openSmsGateway(config, line)
  const gateway = bare && watchedGateway(bare, pulses)
  await workJobs(line, queue, config, { webhooks, gateway, ...edges })
  const stopSweeping = repeat(SWEEP_EVERY_MS, () => sweepClocks(line), logger)
  const stopSweepingChats = repeat(
    SWEEP_EVERY_MS,
    () => sweepChats(line).finally(() => sweepBookings(line)),
    logger,
  )
  const ago = (ms: number) => new Date(clock.now().getTime() - ms)
  const stopTidying = repeat(
    HOUR,
    async () => {
      await store.answers.forgetBefore(ago(KEEP_ANSWERS_MS))
      await store.accounts.forgetSessionsBefore(ago(KNOWN_MS))
      await store.phoneProofs.forgetBefore(clock.now())
      await store.registrationDrafts.forgetBefore(clock.now())
      await store.enterprises.forgetSessionsBefore(clock.now())
      await keyOlderCases(line)
    },
    logger,
  )
  const stopAnchoring = repeat(ANCHOR_EVERY_MS, () => anchorDays(line), logger)

  const admin = openAdministration(line, { ...parts, model: version, pulses, queue, pingRedis: live.ping })
  const server = await buildServer(line, config, root, edges, {
    letters: queue,
    webhooks,
    administration: admin.administration,
    codeGateway: codeGatewayOf(config, line, gateway),
  })
  await server.listen({ port: config.PORT, host: config.HOST })
  logger.info(
    { port: config.PORT, city: config.CITY, store: config.DATABASE_URL ? 'server' : 'embedded' },
    'the line answers',
  )

  return {
    logger,
    async stop() {
      await server.close()
      await Promise.all([admin.stop(), stopSweeping(), stopSweepingChats(), stopTidying(), stopAnchoring()])
      await queue.stop()
      await live.bus.close()
      live.close()
      await database.stop()
    },
  }
}

/** What stands at the edges before the server does: the channels, whose senders also work jobs, and what they share with it. */
function openEdges(
  line: Line,
  { config, dataDir, vault }: Foundation,
  { shared, rates, letters, pulses }: Live & { letters: DeadLetters; pulses: ChannelPulses },
) {
  const { content, store, clock } = line
  const texts: Texts = (locale, key, params) =>
    content.texts.of(locale, key, params as Record<string, string>)
  const counted = createMetrics(
    () => store.countCases({}, clock.now()),
    async () => (await letters.deadLetters(MOST_DEAD_LETTERS)).length,
    { now: () => clock.now(), count: () => store.chats.count() },
  )
  const metrics = countingPulses(counted, pulses)
  const limiter = createRateLimiter({ clock, ...(rates ? { store: rates } : {}) })
  const signingKey = vault.userKey({ channel: 'direct-line', channelUserId: 'signing' })
  const channels = openChannels(line, {
    ...{ config, dataDir, signingKey },
    ...{ texts, metrics, limiter, shared, pulses },
  })
  return { texts, metrics, limiter, channels, addresses: createFileAddresses(signingKey, clock) }
}

function buildServer(
  line: Line,
  config: Config,
  root: string,
  { texts, metrics, limiter, channels, addresses }: ReturnType<typeof openEdges>,
  outside: Pick<DeskOutside, 'letters' | 'webhooks' | 'administration'> & { codeGateway: SmsGateway | null },
): ReturnType<typeof createServer> {
  const { store, clock } = line
  const publicUrl = config.PUBLIC_URL ?? null
  const { chatCode, plugins, accountOfToken, files, documents } = channels
  const gateway = outside.codeGateway
  const mine = wireMyCases(line, {
    ...{ accountOfToken, saveFile: files.save, fileAddress: addresses.of },
    ...{ gateway, limiter, publicUrl, printer: createPdfPrinter() },
  })
  const ofEnterprise = wireEnterprisePage(line, { limiter, publicUrl, gateway })
  return createServer({
    logger: line.logger as never,
    texts,
    metrics,
    limiter,
    checks: {
      store: () => store.ping(),
      language: async () => void line.understander.understand('你好', { now: clock.now() }),
    },
    city: cityFacts(line),
    lookUpCase: withAddresses(query => lookUpCase(line, query), addresses),
    desk: wireDesk(line, {
      texts,
      publicUrl,
      chatCode,
      files,
      documents,
      ...openDoor(config, line.logger),
      ...outside,
    }),
    enterprise: wireEnterprise(line, { webhooks: outside.webhooks, files: documents }),
    webRoot: join(root, 'build', 'web'),
    publicUrl,
    trustProxy: config.TRUST_PROXY,
    routes: [
      app => addStatusSlipRoute(app, { publicUrl }),
      app => addPublicFileRoute(app, { addresses, read: files.read }),
      hallRoutes(line, { limiter, publicUrl }),
      guideRoutes(line, { limiter, publicUrl }),
      registrationRoutes(line, { limiter, saveFile: files.save }),
      bookingRoutes(line, limiter),
      ...wireApply(line, { files: documents, limiter }),
      app => addMyCases(app, mine),
      app => addEnterprisePage(app, ofEnterprise),
      app =>
        addNoticeLinkRoutes(app, {
          texts,
          limiter,
          lineName: line.names.line,
          wants: token => wantsByLink(line, token),
          setWants: (token, wants) => setWantsByLink(line, token, wants),
        }),
    ],
    channels: plugins,
    unreadAnswers: [{ prefix: PREFIX, write: (url, refusal) => writeUnread(url, refusal, { texts }) }],
  })
}

/** The first administrator's password goes into a file that only the owner can read, never into the log. */
async function tellFirstPassword(line: Line, dataDir: string): Promise<void> {
  const first = await ensureAdministrator(line.store.accounts, line.chance)
  if (!first) return
  const file = join(dataDir, 'desk-password.txt')
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, `${first.login}\n${first.password}\n`, { mode: 0o600 })
  line.logger.info({ file }, 'the desk has its first account; login and password are in this file')
}

/** SIGTERM and SIGINT finish what runs and exit 0; a second one ends at once. */
function stopOnSignal({ logger, stop }: { logger: Logger; stop(): Promise<void> }): void {
  let isStopping = false
  const onSignal = async () => {
    if (isStopping) process.exit(1)
    isStopping = true
    logger.info('finishing what runs')
    await stop()
    process.exit(0)
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

try {
  stopOnSignal(await start(readConfig(process.env), resolve(import.meta.dirname, '..')))
} catch (error) {
  if (error instanceof ContentError) {
    for (const problem of error.problems) process.stderr.write(`${formatProblem(problem)}\n`)
    process.stderr.write(`${error.problems.length} problem(s) in the content: mend them and start again\n`)
  } else if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`)
  } else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  }
  process.exit(1)
}
