import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { serviceLevelsSchema } from '../../../src/clocks/service-levels.ts'
import { calendarSchema, WorkingCalendar, workdayHoursSchema } from '../../../src/clocks/working-calendar.ts'

/** A content file of the shipped city, parsed but not yet checked. */
export function shenfuFile(name: string): unknown {
  return parse(readFileSync(new URL(`../../../cities/shenfu/${name}`, import.meta.url), 'utf8'))
}

const city = shenfuFile('city.yaml') as { hours: { workday: string[] } }

/** The shipped calendar as content: 2024 to 2026 as announced, 2027 provisional. */
export const calendarContent = calendarSchema.parse(shenfuFile('calendar.yaml'))
/** 08:30–11:30 and 13:00–17:00, in minutes of the day. */
export const hours = workdayHoursSchema.parse(city.hours.workday)
export const calendar = new WorkingCalendar(calendarContent, hours)
export const levels = serviceLevelsSchema.parse(shenfuFile('service-levels.yaml'))

/** Local time of the district: `at('2026-11-24 17:00')`. */
export function at(local: string): Date {
  const instant = new Date(`${local.replace(' ', 'T')}+08:00`)
  if (Number.isNaN(instant.getTime())) throw new Error(`not a local time: ${local}`)
  return instant
}

/** `2026-11-24 17:00 Tue`: a local time that a reader can check against a wall calendar. */
export function shown(instant: Date): string {
  const local = new Date(instant.getTime() + 8 * 3_600_000)
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][local.getUTCDay()]
  const text = local.toISOString().replace('T', ' ').replace('Z', '')
  return `${text.endsWith(':00.000') ? text.slice(0, 16) : text} ${weekday}`
}
