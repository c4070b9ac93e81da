import type { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { Service, StopCall, Timetable } from '../../hall/timetable.ts'

/** A feed's files: a stream of one of them, or null when it has none of that name. */
export type FeedFiles = (name: string) => Promise<Readable | null>

/** A feed that is not one, or is larger than anything that we would read. */
export class FeedError extends Error {
  override readonly name = 'FeedError'
}

export interface Near {
  longitude: number
  latitude: number
  metres: number
}

/** Of a whole province; what is kept is only what stops near the hall. */
const MOST_ROWS = 20_000_000
const MOST_KEPT = 100_000
const MOST_COLUMN = 64 * 1024
const NAMES = 120

type Row = Readonly<Record<string, string | undefined>>

/**
 * What a static GTFS feed says of the stops near a place. Files are read as streams, one after the other, and rows that are wrong are
 * left out.
 * @throws FeedError
 */
export async function readTimetable(files: FeedFiles, near: Near): Promise<Timetable> {
  const stops = new Map<string, { name: string; metres: number }>()
  await each(files, 'stops.txt', row => {
    const metres = metresFrom(near, row)
    if (
      row.stop_id &&
      metres !== null &&
      metres <= near.metres &&
      (row.location_type ?? '0') in { '': 1, '0': 1 }
    )
      keep(stops, row.stop_id, { name: short(row.stop_name), metres: Math.round(metres) })
  })
  const calls: StopCall[] = []
  await each(files, 'stop_times.txt', row => {
    const seconds = secondsOf(row.departure_time || row.arrival_time)
    if (!row.trip_id || !row.stop_id || seconds === null || !stops.has(row.stop_id)) return
    if (calls.length >= MOST_KEPT) throw new FeedError('too many trips stop there')
    calls.push({ trip: row.trip_id, stop: row.stop_id, sequence: Number(row.stop_sequence) || 0, seconds })
  })
  const wanted = new Set(calls.map(({ trip }) => trip))
  const trips = new Map<string, { route: string; headsign: string; service: string }>()
  await each(files, 'trips.txt', row => {
    if (row.trip_id && row.route_id && row.service_id && wanted.has(row.trip_id))
      keep(trips, row.trip_id, {
        route: row.route_id,
        headsign: short(row.trip_headsign),
        service: row.service_id,
      })
  })
  const lines = new Map<string, string>()
  await each(files, 'routes.txt', row => {
    if (row.route_id) keep(lines, row.route_id, short(row.route_short_name || row.route_long_name))
  })
  return {
    stops,
    calls,
    trips: new Map(
      Array.from(trips, ([id, { route, ...trip }]) => [id, { ...trip, line: lines.get(route) ?? '' }]),
    ),
    services: await readServices(files),
  }
}

async function readServices(files: FeedFiles): Promise<Map<string, Service>> {
  const services = new Map<string, Service & { added: Set<string>; removed: Set<string> }>()
  const of = (id: string) => {
    const none = { weekdays: [], from: '', to: '', added: new Set<string>(), removed: new Set<string>() }
    const known = services.get(id) ?? none
    keep(services, id, known)
    return known
  }
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
  await each(
    files,
    'calendar.txt',
    row => {
      if (!row.service_id) return
      const weekdays = days.map(day => row[day] === '1')
      keep(services, row.service_id, {
        ...of(row.service_id),
        weekdays,
        from: row.start_date ?? '',
        to: row.end_date ?? '',
      })
    },
    true,
  )
  await each(
    files,
    'calendar_dates.txt',
    row => {
      if (!row.service_id || !/^\d{8}$/.test(row.date ?? '')) return
      if (row.exception_type === '1') of(row.service_id).added.add(row.date!)
      if (row.exception_type === '2') of(row.service_id).removed.add(row.date!)
    },
    true,
  )
  return services
}

async function each(
  files: FeedFiles,
  name: string,
  take: (row: Row) => void,
  isOptional = false,
): Promise<void> {
  const stream = await files(name)
  if (!stream) {
    if (isOptional) return
    throw new FeedError(`there is no ${name}`)
  }
  const rows = parse({
    columns: (header: string[]) => header.map(column => column.trim().toLowerCase()),
    bom: true,
    trim: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_records_with_error: true,
    max_record_size: MOST_COLUMN,
  })
  stream.on('error', error => rows.destroy(error))
  stream.pipe(rows)
  let count = 0
  try {
    for await (const row of rows) {
      if (++count > MOST_ROWS) throw new FeedError(`${name} has too many rows`)
      take(row as Row)
    }
  } catch (error) {
    throw error instanceof FeedError ? error : new FeedError(`${name} cannot be read`, { cause: error })
  } finally {
    stream.destroy()
  }
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= MOST_KEPT && !map.has(key)) throw new FeedError('the feed is too large')
  map.set(key, value)
}

const short = (text: string | undefined) => [...(text ?? '')].slice(0, NAMES).join('')

/** `25:10:00` → seconds; null when it is none. */
function secondsOf(time: string | undefined): number | null {
  const match = /^(\d{1,2}):([0-5]\d):([0-5]\d)$/.exec(time ?? '')
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : null
}

const EARTH_METRES = 6_371_000
const RADIANS = Math.PI / 180

function metresFrom({ longitude, latitude }: Near, row: Row): number | null {
  if (!row.stop_lat || !row.stop_lon) return null
  const [lat, lon] = [Number(row.stop_lat), Number(row.stop_lon)]
  if (!Number.isFinite(lat) || !Number.isFinite(lon)) return null
  const x = (lon - longitude) * RADIANS * Math.cos(latitude * RADIANS)
  const y = (lat - latitude) * RADIANS
  return Math.hypot(x, y) * EARTH_METRES
}
