import type { Locale } from '../language/understanding.ts'
import type { Line } from './line.ts'
import type { PlaceCount } from './overview-ports.ts'
import { type OverviewScope, overviewScope, startOfDay } from './overview-scope.ts'
import type { Account } from './ports.ts'

/** So many days, with today, are recent. */
const RECENT_DAYS = 30

type Counts = Pick<PlaceCount, 'open' | 'overdue' | 'recent'>
type Point = [longitude: number, latitude: number]

/** A street of the city with its communities and what there is of each. */
export interface MappedStreet extends Counts {
  id: string
  name: string
  centre: Point
  /** Its edge; without one the map has only its centre. */
  outline: Point[] | null
  communities: (Counts & { id: string; name: string })[]
}

export interface CaseMap {
  since: Date
  scope: OverviewScope
  streets: MappedStreet[]
  /** Rivers and main roads, for finding one's way. */
  lines: { kind: string; name: string; path: Point[] }[]
}

/**
 * Where cases are, drawn from the city's own places. What was told in confidence is not among them.
 * @throws AppError as `overviewScope`
 */
export async function mapCases(
  line: Line,
  account: Account,
  asked: { department?: string | undefined },
  locale: Locale,
): Promise<CaseMap> {
  const scope = overviewScope(line, account, asked.department)
  const now = line.clock.now()
  const since = startOfDay(now, RECENT_DAYS - 1)
  const counts = await line.store.overviews.places({ ...scope, since, now })
  const { places } = line.content
  const nameOf = (zh: string, en = zh) => line.names.text({ zh, en }, locale)
  return {
    since,
    scope,
    streets: places.streets.map(({ id, name, en, centre, outline, communities }) => {
      const here = counts.filter(({ street }) => street === id)
      return {
        id,
        name: nameOf(name, en),
        centre,
        outline: outline ?? null,
        ...sumOf(here),
        communities: communities.map(each => ({
          id: each.name,
          name: nameOf(each.name),
          ...sumOf(here.filter(({ community }) => community === each.name)),
        })),
      }
    }),
    lines: places.lines.map(({ kind, name, en, path }) => ({ kind, name: nameOf(name, en), path })),
  }
}

function sumOf(counts: readonly PlaceCount[]): Counts {
  const sum = (of: keyof Counts) => counts.reduce((total, count) => total + count[of], 0)
  return { open: sum('open'), overdue: sum('overdue'), recent: sum('recent') }
}
