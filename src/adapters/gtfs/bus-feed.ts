import { nextBuses, type Timetable } from '../../hall/timetable.ts'
import { type Clock, HOUR, MINUTE } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Buses, BusNews } from '../../usecases/bus-ports.ts'
import { fetchBytes, openFeed } from './open-feed.ts'
import { type Near, readTimetable } from './read-timetable.ts'
import { readTripUpdates, type TripUpdates } from './read-trip-updates.ts'

export interface BusFeedParts {
  /** Folder, or address of a zip. */
  timetable: string
  /** Address of trip updates; null: there are none. */
  realtime: string | null
  near: Near
  clock: Clock
  logger: Logger
}

/** A timetable is for weeks; one that could not be read is tried again sooner. */
const READ_AGAIN_MS = 12 * HOUR
const TRY_AGAIN_MS = 5 * MINUTE
/** Buses tell of themselves twice a minute; many people ask at once. */
const NEWS_MS = 20_000
const NEWS_TIMEOUT_MS = 4000
const MOST_NEWS_BYTES = 20 * 1024 * 1024
/** Older than this it may be wrong by more than a timetable. */
const STALE_MS = 5 * MINUTE

type News = { told: BusNews['told']; trips: TripUpdates['trips'] }

/**
 * Buses out of a GTFS feed and, where there is one, a GTFS-Realtime feed. Whatever is wrong with them is logged, and the timetable is told
 * instead, or the last one that could be read, or nothing.
 */
export function createBusFeed({ timetable: source, realtime, near, clock, logger }: BusFeedParts): Buses {
  const timetable = kept<Timetable>(clock, logger, 'the timetable of the buses cannot be read', async () => ({
    value: await readTimetable(await openFeed(source), near),
    forMs: READ_AGAIN_MS,
  }))
  const news = kept<TripUpdates>(
    clock,
    logger,
    'what the buses say of themselves cannot be read',
    async () => {
      const bytes = await fetchBytes(realtime!, { most: MOST_NEWS_BYTES, timeoutMs: NEWS_TIMEOUT_MS })
      const updates = readTripUpdates(bytes)
      if (!updates) throw new Error('it is no GTFS-Realtime feed')
      return { value: updates, forMs: NEWS_MS }
    },
  )

  async function newsNow(): Promise<News> {
    if (realtime === null) return { told: 'timetable', trips: new Map() }
    const updates = await news()
    if (!updates) return { told: 'away', trips: new Map() }
    const isStale = !updates.madeAt || clock.now().getTime() - updates.madeAt.getTime() > STALE_MS
    return isStale ? { told: 'stale', trips: new Map() } : { told: 'live', trips: updates.trips }
  }

  return {
    async next(limit) {
      const [known, { told, trips }] = await Promise.all([timetable(), newsNow()])
      return known && { told, buses: nextBuses(known, trips, clock.now(), limit) }
    },
  }
}

/** Reads once for all who ask at the same time, and again when it is old. Null while it was never read; what was read stays while reading fails. */
function kept<T>(
  clock: Clock,
  logger: Logger,
  failure: string,
  read: () => Promise<{ value: T; forMs: number }>,
): () => Promise<T | null> {
  let value: T | null = null
  let until = 0
  let reading: Promise<void> | null = null
  return async () => {
    if (clock.now().getTime() >= until)
      reading ??= read()
        .then(
          next => {
            value = next.value
            until = clock.now().getTime() + next.forMs
          },
          error => {
            until = clock.now().getTime() + Math.min(TRY_AGAIN_MS, NEWS_MS)
            logger.warn({ err: error }, failure)
          },
        )
        .finally(() => {
          reading = null
        })
    await reading
    return value
  }
}
