import type { NextBus } from '../hall/timetable.ts'

/** What is known of the buses to the hall now. */
export interface BusNews {
  buses: NextBus[]
  /**
   * `live`: as the buses say themselves; `timetable`: as planned, since there is no other feed; `stale`, `away`: as planned, since what they say is
   * too old, or cannot be read now.
   */
  told: 'live' | 'timetable' | 'stale' | 'away'
}

/** The buses at the stops near the hall. */
export interface Buses {
  /** Null while there is no timetable that can be read. */
  next(limit: number): Promise<BusNews | null>
}
