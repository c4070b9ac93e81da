import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadMasterKey } from '../adapters/crypto/master-key.ts'
import * as passwords from '../adapters/crypto/passwords.ts'
import { createVault } from '../adapters/crypto/vault.ts'
import { openDatabase } from '../adapters/postgres/open-database.ts'
import { type Chance, seededChance } from '../kernel/ids.ts'
import { createLogger } from '../kernel/logger.ts'
import { accountFor, isAuditWhole, type SoakAccount } from './soak-account.ts'
import { SoakPeople, type SoakRecord } from './soak-people.ts'
import { type SpawnedServer, spawnedLine } from './spawned-line.ts'

const logger = createLogger({ level: 'silent' })
const SECRET = 'only-the-soak-speaks-by-this'
/** Between two faults people are served for up to this long, so that faults hit every moment of their work. */
const CALM_MS = 1500

/** How often each fault is done. */
export interface SoakOptions {
  /** An empty folder. */
  dataDir: string
  /** A database of its own on a server; without it the embedded one, whose server is hurt, too. */
  databaseUrl?: string | undefined
  residents: number
  kills: number
  restarts: number
  pauses: number
  pauseSeconds: number
  seed: number
}

export type Fault = 'kill' | 'restart' | 'pause'

export interface SoakReport extends SoakAccount {
  record: SoakRecord
  isAuditWhole: boolean
}

/**
 * Runs a line under load, does faults to it at random moments, and accounts for everything that people were told.
 * `say` hears of each fault, of how many there will be, and of how long it was until the line would answer again. Once `stopped`
 * it ends the line and its database and throws the reason.
 */
export async function runSoak(
  options: SoakOptions,
  say: (text: string) => void,
  stopped: AbortSignal = new AbortController().signal,
): Promise<SoakReport> {
  const { dataDir, databaseUrl } = options
  const store = { DATA_DIR: dataDir, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) }
  const line = await spawnedLine({ ...store, DIRECT_LINE_SECRET: SECRET })
  try {
    await line.start()
    stopped.throwIfAborted()
    const people = new SoakPeople(line.url, SECRET)
    await people.begin(options.residents, await firstAccount(dataDir))
    const chance = seededChance(options.seed)
    const faults = faultsOf(options, chance)
    for (const [index, fault] of faults.entries()) {
      await sleep(chance.below(CALM_MS))
      stopped.throwIfAborted()
      const start = performance.now()
      await FAULTS[fault](line, options)
      stopped.throwIfAborted()
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      say(`${index + 1}/${faults.length} ${fault}: ready again after ${seconds} s`)
    }
    await sleep(CALM_MS)
    stopped.throwIfAborted()
    await people.end()
    await line.stop()
    const account = await openAndAccount(options, people.record)
    return { ...account, record: people.record, isAuditWhole: await isAuditWhole(store) }
  } catch (error) {
    await line.stop('SIGKILL')
    // Nobody else would end the embedded server of a line that was killed.
    if (!databaseUrl) await (await openDatabase({ dataDir, logger })).stop()
    throw error
  }
}

/** All faults in a random order. */
function faultsOf(options: SoakOptions, chance: Chance): Fault[] {
  const { kills, restarts, pauses } = options
  const times = (count: number, fault: Fault) => Array.from({ length: count }, () => fault)
  return [...times(kills, 'kill'), ...times(restarts, 'restart'), ...times(pauses, 'pause')]
    .map(fault => ({ fault, at: chance.below(1e6) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ fault }) => fault)
}

const FAULTS: Record<Fault, (line: SpawnedServer, options: SoakOptions) => Promise<void>> = {
  async kill(line) {
    await line.stop('SIGKILL')
    await line.start()
  },
  async restart(line, { dataDir }) {
    // Fast shutdown: every connection is cut.
    process.kill(await serverPid(dataDir), 'SIGINT')
    await untilReadyAgain(line.url)
  },
  async pause(line, { dataDir, pauseSeconds }) {
    const resume = await pauseServer(dataDir)
    await sleep(pauseSeconds * 1000)
    resume()
    await untilReadyAgain(line.url)
  },
}

/** First it is noticed that the database is away, or nothing was. */
async function untilReadyAgain(url: string): Promise<void> {
  const isReady = () => fetch(`${url}/readyz`).then(response => response.ok)
  for (let calm = 0; calm < 5; calm = (await isReady()) ? calm + 1 : 0) await sleep(100)
}

/** Process of the embedded server of a data folder. */
export async function serverPid(dataDir: string): Promise<number> {
  const file = await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8')
  return Number.parseInt(file, 10)
}

/** Stops every process of the embedded server where it stands. Returns how to let them go on. */
export async function pauseServer(dataDir: string): Promise<() => void> {
  const pid = await serverPid(dataDir)
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const all = [pid, ...children.trim().split(' ').filter(Boolean).map(Number)]
  const tell = (process_: number, signal: NodeJS.Signals) => {
    try {
      process.kill(process_, signal)
    } catch {
      // A connection that ended meanwhile.
    }
  }
  for (const each of all) tell(each, 'SIGSTOP')
  return () => {
    for (const each of all.toReversed()) tell(each, 'SIGCONT')
  }
}

async function firstAccount(dataDir: string): Promise<{ login: string; password: string }> {
  const [login = '', password = ''] = (await readFile(join(dataDir, 'desk-password.txt'), 'utf8')).split('\n')
  return { login, password }
}

async function openAndAccount(options: SoakOptions, record: SoakRecord): Promise<SoakAccount> {
  const { dataDir, databaseUrl } = options
  const database = await openDatabase({ databaseUrl, dataDir, logger, poolSize: 4 })
  try {
    const vault = createVault(await loadMasterKey({ dataKey: undefined, dataDir }))
    const jobs = { statementsFor: async () => [] }
    const store = database.createStore({ vault, jobs, passwords, jurisdiction: '' })
    return await accountFor(store, record)
  } finally {
    await database.stop()
  }
}
