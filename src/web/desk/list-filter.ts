import { STATES } from '../../cases/case-state.ts'
import { askedOf, type Narrowing, narrowingIn } from './list-narrowing.ts'
import type { ListQuery } from './overview-shapes.ts'

/**
 * What a handler looks for by the work it asks of them; a lane is a set of states, and whether it came back because it was not done. In the
 * order in which they stand, which is that of the keys 1, 2, 3 …
 */
export const LANES = {
  'to-sign': { states: ['dispatched'], isReworked: false },
  handling: { states: ['handling', 'suspended'], isReworked: false },
  waiting: { states: ['waiting-resident'] },
  'to-put-right': { states: ['dispatched', 'handling', 'suspended'], isReworked: true },
  new: { states: ['received', 'incomplete', 'accepted'] },
  returned: { states: ['returned'] },
  replied: { states: ['replied'] },
  closed: { states: ['closed', 'withdrawn', 'merged', 'not-accepted'] },
} as const satisfies Record<string, { states: readonly string[]; isReworked?: boolean }>

export type Lane = keyof typeof LANES

/** Where something is still owed. */
const OPEN = STATES.filter(state => !(LANES.closed.states as readonly string[]).includes(state))

/** Lanes that only the centre works in. */
const OF_CENTRE: readonly Lane[] = ['new', 'returned']

/** The lanes that a role sees. */
export function lanesOf(role: string): Lane[] {
  return (Object.keys(LANES) as Lane[]).filter(lane => role !== 'handler' || !OF_CENTRE.includes(lane))
}

const LIGHTS = ['red', 'yellow', 'green'] as const
const SORTS = ['next', 'newest'] as const

/** What the list shows. Words to search for stand apart: they may be a name, and go into no address. */
export interface ListFilter {
  lane: Lane | ''
  states: string[]
  light: (typeof LIGHTS)[number] | ''
  department: string
  grade: string
  sort: (typeof SORTS)[number]
  /** Only what many people told of. */
  isHot: boolean
  search: string
  /** What a number of another page opened: then only that is listed, by lane, whatever the rest says. */
  narrowing: Narrowing | null
}

export const NO_FILTER: ListFilter = {
  lane: '',
  states: [],
  light: '',
  department: '',
  grade: '',
  sort: 'next',
  isHot: false,
  search: '',
  narrowing: null,
}

/** A filter as it is saved and stands in addresses: only what narrows. */
export type FilterChoice = Partial<Omit<ListFilter, 'search' | 'isHot' | 'narrowing'>> & {
  peopleAtLeast?: number
  narrowing?: Narrowing
}

/** So many people make an issue hot. */
export const HOT_PEOPLE = 10

/** What of a filter can be saved. */
export function choiceOf(filter: ListFilter): FilterChoice {
  if (filter.narrowing) return narrowedChoice(filter.narrowing, filter)
  const { search: _, narrowing: __, isHot, ...rest } = filter
  const set = Object.entries(rest).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== '',
  )
  return {
    ...(Object.fromEntries(set) as FilterChoice),
    ...(isHot ? { peopleAtLeast: HOT_PEOPLE } : {}),
  }
}

function narrowedChoice(narrowing: Narrowing, { lane, sort }: ListFilter): FilterChoice {
  return { ...(lane ? { lane } : {}), sort, narrowing: { ...narrowing, query: { ...narrowing.query } } }
}

/** The filter of a choice; whatever it holds that there is not is left out. */
export function filterOf(choice: Readonly<Record<string, unknown>>): ListFilter {
  const { lane, states, light, department, grade, sort, peopleAtLeast, narrowing } = choice
  const among = <T extends string>(known: readonly T[], value: unknown): T | '' =>
    known.find(each => each === value) ?? ''
  const asText = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    ...NO_FILTER,
    lane: among(Object.keys(LANES) as Lane[], lane),
    states: Array.isArray(states) ? STATES.filter(state => states.includes(state)) : [],
    light: among(LIGHTS, light),
    department: asText(department),
    grade: asText(grade),
    sort: among(SORTS, sort) || 'next',
    isHot: Number(peopleAtLeast) > 1,
    narrowing: (narrowing as Narrowing | undefined) ?? null,
  }
}

/** What the server is asked for. */
export function queryOf(filter: ListFilter): Record<string, string | number> {
  if (filter.narrowing) return narrowedQuery(filter.narrowing, filter)
  const lane = filter.lane === '' ? null : LANES[filter.lane]
  // Whoever looks for words looks everywhere; else what is over stands in its own lane.
  const others = filter.search === '' ? OPEN : []
  const states = lane?.states ?? (filter.states.length > 0 ? filter.states : others)
  return {
    ...(states.length > 0 ? { states: states.join(',') } : {}),
    ...(lane && 'isReworked' in lane ? { isReworked: String(lane.isReworked) } : {}),
    ...(filter.department ? { department: filter.department } : {}),
    ...(filter.grade ? { grade: filter.grade } : {}),
    ...(filter.isHot ? { peopleAtLeast: HOT_PEOPLE } : {}),
    // As the lanes count: whoever signs late is late.
    ...(filter.light ? { light: filter.light, lightOf: 'next' } : {}),
  }
}

/** A lane shows its part of what the list is narrowed to. */
function narrowedQuery(narrowing: Narrowing, { lane }: ListFilter): ListQuery {
  const asked = askedOf(narrowing)
  if (lane === '') return asked
  const { states, ...rest }: { states: readonly string[]; isReworked?: boolean } = LANES[lane]
  const wanted = asked.states?.split(',')
  const both = wanted ? states.filter(state => wanted.includes(state)) : states
  return {
    ...asked,
    states: both.join(','),
    ...(rest.isReworked === undefined ? {} : { isReworked: String(rest.isReworked) }),
  }
}

/** The address of the list, or of a case beside it: `#/cases/<id>?lane=to-sign`. */
export function hashOf(filter: ListFilter, openId: string | null): string {
  const { narrowing, ...own } = choiceOf(filter)
  const named = narrowing ? { what: narrowing.what, ...narrowing.query } : {}
  const pairs = Object.entries({ ...named, ...own })
    .filter(([key, value]) => !(key === 'sort' && value === 'next'))
    .map(([key, value]): [string, string] => [key, Array.isArray(value) ? value.join(',') : String(value)])
  const query = new URLSearchParams(pairs).toString()
  return `#/${openId ? `cases/${openId}` : ''}${query ? `?${query}` : ''}`
}

/** The filter in an address; null when it holds none, or is not one of the cases. */
export function filterOfHash(hash: string): ListFilter | null {
  const query = /^#\/(?:cases\/[\w-]+)?\?(.+)$/.exec(hash)?.[1]
  if (query === undefined) return null
  const { lane, sort, ...rest } = Object.fromEntries(new URLSearchParams(query))
  const narrowing = narrowingIn(rest, [...Object.keys(NO_FILTER), 'peopleAtLeast'])
  if (narrowing) return filterOf({ lane, sort, narrowing })
  return filterOf({ ...rest, lane, sort, states: rest.states?.split(',') ?? [] })
}

/** The case that an address opens. */
export function caseOfHash(hash: string): string | null {
  return /^#\/cases\/([\w-]+)(?:\?|$)/.exec(hash)?.[1] ?? null
}

/** Open cases of one state, as they are counted. */
export interface StateCount {
  state: string
  isReworked: boolean
  all: number
  overdue: number
  warned: number
}

/** How many cases a lane holds; null where nobody counts, because nothing is owed there any more. */
export function countOfLane(
  lane: Lane,
  counts: readonly StateCount[],
): { all: number; overdue: number } | null {
  if (lane === 'closed') return null
  const { states, ...rest } = LANES[lane]
  const counted = counts.filter(
    count =>
      (states as readonly string[]).includes(count.state) &&
      (!('isReworked' in rest) || count.isReworked === rest.isReworked),
  )
  return {
    all: counted.reduce((sum, { all }) => sum + all, 0),
    overdue: counted.reduce((sum, { overdue }) => sum + overdue, 0),
  }
}
