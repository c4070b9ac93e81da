import { DAY, HOUR } from '../kernel/clock.ts'

const UTC_OFFSET = 8 * HOUR
/** 1970-01-01 as a spreadsheet counts days, from the last day of 1899. */
const EPOCH_DAY = 25_569
const WRITTEN =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/
const DAY_NUMBER = /^\d{5}(?:\.\d+)?$/

/** The instant of a local time as people and spreadsheets write it: `2019/8/19 11:34:04`, `2019-08-19`, `43700.5`; null when it is none. */
export function readLocalTime(written: string): Date | null {
  const text = written.trim()
  if (DAY_NUMBER.test(text)) return new Date(Math.round((Number(text) - EPOCH_DAY) * DAY) - UTC_OFFSET)
  const found = WRITTEN.exec(text)
  if (!found) return null
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(part => Number(part ?? 0))
  const at = Date.UTC(year!, month! - 1, day, hour, minute, second)
  const isReal = new Date(at).getUTCMonth() === month! - 1 && hour! < 24 && minute! < 60 && second! < 60
  return isReal ? new Date(at - offsetOf(found[7])) : null
}

/** Local midnight of a day, `2025-01-31`; null when there is no such day. */
export function readLocalDay(written: string): Date | null {
  return /^\d{4}-\d{2}-\d{2}$/.test(written) ? readLocalTime(written) : null
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined) return UTC_OFFSET
  if (zone === 'Z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
  return (zone.startsWith('-') ? -1 : 1) * (hours * HOUR + (minutes * HOUR) / 60)
}
