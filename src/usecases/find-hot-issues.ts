import type { HotIssue, Voice } from '../followup/hot-issues.ts'
import { DAY, MINUTE } from '../kernel/clock.ts'
import { keptFor } from './kept-for.ts'
import type { Line } from './line.ts'
import type { ToldCase } from './overview-ports.ts'
import { overviewScope, startOfDay } from './overview-scope.ts'
import type { Account } from './ports.ts'

/** So many days, with today, are looked at, and of what was told in them so many of the newest. */
const DAYS = 28
const MOST_VOICES = 2000
const TOP = 10
/** Reading takes processor time: what was found is good for so long. */
const LIFE = 5 * MINUTE
/** Fewer people than that are nobody's issue. */
const LEAST_PEOPLE = 2

/** What many tell of, and how it grows. */
export interface TrendingIssue extends Pick<HotIssue, 'title' | 'place' | 'people' | 'heat' | 'ids'> {
  /** Voices of each day, the oldest first; the last one is today. */
  days: number[]
  /** Voices of the last seven days less those of the seven before. */
  change: number
}

export interface TrendingIssues {
  at: Date
  since: Date
  /** How many cases were read, and whether there were more. */
  read: number
  isAll: boolean
  issues: TrendingIssue[]
}

export type FindHotIssues = (
  account: Account,
  asked: { department?: string | undefined },
) => Promise<TrendingIssues>

/**
 * What many people have told of in the last four weeks, hottest first: the newest two thousand cases, grouped by matter and place
 * within their subject, nothing confidential. Kept for five minutes.
 */
export function createHotIssues(line: Line): FindHotIssues {
  const kept = keptFor<TrendingIssues>(line.clock, LIFE)
  return async (account, asked) => {
    const scope = overviewScope(line, account, asked.department)
    return kept(scope.department ?? '', () => find(line, scope))
  }
}

async function find(line: Line, scope: { department?: string }): Promise<TrendingIssues> {
  const at = line.clock.now()
  const since = startOfDay(at, DAYS - 1)
  const told = await line.store.overviews.toldSince({ ...scope, since, limit: MOST_VOICES })
  const groups: Voice[][] = []
  for (const voices of bySubject(told)) {
    groups.push(...line.issues.group(voices))
    // Whoever writes meanwhile is answered between two subjects.
    await new Promise(resume => setImmediate(resume))
  }
  const shared = groups.filter(group => new Set(group.map(({ user }) => user)).size >= LEAST_PEOPLE)
  const issues = line.issues.rank(shared, TOP)
  const times = new Map(told.map(({ id, at: filedAt }) => [id, filedAt.getTime()]))
  return {
    at,
    since,
    read: told.length,
    isAll: told.length < MOST_VOICES,
    issues: issues.map(issue => ({
      ...issue,
      ...trendOf(
        issue.ids.map(id => times.get(id)!),
        since,
      ),
    })),
  }
}

/** What is about different things is no one issue; the same thing may be told under two leaves of one subject. */
function bySubject(told: readonly ToldCase[]): Voice[][] {
  const key = ({ subject }: ToldCase) => (subject ?? '').split('/').slice(0, 2).join('/')
  const groups = Map.groupBy(told.toReversed(), key)
  return [...groups.values()].map(cases =>
    cases.map(({ id, user, at, summary, place }) => ({
      id,
      user,
      at,
      headline: summary,
      text: place ?? '',
      votes: 0,
    })),
  )
}

function trendOf(times: readonly number[], since: Date): Pick<TrendingIssue, 'days' | 'change'> {
  const days = new Array<number>(DAYS).fill(0)
  for (const time of times) days[Math.min(DAYS - 1, Math.floor((time - since.getTime()) / DAY))]! += 1
  const week = (from: number, to?: number) => days.slice(from, to).reduce((sum, count) => sum + count, 0)
  return { days, change: week(-7) - week(-14, -7) }
}
