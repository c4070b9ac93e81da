import { type Finishes, type Lateness, learnLateness, type Running, STEPS } from '../followup/lateness.ts'
import { DAY, HOUR } from '../kernel/clock.ts'
import type { Locale } from '../language/understanding.ts'
import { keptFor } from './kept-for.ts'
import type { Line } from './line.ts'
import type { RunningTime } from './overview-ports.ts'
import { overviewScope } from './overview-scope.ts'
import type { Account } from './ports.ts'
import { type DeskRow, listDeskCases } from './work-at-desk.ts'

/** It learns from the replies of so many days, so many of the newest. */
const LEARN_DAYS = 365
const MOST_REPLIES = 50_000
/** What was learned is good for so long. */
const LIFE = 6 * HOUR
const LISTED = 20

/** A case that is not late yet, how likely it will be, and why. */
export interface LateForecast extends Lateness {
  row: DeskRow
  topic: string | null
  /** How much of its time is used up, from 0 to 1. */
  share: number
}

export interface LateForecasts {
  /** Replies that it learned from. */
  learned: number
  /** Cases whose time runs and is not over. */
  running: number
  /** How many of these will be late, by their chances. */
  expected: number
  likeliest: LateForecast[]
}

export type ForecastLate = (
  account: Account,
  asked: { department?: string | undefined },
  locale: Locale,
) => Promise<LateForecasts>

/** Which open cases are likeliest to miss their time, by how it went with cases like them; see `learnLateness`. */
export function createForecasts(line: Line): ForecastLate {
  const kept = keptFor<Learned>(line.clock, LIFE)
  return async (account, asked, locale) => {
    const scope = overviewScope(line, account, asked.department)
    const { forecast, learned } = await kept('', () => learn(line))
    const judged = judgeAll(await line.store.overviews.runningTimes(scope), forecast, line.clock.now())
    return {
      learned,
      running: judged.length,
      expected: judged.reduce((sum, { chance }) => sum + chance, 0),
      likeliest: await withRows(line, account, judged.slice(0, LISTED), locale),
    }
  }
}

interface Learned {
  forecast: (running: Running) => Lateness
  learned: number
}

/** Who is late and has not replied yet is late all the same: replies alone would flatter. */
async function learn(line: Line): Promise<Learned> {
  const now = line.clock.now()
  const { overviews } = line.store
  const [replies, running] = await Promise.all([
    overviews.finishes({
      from: new Date(now.getTime() - LEARN_DAYS * DAY),
      before: now,
      limit: MOST_REPLIES,
    }),
    overviews.runningTimes({}),
  ])
  const late = running
    .filter(({ dueAt }) => dueAt <= now)
    .map(({ department, topic }): Finishes => ({ department, topic, step: STEPS, cases: 1 }))
  return {
    forecast: learnLateness([...replies, ...late]),
    learned: replies.reduce((sum, { cases }) => sum + cases, 0),
  }
}

type Judged = RunningTime & Lateness & { share: number }

function judgeAll(running: readonly RunningTime[], forecast: Learned['forecast'], now: Date): Judged[] {
  return running
    .filter(({ dueAt }) => dueAt > now)
    .map(time => {
      const whole = time.dueAt.getTime() - time.from.getTime()
      const share = whole > 0 ? Math.min(1, Math.max(0, (now.getTime() - time.from.getTime()) / whole)) : 1
      return { ...time, share, ...forecast({ ...time, share }) }
    })
    .toSorted(
      (a, b) => b.chance - a.chance || a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1),
    )
}

async function withRows(
  line: Line,
  account: Account,
  judged: readonly Judged[],
  locale: Locale,
): Promise<LateForecast[]> {
  const filter = { ids: judged.map(({ id }) => id), sort: 'due', limit: Math.max(1, judged.length) } as const
  const { rows } = await listDeskCases(line, account, filter, locale)
  return judged.flatMap(({ id, topic, share, chance, basis }) => {
    const row = rows.find(each => each.id === id)
    const named = topic === '' ? null : line.names.subject(topic, locale)
    return row ? [{ row, topic: named, share, chance, basis }] : []
  })
}
