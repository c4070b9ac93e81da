import { timeZone } from '../shared/city.ts'
import { currentLocale } from '../shared/texts.ts'

const LANGUAGE = { 'zh-Hans': 'zh-CN', 'zh-Hant': 'zh-TW', en: 'en-GB' } as const
const DAY: Intl.DateTimeFormatOptions = { month: 'short', day: 'numeric' }
const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }

/** A moment by the city's clock, as people write it: 11月24日周二 10:00. */
export function momentText(at: string): string {
  return written(at, { ...DAY, weekday: 'short', ...TIME })
}

/** Only the day. */
export function dayText(at: string): string {
  return written(at, DAY)
}

/** Day and time without the weekday, where there is little room. */
export function shortMoment(at: string): string {
  return written(at, { ...DAY, ...TIME })
}

function written(at: string, options: Intl.DateTimeFormatOptions): string {
  return new Date(at).toLocaleString(LANGUAGE[currentLocale()], { timeZone: timeZone(), ...options })
}
