import { localDateOf, startOfLocalDate } from '../clocks/working-calendar.ts'
import { DAY } from '../kernel/clock.ts'

/** What is known of buses at the stops near the hall, out of a static GTFS feed. */
export interface Timetable {
  stops: ReadonlyMap<string, { name: string; metres: number }>
  calls: readonly StopCall[]
  trips: ReadonlyMap<string, { line: string; headsign: string; service: string }>
  services: ReadonlyMap<string, Service>
}

/** A trip at a stop. */
export interface StopCall {
  trip: string
  stop: string
  sequence: number
  /** After the midnight with which the service's day begins; more than a day for trips of the night. */
  seconds: number
}

/** On which days something runs; dates as GTFS writes them: `20261124`. */
export interface Service {
  /** From Monday; all false when only exceptions say so. */
  weekdays: readonly boolean[]
  from: string
  to: string
  added: ReadonlySet<string>
  removed: ReadonlySet<string>
}

/** What a GTFS-Realtime feed says of a trip. */
export interface TripNews {
  isCancelled: boolean
  stops: readonly {
    sequence: number | null
    stop: string | null
    isSkipped: boolean
    delaySeconds: number | null
    at: Date | null
  }[]
}

/** A bus that comes. */
export interface NextBus {
  line: string
  headsign: string
  stop: string
  /** From the hall to the stop. */
  metres: number
  at: Date
  minutes: number
  /** Told by the bus itself, not by the timetable. */
  isLive: boolean
}

const MINUTE = 60_000
const FAR_MINUTES = 120

/** The next buses at the stops near the hall, the soonest first; each line and direction at its nearest stop. */
export function nextBuses(
  timetable: Timetable,
  news: ReadonlyMap<string, TripNews>,
  now: Date,
  limit: number,
): NextBus[] {
  const days = [-1, 0].map(offset => new Date(now.getTime() + offset * DAY))
  const all = days.flatMap(day => busesOf(timetable, news, day, now))
  const inTime = all
    .filter(({ at, minutes }) => at >= now && minutes <= FAR_MINUTES)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.metres - b.metres)
  const seen = new Map<string, string>()
  return inTime
    .filter(({ line, headsign, stop }) => {
      const key = `${line}/${headsign}`
      const nearest = seen.get(key) ?? stop
      seen.set(key, nearest)
      return nearest === stop
    })
    .slice(0, limit)
}

function busesOf(
  { stops, calls, trips, services }: Timetable,
  news: ReadonlyMap<string, TripNews>,
  day: Date,
  now: Date,
): NextBus[] {
  const date = localDateOf(day)
  const midnight = startOfLocalDate(date).getTime()
  return calls.flatMap(call => {
    const trip = trips.get(call.trip)
    const service = trip && services.get(trip.service)
    const stop = stops.get(call.stop)
    if (!trip || !service || !stop || !runsOn(service, date)) return []
    const planned = new Date(midnight + call.seconds * 1000)
    const told = toldTime(news.get(call.trip), call, planned)
    if (told === 'none') return []
    const at = told ?? planned
    const minutes = Math.max(0, Math.round((at.getTime() - now.getTime()) / MINUTE))
    return [
      {
        line: trip.line,
        headsign: trip.headsign,
        stop: stop.name,
        metres: stop.metres,
        at,
        minutes,
        isLive: told !== null,
      },
    ]
  })
}

/** Does a service run on a local date, `2026-11-24`? */
export function runsOn({ weekdays, from, to, added, removed }: Service, date: string): boolean {
  const day = date.replaceAll('-', '')
  if (removed.has(day)) return false
  if (added.has(day)) return true
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
  return day >= from && day <= to && weekdays[weekday] === true
}

/** More than this from the timetable is another day's trip of the same name. */
const MOST_SECONDS_OFF = 4 * 3600

/**
 * When the bus itself says that it comes; null when it says nothing of this stop, `none` when it does not come. As GTFS-Realtime has it a
 * delay goes on until the next stop of which something is told.
 */
function toldTime(news: TripNews | undefined, call: StopCall, planned: Date): Date | 'none' | null {
  if (!news) return null
  if (news.isCancelled) return 'none'
  const isBefore = ({ sequence, stop }: TripNews['stops'][number]) =>
    sequence === null ? stop === call.stop : sequence <= call.sequence
  const last = news.stops.filter(isBefore).at(-1)
  if (!last) return null
  const isHere = last.sequence === null || last.sequence === call.sequence
  if (isHere && last.isSkipped) return 'none'
  const at =
    isHere && last.at
      ? last.at
      : last.delaySeconds === null
        ? null
        : new Date(planned.getTime() + last.delaySeconds * 1000)
  if (!at || Math.abs(at.getTime() - planned.getTime()) > MOST_SECONDS_OFF * 1000) return null
  return at
}
