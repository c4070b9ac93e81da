import { DAY } from '../kernel/clock.ts'

/** A message as far as its heat goes. */
export interface Voice {
  id: string
  /** Who said it: one person counts once, however often they write. */
  user: string
  at: Date
  headline: string
  text: string
  /** For and against: both are people who care. */
  votes: number
}

/** Messages about the same matter at the same place. */
export interface HotIssue {
  heat: number
  title: string
  /** Where, or else whom it is about; null when nothing of both is named. */
  place: string | null
  from: Date
  to: Date
  people: number
  votes: number
  ids: string[]
}

/** Names the places that a text speaks of. */
export type PlacesIn = (text: string) => string[]

/** After so many days of silence an issue is half as hot. */
const HALF_LIFE_DAYS = 180
const VOTES_WEIGHT = 0.25
const SPAN_WEIGHT = 0.1
const LONGEST_TITLE = 40

/**
 * Heat of a group: `people × (1 + ln(1 + votes) / 4) × (1 + ln(1 + days) / 10) × 2^(−silence / 180)`. People who write count most;
 * votes are cheap and count by their order of magnitude; what goes on for long is worse; what has been silent (days from its last
 * message to the newest of all) cools down.
 */
export function heatOf(voices: readonly Voice[], newest: Date): number {
  const { people, votes, from, to } = measured(voices)
  const days = (to.getTime() - from.getTime()) / DAY
  const silence = (newest.getTime() - to.getTime()) / DAY
  return (
    people *
    (1 + VOTES_WEIGHT * Math.log1p(votes)) *
    (1 + SPAN_WEIGHT * Math.log1p(days)) *
    2 ** (-silence / HALF_LIFE_DAYS)
  )
}

/** Groups as issues, hottest first; of equals the one that began first. Only the first `top` are named. */
export function rankIssues(
  groups: readonly (readonly Voice[])[],
  placesIn: PlacesIn,
  top: number,
): HotIssue[] {
  const newest = groups.flat().reduce((latest, { at }) => (at > latest ? at : latest), new Date(0))
  return groups
    .map(voices => ({ voices, heat: heatOf(voices, newest), ...measured(voices) }))
    .sort((a, b) => b.heat - a.heat || a.from.getTime() - b.from.getTime())
    .slice(0, top)
    .map(({ voices, heat, from, to, people, votes }) => {
      const place = whereOrWhom(voices, placesIn)
      return {
        heat,
        title: titleOf(voices, place),
        place,
        from,
        to,
        people,
        votes,
        ids: voices.map(({ id }) => id),
      }
    })
}

function measured(voices: readonly Voice[]): Pick<HotIssue, 'people' | 'votes' | 'from' | 'to'> {
  const times = voices.map(({ at }) => at.getTime())
  return {
    people: new Set(voices.map(({ user }) => user)).size,
    votes: voices.reduce((sum, voice) => sum + voice.votes, 0),
    from: new Date(Math.min(...times)),
    to: new Date(Math.max(...times)),
  }
}

/** A name must be in so many of the messages to be the issue's. */
const NAMED_BY = 0.5
/** Shorter pieces of headlines are no names. */
const SHORTEST_NAME = 4
const LONGEST_NAME = 12

/** The place that most of them name; else what most headlines have in common; else the people it is about. */
function whereOrWhom(voices: readonly Voice[], placesIn: PlacesIn): string | null {
  const least = Math.max(1, voices.length * NAMED_BY)
  const places = voices.map(({ headline, text }) => placesIn(`${headline}\n${text}`))
  const headlines = voices.map(({ headline }) => headline)
  return (
    mostNamed(places, least) ??
    (voices.length > 1 ? commonPiece(headlines, Math.max(2, voices.length / 2)) : null) ??
    mostNamed(
      headlines.map(headline => headline.match(PEOPLE) ?? []),
      least,
    )
  )
}

/** Whom a matter without a place is about. */
const PEOPLE =
  /(?:受害者|受害人|业主|居民|村民|市民|学生|家长|老师|教师|职工|员工|工人|农民工|司机|老人|退役军人|乘客|租户|商户|用户)/gu

/** Most named; of equals the longer name says more. */
function mostNamed(named: readonly (readonly string[])[], least: number): string | null {
  const names = new Set(named.flat())
  // A name that stands inside a longer one was named there too.
  const supportOf = (name: string) => named.filter(all => all.some(other => other.includes(name))).length
  const ranked = [...names]
    .map(name => ({ name, support: supportOf(name) }))
    .filter(({ support }) => support >= least)
    .sort((a, b) => b.support - a.support || b.name.length - a.name.length || (a.name < b.name ? -1 : 1))
  return ranked[0]?.name ?? null
}

/** The piece that stands in at least so many headlines, weighed by its length and their number; cut at signs. */
function commonPiece(headlines: readonly string[], least: number): string | null {
  const pieces = new Map<string, number>()
  for (const headline of headlines)
    for (const piece of piecesOf(headline)) pieces.set(piece, (pieces.get(piece) ?? 0) + 1)
  const [best] = [...pieces]
    .filter(([, count]) => count >= least)
    .sort(([one, a], [other, b]) => b * other.length - a * one.length || (one < other ? -1 : 1))
  return best?.[0] ?? null
}

function piecesOf(headline: string): Set<string> {
  const pieces = new Set<string>()
  for (const run of headline.split(/[^\p{L}\p{N}]+/u))
    for (let from = 0; from < run.length; from++)
      for (let to = from + SHORTEST_NAME; to <= Math.min(run.length, from + LONGEST_NAME); to++)
        pieces.add(run.slice(from, to))
  return pieces
}

/** The headline that is most like the others, with the place before it when it does not name it. */
function titleOf(voices: readonly Voice[], place: string | null): string {
  const headlines = voices.map(({ headline, text }) => shorten(headline.trim() || firstClause(text)))
  const pairs = headlines.map(pairsOf)
  const likeness = (index: number) =>
    pairs.reduce((sum, other) => sum + shared(pairs[index]!, other) / Math.max(1, pairs[index]!.size), 0)
  const best = headlines
    .map((headline, index) => ({ headline, like: likeness(index) }))
    .reduce((first, each) => (each.like > first.like ? each : first)).headline
  return place === null || best.includes(place) ? best : `${place}：${best}`
}

function firstClause(text: string): string {
  return text.trim().split(/[。！？!?\n]/u, 1)[0]!
}

function shorten(text: string): string {
  const letters = [...text]
  return letters.length > LONGEST_TITLE ? `${letters.slice(0, LONGEST_TITLE - 1).join('')}…` : text
}

function pairsOf(text: string): Set<string> {
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2)))
}

function shared(one: Set<string>, other: Set<string>): number {
  let count = 0
  for (const pair of one) if (other.has(pair)) count++
  return count
}
