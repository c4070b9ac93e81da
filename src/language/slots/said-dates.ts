import { NUMBER, numberOf } from './chinese-numbers.ts'

/** A stretch of local time, in milliseconds of a clock that reads Shanghai's time as if it were UTC. */
export interface Stretch {
  from: number
  to: number
}

/** A date that was read, and where it ends in the text. */
export interface SaidDate extends Stretch {
  end: number
  /** `day`: an hour may follow and is of this day. */
  unit: 'day' | 'longer'
  /** Part of the day that the word itself names: 今早, 昨晚, 前天夜里. */
  part?: string
}

export const HOURS = 3_600_000
export const DAYS = 24 * HOURS

const day = (at: number) => at - (((at % DAYS) + DAYS) % DAYS)
const dateOf = (year: number, month: number, date = 1) => Date.UTC(year, month - 1, date)
const wholeDay = (at: number): Stretch => ({ from: at, to: at + DAYS })

type Resolve = (match: RegExpExecArray, now: number) => (Stretch & { part?: string }) | undefined

interface Rule {
  pattern: RegExp
  unit: SaidDate['unit']
  resolve: Resolve
}

const RELATIVE_DAYS: Record<string, number> = {
  大前天: -3,
  前天: -2,
  前日: -2,
  前: -2,
  昨天: -1,
  昨日: -1,
  昨儿: -1,
  昨: -1,
  今天: 0,
  今日: 0,
  今儿: 0,
  今: 0,
  当天: 0,
  明天: 1,
  明日: 1,
  明儿: 1,
  明: 1,
  大后天: 3,
  后天: 2,
}

const YEAR = '(?:(\\d{4}|[一二][零〇九][零〇一二三四五六七八九]{2}|前|去|今|明)年(?:的)?)'
const MONTH_PART = '([初中底末]|上旬|中旬|下旬)?'
const WEEKDAYS = '一二三四五六日'

function yearOf(said: string | undefined, now: number): number | undefined {
  const thisYear = new Date(now).getUTCFullYear()
  if (said === undefined) return undefined
  const relative = { 前: -2, 去: -1, 今: 0, 明: 1 }[said]
  return relative === undefined ? numberOf(said) : thisYear + relative
}

/** Without a year people mean the latest such date, unless it lies only a little ahead. */
function nearestYear(month: number, date: number, now: number): number {
  const year = new Date(now).getUTCFullYear()
  return dateOf(year, month, date) > now + 45 * DAYS ? year - 1 : year
}

function monthStretch(year: number, month: number, part: string | undefined): Stretch {
  const at = (date: number) => dateOf(year, month, date)
  const end = dateOf(year, month + 1)
  if (part === '初' || part === '上旬') return { from: at(1), to: at(11) }
  if (part === '中' || part === '中旬') return { from: at(11), to: at(21) }
  if (part !== undefined) return { from: at(21), to: end }
  return { from: at(1), to: end }
}

const monthAndDay: Resolve = (match, now) => {
  const month = numberOf(match[2]!)
  const date = match[3] === undefined ? undefined : numberOf(match[3])
  if (!(month >= 1 && month <= 12) || (date !== undefined && !(date >= 1 && date <= 31))) return undefined
  const year = yearOf(match[1], now) ?? nearestYear(month, date ?? 1, now)
  return date === undefined ? monthStretch(year, month, match[4]) : wholeDay(dateOf(year, month, date))
}

const numeric: Resolve = match => {
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (year < 1990 || year > 2100 || month < 1 || month > 12 || date < 1 || date > 31) return undefined
  return wholeDay(dateOf(year, month, date))
}

const weekday: Resolve = (match, now) => {
  const today = day(now)
  const monday = today - ((new Date(now).getUTCDay() + 6) % 7) * DAYS
  const prefix = match[1] ?? ''
  const index = WEEKDAYS.indexOf(match[2]!.replace('天', '日').replace('末', '六'))
  if (index < 0) return undefined
  const offset = prefix.startsWith('上上')
    ? -14
    : prefix.startsWith('上')
      ? -7
      : prefix.startsWith('下')
        ? 7
        : 0
  let from = monday + offset * DAYS + index * DAYS
  // A bare "周五" said on a Tuesday is the last one: people report what has happened.
  if (prefix === '' && from > today) from -= 7 * DAYS
  return { from, to: from + (match[2] === '末' ? 2 : 1) * DAYS }
}

const week: Resolve = (match, now) => {
  const monday = day(now) - ((new Date(now).getUTCDay() + 6) % 7) * DAYS
  const from =
    monday + (match[1] === '上上' ? -14 : match[1] === '上' ? -7 : match[1] === '下' ? 7 : 0) * DAYS
  return { from, to: from + 7 * DAYS }
}

const relativeMonth: Resolve = (match, now) => {
  const at = new Date(now)
  const offset = match[1] === '上上' ? -2 : match[1] === '上' ? -1 : match[1] === '下' ? 1 : 0
  const year = at.getUTCFullYear()
  const month = at.getUTCMonth() + 1 + offset
  if (match[2] !== undefined) return wholeDay(dateOf(year, month, numberOf(match[2])))
  return monthStretch(year, month, match[3])
}

const SEASONS: Record<string, [month: number, months: number]> = {
  春: [3, 3],
  夏: [6, 3],
  秋: [9, 3],
  冬: [12, 3],
}

const year: Resolve = (match, now) => {
  const which = yearOf(match[1], now)
  if (which === undefined || Number.isNaN(which)) return undefined
  const season = SEASONS[match[2] ?? '']
  if (season) return { from: dateOf(which, season[0]), to: dateOf(which, season[0] + season[1]) }
  if (match[2] === '初') return { from: dateOf(which, 1), to: dateOf(which, 4) }
  if (match[2] === '底' || match[2] === '末') return { from: dateOf(which, 11), to: dateOf(which + 1, 1) }
  if (match[2] === '上半年') return { from: dateOf(which, 1), to: dateOf(which, 7) }
  if (match[2] === '下半年') return { from: dateOf(which, 7), to: dateOf(which + 1, 1) }
  return { from: dateOf(which, 1), to: dateOf(which + 1, 1) }
}

const HOLIDAYS: Record<string, [month: number, date: number, days: number]> = {
  元旦: [1, 1, 1],
  五一: [5, 1, 5],
  劳动节: [5, 1, 5],
  六一: [6, 1, 1],
  国庆: [10, 1, 7],
  十一: [10, 1, 7],
}

const holiday: Resolve = (match, now) => {
  const [month, date, days] = HOLIDAYS[match[2]!]!
  const which = yearOf(match[1], now) ?? nearestYear(month, date, now)
  const from = dateOf(which, month, date)
  return { from, to: from + days * DAYS }
}

/** The most specific first; each is tried at one place of the text. */
const RULES: Rule[] = [
  { pattern: /(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/uy, unit: 'day', resolve: numeric },
  { pattern: /(\d{4})年(\d{1,2})月(\d{1,2})[日号]?(?!\d)/uy, unit: 'day', resolve: numeric },
  {
    pattern: new RegExp(`${YEAR}?(${NUMBER})月份?(${NUMBER})[日号]`, 'uy'),
    unit: 'day',
    resolve: monthAndDay,
  },
  {
    pattern: new RegExp(`${YEAR}?(${NUMBER})月份?()?${MONTH_PART}`, 'uy'),
    unit: 'longer',
    resolve: monthAndDay,
  },
  {
    pattern: new RegExp(`(上上|上|这|本|下)个?月(?:份)?(${NUMBER})[日号]`, 'uy'),
    unit: 'day',
    resolve: relativeMonth,
  },
  {
    pattern: new RegExp(`(上上|上|这|本|下)(?:个月|月)(?:份)?()?${MONTH_PART}`, 'uy'),
    unit: 'longer',
    resolve: relativeMonth,
  },
  {
    pattern: /(上上|上|这|本|下)?个?(?:周|星期|礼拜)([一二三四五六日天末])/uy,
    unit: 'day',
    resolve: weekday,
  },
  { pattern: /(上上|上|这|本|下)个?(?:周|星期|礼拜)/uy, unit: 'longer', resolve: week },
  {
    pattern: /(大前天|前天|前日|昨天|昨日|昨儿个?|今天|今日|今儿个?|当天|明天|明日|明儿个?|大后天|后天)/uy,
    unit: 'day',
    resolve: (match, now) => wholeDay(day(now) + RELATIVE_DAYS[match[1]!.replace('个', '')]! * DAYS),
  },
  {
    pattern: /([前昨今明])([早晨晚夜])上?(?![些])/uy,
    unit: 'day',
    resolve: (match, now) => ({ ...wholeDay(day(now) + RELATIVE_DAYS[match[1]!]! * DAYS), part: match[2]! }),
  },
  {
    pattern: new RegExp(`${YEAR}?(元旦|五一|劳动节|六一|国庆|十一)(?:节|假期|期间|黄金周|长假)`, 'uy'),
    unit: 'longer',
    resolve: holiday,
  },
  { pattern: new RegExp(`${YEAR}([春夏秋冬])(?:天|季)?`, 'uy'), unit: 'longer', resolve: year },
  { pattern: new RegExp(`${YEAR}(上半年|下半年)`, 'uy'), unit: 'longer', resolve: year },
  { pattern: new RegExp(`${YEAR}(?:年?([初底末]))?`, 'uy'), unit: 'longer', resolve: year },
]

/** Reads a date that starts exactly at `at`. */
export function readDate(text: string, at: number, now: number): SaidDate | undefined {
  for (const { pattern, unit, resolve } of RULES) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    const stretch = match && resolve(match, now)
    if (stretch) return { ...stretch, end: at + match[0].length, unit }
  }
  return undefined
}
