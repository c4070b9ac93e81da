import { join } from 'node:path'
import { readContent } from '../adapters/disk/read-content.ts'
import { InputError } from '../adapters/disk/read-rows.ts'
import type { Content } from '../content/content.ts'
import { ContentError, formatProblem } from '../content/content-problem.ts'
import { loadContent } from '../content/load-content.ts'
import { chaseTimes } from '../followup/supervision-rules.ts'
import { DAY } from '../kernel/clock.ts'
import { Router } from '../routing/route-matter.ts'
import { type Replay, type ReplayCount, replayPolicy } from '../usecases/replay-policy.ts'
import { openStore } from './open-store.ts'
import { readArguments } from './read-arguments.ts'
import { readLocalDay } from './read-local-time.ts'
import { progress, runCommand } from './run-command.ts'

const USAGE = `Usage: replay --from YYYY-MM-DD --to YYYY-MM-DD --city cities/other [--json]

The recorded cases that were filed on these days, under the limits, calendar and routing of the other city, people having done the
same at the same moments: what would have been late or not late any more, and who would have got it. Changes nothing.
Exit code 1: the other city's content has problems; 2: bad arguments.`

const COLUMNS: readonly [keyof ReplayCount, string][] = [
  ['cases', '工单'],
  ['late', '原超期'],
  ['otherLate', '新规则下超期'],
  ['newlyLate', '变为超期'],
  ['noLongerLate', '不再超期'],
  ['undecided', '原需人工定'],
  ['otherUndecided', '新规则下需人工定'],
  ['loses', '改派他人'],
  ['gains', '改派而来'],
]

/** `npm run replay`: see USAGE. */
await runCommand(async () => {
  const { values } = readArguments(USAGE, {
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      city: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const [from, to] = [dayOf('--from', values.from), dayOf('--to', values.to)]
  if (from > to) throw new InputError(`--from must not be after --to\n\n${USAGE}`)
  if (!values.city) throw new InputError(`--city is missing\n\n${USAGE}`)
  const other = await contentOf(values.city)
  if (!other) return 1
  const { store, config, close } = await openStore()
  try {
    const own = await contentOf(config.CITY)
    const replay = await replayPolicy(
      store,
      policyOf(other),
      { from, before: new Date(to.getTime() + DAY) },
      new Date(),
    )
    print(replay, id => other.departments.get(id)?.name ?? own?.departments.get(id)?.name ?? id)
    const { total, departments, undispatched } = replay
    if (values.json)
      process.stdout.write(
        `${JSON.stringify({ total, departments: Object.fromEntries(departments), undispatched })}\n`,
      )
    return 0
  } finally {
    await close()
  }
})

function policyOf({ levels, calendar, supervision, departments, routing }: Content) {
  return {
    policy: { levels, calendar, chaseAfter: chaseTimes(supervision.rules) },
    router: new Router([...departments.values()], routing),
  }
}

/** Null when it has problems; they are printed as the content check does. */
async function contentOf(city: string): Promise<Content | null> {
  try {
    return loadContent(await readContent(join(import.meta.dirname, '../..'), city), city)
  } catch (error) {
    if (!(error instanceof ContentError)) throw error
    for (const problem of error.problems) progress(formatProblem(problem))
    progress(`${error.problems.length} problem(s)`)
    return null
  }
}

function dayOf(name: string, text: string | undefined): Date {
  const day = readLocalDay(text ?? '')
  if (!day) throw new InputError(`${name} must be a day such as 2025-01-31\n\n${USAGE}`)
  return day
}

function print({ total, departments, undispatched }: Replay, nameOf: (id: string) => string): void {
  const row = (name: string, count: ReplayCount) =>
    `| ${name} | ${COLUMNS.map(([key]) => count[key]).join(' | ')} |\n`
  const sorted = [...departments].toSorted(([a, one], [b, two]) => two.cases - one.cases || (a < b ? -1 : 1))
  process.stdout.write(
    [
      `| 部门 | ${COLUMNS.map(([, title]) => title).join(' | ')} |\n|${'---|'.repeat(COLUMNS.length + 1)}\n`,
      ...sorted.map(([id, count]) => row(nameOf(id), count)),
      row('合计', total),
      '\n需人工定：规则定不了，由坐席定；仍算派给坐席当时定的部门，不算改派。\n',
      `未派单 ${undispatched}\n`,
    ].join(''),
  )
}
