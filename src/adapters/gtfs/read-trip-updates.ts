import bindings from 'gtfs-realtime-bindings'
import type { TripNews } from '../../hall/timetable.ts'

export interface TripUpdates {
  /** When the feed was made; null when it does not say. */
  madeAt: Date | null
  trips: Map<string, TripNews>
}

const { transit_realtime: realtime } = bindings
const CANCELLED = [
  realtime.TripDescriptor.ScheduleRelationship.CANCELED,
  realtime.TripDescriptor.ScheduleRelationship.DELETED,
]
const SKIPPED = realtime.TripUpdate.StopTimeUpdate.ScheduleRelationship.SKIPPED
const MOST_TRIPS = 200_000
/** What a date can hold. */
const LAST_SECOND = 8.64e12

/** What a GTFS-Realtime feed says of trips; null when the bytes are none. */
export function readTripUpdates(bytes: Uint8Array): TripUpdates | null {
  try {
    const { header, entity } = realtime.FeedMessage.decode(bytes)
    const trips = new Map<string, TripNews>()
    for (const { tripUpdate } of entity.slice(0, MOST_TRIPS)) {
      const id = tripUpdate?.trip?.tripId
      if (!tripUpdate || !id) continue
      trips.set(id, {
        isCancelled: CANCELLED.includes(tripUpdate.trip.scheduleRelationship ?? 0),
        stops: (tripUpdate.stopTimeUpdate ?? []).map(update => {
          const event = update.departure ?? update.arrival
          return {
            sequence: Object.hasOwn(update, 'stopSequence') ? (update.stopSequence ?? null) : null,
            stop: update.stopId || null,
            isSkipped: update.scheduleRelationship === SKIPPED,
            delaySeconds: event && Object.hasOwn(event, 'delay') ? (event.delay ?? null) : null,
            at: event && Object.hasOwn(event, 'time') ? instantOf(event.time) : null,
          }
        }),
      })
    }
    return { madeAt: instantOf(header.timestamp), trips }
  } catch {
    return null
  }
}

/** Seconds, as a number or as the two halves of a long one. */
function instantOf(seconds: unknown): Date | null {
  const value = Number(String(seconds ?? 0))
  return Number.isFinite(value) && value > 0 && value < LAST_SECOND ? new Date(value * 1000) : null
}
