import { timeZone } from '../shared/city.ts'
import { currentLocale, t } from '../shared/texts.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `12月8日 周二 17:00`. */
export function dateTime(at: string): string {
  return new Date(at).toLocaleString(currentLocale(), {
    timeZone: timeZone(),
    month: 'short',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
}

/** `17:00`. */
export function timeOfDay(at: string): string {
  return new Date(at).toLocaleTimeString(currentLocale(), {
    timeZone: timeZone(),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
}

/** How long there is until then, or how long it is over: `还有2天3小时`, `已超40分钟`. */
export function timeLeft(at: string, now: number): string {
  const left = new Date(at).getTime() - now
  return t(left < 0 ? 'desk.time.over' : 'desk.time.left', { time: duration(Math.abs(left)) })
}

function duration(ms: number): string {
  if (ms < HOUR) return t('desk.time.minutes', { minutes: Math.max(1, Math.floor(ms / MINUTE)) })
  if (ms < DAY) {
    const [hours, minutes] = [Math.floor(ms / HOUR), Math.floor((ms % HOUR) / MINUTE)]
    return t(minutes === 0 ? 'desk.time.whole-hours' : 'desk.time.hours', { hours, minutes })
  }
  const [days, hours] = [Math.floor(ms / DAY), Math.floor((ms % DAY) / HOUR)]
  return t(hours === 0 ? 'desk.time.whole-days' : 'desk.time.days', { days, hours })
}
