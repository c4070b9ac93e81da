import { currentLocale } from '../shared/texts.ts'

const LANGUAGE = { 'zh-Hans': 'zh-CN', 'zh-Hant': 'zh-TW', en: 'en-GB' } as const

const say = (at: Date, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(LANGUAGE[currentLocale()], { ...options, timeZone: 'Asia/Shanghai' }).format(at)

/** `09:00` */
export const sayTime = (at: string) =>
  say(new Date(at), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** `11月26日` of a local date. */
export const sayDate = (date: string) =>
  say(new Date(`${date}T12:00:00+08:00`), {
    month: currentLocale() === 'en' ? 'short' : 'long',
    day: 'numeric',
  })

/** `周四` of a local date. */
export const sayWeekday = (date: string) => say(new Date(`${date}T12:00:00+08:00`), { weekday: 'short' })
