import { join } from 'node:path'
import { loadModel } from '../adapters/disk/load-model.ts'
import { readContent } from '../adapters/disk/read-content.ts'
import { InputError } from '../adapters/disk/read-rows.ts'
import { MemoryBus } from '../adapters/memory/memory-bus.ts'
import { MemoryTurnLock } from '../adapters/memory/memory-turn-lock.ts'
import { localDateOf } from '../clocks/working-calendar.ts'
import { readConfig } from '../config.ts'
import { loadContent } from '../content/load-content.ts'
import { DAY, ManualClock } from '../kernel/clock.ts'
import { seededChance } from '../kernel/ids.ts'
import { createLogger } from '../kernel/logger.ts'
import { buildLine } from '../usecases/build-line.ts'
import { evaluatePeriod, evaluationTable } from '../usecases/evaluate-period.ts'
import type { Account, ScoreGroup } from '../usecases/ports.ts'
import { openStore } from './open-store.ts'
import { readArguments } from './read-arguments.ts'
import { readLocalDay } from './read-local-time.ts'
import { progress, runCommand } from './run-command.ts'
import { type SimulatedLine, simulateYear } from './simulated-year.ts'

const USAGE = `Usage: simulate --cases N [--seed S] [--from YYYY-MM-DD] [--json]

A year of N residents' matters, in simulated time, into the store of DATA_DIR or DATABASE_URL. No line may run on it meanwhile.

--from   first day of the year; 2025-01-01 without it. A year that ended yesterday leaves the desk with work that is not overdue yet
--seed   another year; 1 without it. Its query codes can be guessed from the seed: never use such a store for real people.
--json   one JSON object with the counts by final stage as the last line`

const MOST_CASES = 10_000_000
const GROUPS: readonly ScoreGroup[] = ['department', 'subject', 'street', 'channel', 'type', 'month']
const PROGRESS_MS = 5000
/** Sees every number. */
const EVALUATOR: Account = {
  id: 'simulate',
  login: 'simulate',
  displayName: 'simulate',
  role: 'supervisor',
  department: null,
}

/** `npm run simulate`: see USAGE. */
await runCommand(async () => {
  const plan = readPlan()
  const config = readConfig(process.env)
  const root = join(import.meta.dirname, '../..')
  const content = loadContent(await readContent(root, config.CITY), config.CITY)
  const { store, close } = await openStore({ areJobsDropped: true, jurisdiction: content.city.jurisdiction })
  const logger = createLogger({ level: 'silent' })
  try {
    await refuseAnchored(await store.anchors.last(), plan.year)
    const clock = new ManualClock(plan.year.from)
    // Nobody is told anything: these people do not exist.
    const notifications = { ...content.notifications, residents: [], departments: [] }
    const model = await loadModel(join(root, 'build/model.bin'), content, logger)
    const line = buildLine({ ...content, notifications }, model, {
      store,
      bus: new MemoryBus(logger),
      lock: new MemoryTurnLock(),
      clock,
      chance: seededChance(plan.seed + 1_000_003),
      logger,
      pseudonym: (_channel, userId) => userId,
    })
    await simulate({ ...line, clock }, plan)
  } finally {
    await close()
  }
  return 0
})

type Plan = ReturnType<typeof readPlan>

async function simulate(line: SimulatedLine, plan: Plan): Promise<void> {
  const started = performance.now()
  const seconds = () => Math.round((performance.now() - started) / 100) / 10
  let told = started
  const result = await simulateYear(line, plan, ({ at, filed, events }) => {
    if (performance.now() - told < PROGRESS_MS) return
    told = performance.now()
    progress(`${localDateOf(at)}: ${filed} of ${plan.cases} cases, ${events} events, ${seconds()} s`)
  })
  progress(
    `${result.cases} cases, ${result.events} events, ${seconds()} s; ${result.refused} intentions came too late`,
  )
  await printTables(line, plan)
  const { cases, events, stages } = result
  if (plan.isJson) print(JSON.stringify({ cases, seed: plan.seed, stages, events, seconds: seconds() }))
  else
    print(
      Object.entries(stages)
        .map(([stage, count]) => `${stage} ${count}`)
        .join(', '),
    )
}

async function printTables(line: SimulatedLine, { year }: Plan): Promise<void> {
  const scope = {
    from: localDateOf(year.from),
    to: localDateOf(new Date(year.to.getTime() - 1)),
    by: 'filed',
  } as const
  for (const group of GROUPS) {
    const evaluation = await evaluatePeriod(line, EVALUATOR, { ...scope, group }, 'zh-Hans')
    const [head, ...rows] = evaluationTable(line, evaluation, 'zh-Hans')
    print(`\n| ${head!.join(' | ')} |\n|${'---|'.repeat(head!.length)}`)
    for (const row of rows) print(`| ${row.map(cell => cell ?? '–').join(' | ')} |`)
  }
  print('')
}

function readPlan() {
  const { values } = readArguments(USAGE, {
    options: {
      cases: { type: 'string' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '2025-01-01' },
      json: { type: 'boolean', default: false },
    },
  })
  const cases = wholeNumber('--cases', values.cases, { from: 1, to: MOST_CASES })
  const seed = wholeNumber('--seed', values.seed, { from: 0, to: 2 ** 31 })
  return { cases, seed, year: yearFrom(values.from), isJson: values.json }
}

function wholeNumber(
  name: string,
  text: string | undefined,
  { from, to }: { from: number; to: number },
): number {
  const value = Number(text)
  if (text === undefined || !/^\d+$/.test(text) || value < from || value > to)
    throw new InputError(`${name} must be a whole number from ${from} to ${to}\n\n${USAGE}`)
  return value
}

/** Local midnight of the day, and of the same day a year later. */
function yearFrom(text: string): { from: Date; to: Date } {
  const from = readLocalDay(text)
  if (!from) throw new InputError(`--from must be a day such as 2025-01-01\n\n${USAGE}`)
  const days = localDateOf(new Date(from.getTime() + 365 * DAY)).slice(5) === text.slice(5) ? 365 : 366
  const to = new Date(from.getTime() + days * DAY)
  if (to > new Date()) throw new InputError(`the year from ${text} is not over yet\n\n${USAGE}`)
  return { from, to }
}

/** What is anchored is final: cases of a day that is over would be taken for made up. */
async function refuseAnchored(last: { day: string } | null, { from }: Plan['year']): Promise<void> {
  if (last && last.day >= localDateOf(from))
    throw new InputError(
      `the store has its days anchored until ${last.day}: take an empty one, or a year after that`,
    )
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
