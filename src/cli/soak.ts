import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '../adapters/disk/read-rows.ts'
import { readConfig } from '../config.ts'
import { readArguments } from './read-arguments.ts'
import { runCommand } from './run-command.ts'
import { runSoak, type SoakOptions } from './soak-run.ts'

const USAGE = `Usage: soak [--kills 50] [--restarts 0] [--pauses 0] [--pause-seconds 20] [--residents 8] [--seed 1]

A line under load whose process is killed and whose database is restarted and paused, at random moments; then everything that people
were told is looked for. With DATABASE_URL, which must name an empty database, only the line is killed.
Exit code 1: anything is missing, half or there twice; 2: bad arguments.`

/** `npm run soak`: see USAGE. */
await runCommand(async () => {
  const numbers = readNumbers()
  const { DATABASE_URL: databaseUrl } = readConfig(process.env)
  if (databaseUrl && numbers.restarts + numbers.pauses > 0)
    throw new InputError('a server of DATABASE_URL is not ours to hurt: --restarts 0 --pauses 0')
  const dataDir = await mkdtemp(join(tmpdir(), 'yihao-soak-'))
  // The embedded server runs as nobody when we are root, and must reach its folder.
  await chmod(dataDir, 0o755)
  const stopped = stopSignal()
  try {
    const report = await runSoak({ ...numbers, dataDir, databaseUrl }, line => console.log(line), stopped)
    const { record, cases, events, notices, problems } = report
    console.log(
      `told: ${record.filings.length} filings, ${record.signed.length} signings; ` +
        `${record.refusals} clear refusals, ${record.cuts} cut connections`,
    )
    console.log(`kept: ${cases} cases, ${events} events, ${notices} notices`)
    console.log(report.isAuditWhole ? 'audit: whole' : 'audit: BROKEN')
    for (const problem of problems) console.error(problem)
    return problems.length === 0 && report.isAuditWhole ? 0 : 1
  } catch (error) {
    if (!stopped.aborted) throw error
    console.error('stopped; the line and its database are ended')
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    // The people would go on asking a line that is no more.
    process.exit(1)
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
})

/** Aborted by Ctrl-C or SIGTERM: dying at once would leave a line and a database server behind. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  return stopping.signal
}

function readNumbers(): Omit<SoakOptions, 'dataDir' | 'databaseUrl'> {
  const { values } = readArguments(USAGE, {
    options: {
      kills: { type: 'string', default: '50' },
      restarts: { type: 'string', default: '0' },
      pauses: { type: 'string', default: '0' },
      'pause-seconds': { type: 'string', default: '20' },
      residents: { type: 'string', default: '8' },
      seed: { type: 'string', default: '1' },
    },
  })
  const numberOf = (name: keyof typeof values) => {
    const number = Number(values[name])
    if (!Number.isInteger(number) || number < 0) throw new InputError(`--${name} must be a whole number`)
    return number
  }
  return {
    kills: numberOf('kills'),
    restarts: numberOf('restarts'),
    pauses: numberOf('pauses'),
    pauseSeconds: numberOf('pause-seconds'),
    residents: numberOf('residents'),
    seed: numberOf('seed'),
  }
}
