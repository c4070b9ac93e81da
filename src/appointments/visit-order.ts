/** Somebody who is visited, and where: [longitude, latitude]. */
export interface Visit {
  id: string
  at: readonly [number, number]
}

/** A visit with when it is expected to begin. */
export interface PlannedVisit {
  id: string
  /** Minutes after the half-day begins. */
  afterMinutes: number
  /** From the one before, as the crow flies. */
  metres: number
}

const EARTH_METRES = 6_371_000
const RADIANS = Math.PI / 180

/** As the crow flies, by the haversine formula. */
export function metresBetween(
  [lon1, lat1]: readonly [number, number],
  [lon2, lat2]: readonly [number, number],
): number {
  const half = (degrees: number) => Math.sin((degrees * RADIANS) / 2) ** 2
  const across = half(lat2 - lat1) + Math.cos(lat1 * RADIANS) * Math.cos(lat2 * RADIANS) * half(lon2 - lon1)
  return 2 * EARTH_METRES * Math.asin(Math.sqrt(Math.min(1, across)))
}

/**
 * A short round over all visits from a start and back: nearest neighbour, then every crossing taken out (2-opt) until none is left.
 * The same visits give the same order, whatever order they come in.
 */
export function orderVisits<V extends Visit>(visits: readonly V[], from: readonly [number, number]): V[] {
  const left = visits.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const round: V[] = []
  let at = from
  while (left.length > 0) {
    const next = left.reduce((best, each) =>
      metresBetween(at, each.at) < metresBetween(at, best.at) ? each : best,
    )
    left.splice(left.indexOf(next), 1)
    round.push(next)
    at = next.at
  }
  return withoutCrossings(round, from)
}

function withoutCrossings<V extends Visit>(round: readonly V[], from: readonly [number, number]): V[] {
  let best = [...round]
  let isBetter = true
  while (isBetter) {
    isBetter = false
    for (let i = 0; i < best.length - 1; i++)
      for (let j = i + 1; j < best.length; j++) {
        const turned = [...best.slice(0, i), ...best.slice(i, j + 1).reverse(), ...best.slice(j + 1)]
        if (lengthOf(turned, from) < lengthOf(best, from) - 0.5) {
          best = turned
          isBetter = true
        }
      }
  }
  return best
}

/** Metres of the whole round. */
export function lengthOf(round: readonly Visit[], from: readonly [number, number]): number {
  const stops = [from, ...round.map(({ at }) => at), from]
  return stops.slice(1).reduce((sum, at, i) => sum + metresBetween(stops[i]!, at), 0)
}

/** When each visit begins, in the order of the round. */
export function planVisits(
  round: readonly Visit[],
  {
    from,
    minutesEach,
    metresPerMinute,
  }: { from: readonly [number, number]; minutesEach: number; metresPerMinute: number },
): PlannedVisit[] {
  let minutes = 0
  let at = from
  return round.map(visit => {
    const metres = metresBetween(at, visit.at)
    minutes += metres / metresPerMinute
    const planned = { id: visit.id, afterMinutes: Math.round(minutes), metres: Math.round(metres) }
    minutes += minutesEach
    at = visit.at
    return planned
  })
}
