import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createBusFeed } from './adapters/gtfs/bus-feed.ts'
import type { Config } from './config.ts'
import type { Content } from './content/content.ts'
import type { Clock } from './kernel/clock.ts'
import type { Logger } from './kernel/logger.ts'
import type { Line } from './usecases/line.ts'

/** Buses to the hall: of the city's feed, else of the sample in its folder, else none. */
export function openBuses({
  config,
  root,
  content,
  clock,
  logger,
}: {
  config: Config
  root: string
  content: Content
  clock: Clock
  logger: Logger
}): Pick<Line, 'buses'> {
  const own = join(root, config.CITY, 'gtfs')
  const timetable = config.GTFS_URL ?? (existsSync(own) ? own : null)
  if (timetable === null) return {}
  const { at, walkMetres } = content.hall.where
  const near = { longitude: at[0], latitude: at[1], metres: walkMetres }
  return {
    buses: createBusFeed({ timetable, realtime: config.GTFS_REALTIME_URL ?? null, near, clock, logger }),
  }
}
