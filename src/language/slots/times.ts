import type { Normalised } from '../normalise.ts'
import type { SaidTime } from '../understanding.ts'
import { NUMBER, numberOf } from './chinese-numbers.ts'
import { findEnglishTimes } from './english-times.ts'
import { DAYS, HOURS, readDate, type Stretch } from './said-dates.ts'
import { readClock, readPart, type SaidPart } from './said-hours.ts'

/** Shanghai keeps one offset all year. */
const OFFSET = 8 * HOURS
const MINUTES = 60_000

/** A time read out of the text: local, with its place in the text. */
interface Reading extends Stretch {
  start: number
  end: number
  kind: SaidTime['kind']
}

/** Only where one of these stands can a time begin; looking elsewhere would cost most of the budget. */
const STARTERS = new Set(
  '0123456789零〇一二两三四五六七八九十百半大前昨今明后当上这本下周星礼去凌清早晨傍黄晚夜深午中晌头过元五劳国拂每天经常总长平一直刚现最近好几多数整连到时隔',
)

/** Times as people say them, in the order in which they stand; instants are in Shanghai's time, relative to `now`. */
export function findTimes(normalised: Normalised, now: Date): SaidTime[] {
  if (normalised.locale === 'en') return findEnglishTimes(normalised, now)
  const { text } = normalised
  const local = now.getTime() + OFFSET
  const found: SaidTime[] = []
  for (let at = 0; at < text.length; at++) {
    if (!STARTERS.has(text[at]!)) continue
    const reading = readTime(text, at, local)
    if (!reading) continue
    const span = normalised.toOriginal(reading)
    found.push({
      ...span,
      text: normalised.original.slice(span.start, span.end),
      from: new Date(reading.from - OFFSET),
      to: new Date(reading.to - OFFSET),
      kind: reading.kind,
    })
    at = reading.end - 1
  }
  return found
}

function readTime(text: string, at: number, now: number): Reading | undefined {
  return (
    readRepeated(text, at, now) ??
    readSince(text, at, now) ??
    readDuration(text, at, now) ??
    readAgo(text, at, now) ??
    readVague(text, at, now)
  )
}

const SINCE =
  /(?:(?:开始|起|以来|之后|以后|至今|到现在|到如今)(?:到现在|到今天|至今)?|(?:一直)?到现在|到目前|至今)/uy
const UNTIL = /(?:一直)?(?:到|至|-|—|~|～)/uy

/** A date or hour, a range of two, or everything since one. */
function readSince(text: string, at: number, now: number): Reading | undefined {
  const first = readMoment(text, at, now)
  if (!first) return undefined
  UNTIL.lastIndex = first.end
  const until = UNTIL.exec(text)
  if (until) {
    const next = first.end + until[0].length
    const second = readMoment(text, next, now, first) ?? readBareDay(text, next, first)
    if (second && second.from >= first.from) {
      const isSameUnit = second.kind === first.kind
      return {
        ...first,
        end: second.end,
        to: isSameUnit && second.kind === 'moment' ? second.from : second.to,
        kind: 'period',
      }
    }
  }
  SINCE.lastIndex = first.end
  const since = SINCE.exec(text)
  if (since && first.from <= now) {
    return { ...first, end: first.end + since[0].length, to: now, kind: 'period' }
  }
  return first
}

const BARE_DAY = new RegExp(`(${NUMBER})[日号](?![楼院])`, 'uy')

/** In "11月3号到5号" the second day is of the same month. */
function readBareDay(text: string, at: number, before: Reading): Reading | undefined {
  BARE_DAY.lastIndex = at
  const match = BARE_DAY.exec(text)
  if (!match || before.to - before.from !== DAYS) return undefined
  const date = new Date(before.from)
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), numberOf(match[1]!))
  return { start: at, end: at + match[0].length, from, to: from + DAYS, kind: 'period' }
}

const LINK = /(?:的|那天|当天|[,， ])?/uy

/** A date, a part of the day, a clock time, or several of these in a row. */
function readMoment(text: string, at: number, now: number, before?: Reading): Reading | undefined {
  const date = readDate(text, at, now)
  let end = date?.end ?? at
  const next = date ? afterLink(text, end) : at
  const named = date?.part === undefined ? undefined : readPart(date.part, 0, { isContinued: true })
  const part =
    date?.unit === 'longer' ? undefined : (readPart(text, next, { isContinued: date !== undefined }) ?? named)
  const clockAt = part && part !== named ? part.end : next
  if (part && part !== named) end = part.end
  const clock =
    date?.unit === 'longer' ? undefined : readClock(text, afterSpace(text, clockAt), part ?? partOf(before))
  if (!date && !part && !clock) return undefined
  const midnight = date ? date.from : before ? startOfDay(before.from) : startOfDay(now)
  if (clock) {
    const from = midnight + clock.minutes * MINUTES
    return { start: at, end: clock.end, from, to: from, kind: 'moment' }
  }
  if (part) return partOfDay(at, end, midnight, part)
  return { start: at, end, from: date!.from, to: date!.to, kind: 'period' }
}

function partOfDay(start: number, end: number, midnight: number, part: SaidPart): Reading {
  return { start, end, from: midnight + part.from * HOURS, to: midnight + part.to * HOURS, kind: 'period' }
}

/** In "晚上10点到12点" the second hour is of the evening too. */
function partOf(before: Reading | undefined): SaidPart | undefined {
  if (!before) return undefined
  const hour = (before.from - startOfDay(before.from)) / HOURS
  return hour >= 12 ? { end: 0, from: hour >= 18 ? 18 : 12, to: 24 } : undefined
}

function afterLink(text: string, at: number): number {
  LINK.lastIndex = at
  return at + (LINK.exec(text)?.[0].length ?? 0)
}

function afterSpace(text: string, at: number): number {
  return text[at] === ' ' ? at + 1 : at
}

function startOfDay(local: number): number {
  return local - (((local % DAYS) + DAYS) % DAYS)
}

const REPEATED =
  /(?:每天|天天|每日|每晚|每夜|每到|一到|每逢|每周|每个?星期|每个?月|每年|每次|经常|常常|时常|总是|长期|常年|平时|平日|隔三差五|三天两头|动不动|有时候?|偶尔|时不时|工作日|节假日)/uy

/** "每天晚上10点以后": the hours of it, as they fall on today. */
function readRepeated(text: string, at: number, now: number): Reading | undefined {
  REPEATED.lastIndex = at
  const match = REPEATED.exec(text)
  if (!match) return undefined
  const end = at + match[0].length
  const hours = readMoment(text, end, now)
  if (!hours) {
    const short = /[晚夜]$/u.test(match[0])
      ? readPart(match[0].slice(-1), 0, { isContinued: true })
      : undefined
    const window = short ? partOfDay(at, end, startOfDay(now), short) : { from: now, to: now }
    return { start: at, end, from: window.from, to: window.to, kind: 'repeated' }
  }
  const range = readSince(text, end, now)
  const last = range && range.to >= range.from ? range : hours
  return {
    ...hours,
    start: at,
    end: Math.max(last.end, afterwards(text, hours.end)),
    to: Math.max(hours.to, last.kind === 'period' ? hours.to : last.to),
    kind: 'repeated',
  }
}

function afterwards(text: string, at: number): number {
  return /^(?:以后|之后|过后|左右)/u.test(text.slice(at, at + 2)) ? at + 2 : at
}

const UNIT = '(个?半?小时|个?钟头|分钟|天|日|晚上|宿|周|个?星期|个?礼拜|个?半?月|年)'
const AMOUNT = `(${NUMBER}|半|好几|几十|几|数|十几)(?:个?多)?`
const DURATION = new RegExp(
  `(?:都|已经?|快|整整|连续|持续|长达|停了|坏了|将近|近|超过)*${AMOUNT}${UNIT}(半|多|左右)?(?:的时间)?(了|没|都没|还没|一直|以来|至今|时间)?`,
  'uy',
)
const LEADS = /(?:都|已经?|快|整整|连续|持续|长达|停了|坏了|将近)$/u

/** "三天了", "已经两个多月没": from then until now. */
function readDuration(text: string, at: number, now: number): Reading | undefined {
  DURATION.lastIndex = at
  const match = DURATION.exec(text)
  if (!match) return undefined
  const isBackwards = /^(?:以?前|之前|后|以?内|之内)/u.test(
    text.slice(at + match[0].length, at + match[0].length + 2),
  )
  const hasLead = LEADS.test(text.slice(Math.max(0, at - 3), at))
  if (isBackwards || !(match[4] !== undefined || hasLead)) return undefined
  const length = lengthOf(match[1]!, match[2]!, match[3])
  if (length === undefined) return undefined
  const tail =
    match[4] === '了' || match[4] === '以来' || match[4] === '至今' || match[4] === '时间'
      ? 0
      : (match[4]?.length ?? 0)
  return { start: at, end: at + match[0].length - tail, from: now - length, to: now, kind: 'period' }
}

const AGO = new RegExp(`${AMOUNT}${UNIT}(半|多)?(?:以前|之前|前)`, 'uy')

/** "三天前", "半小时前". */
function readAgo(text: string, at: number, now: number): Reading | undefined {
  AGO.lastIndex = at
  const match = AGO.exec(text)
  const length = match && lengthOf(match[1]!, match[2]!, match[3])
  if (!match || !length) return undefined
  const end = at + match[0].length
  const moment = now - length
  if (length < DAYS) return { start: at, end, from: moment, to: moment, kind: 'moment' }
  const from = startOfDay(moment)
  return { start: at, end, from, to: from + DAYS, kind: 'period' }
}

function lengthOf(amount: string, unit: string, more: string | undefined): number | undefined {
  const vague = { 半: 0.5, 几: 3, 好几: 5, 多: 3, 数: 3, 十几: 13, 几十: 30 }[amount]
  let count = vague ?? numberOf(amount)
  if (Number.isNaN(count)) return undefined
  if (more === '半' || unit.includes('半')) count += 0.5
  if (/时|钟头/u.test(unit)) return count * HOURS
  if (unit === '分钟') return count * MINUTES
  if (/周|星期|礼拜/u.test(unit)) return count * 7 * DAYS
  if (unit.includes('月')) return count * 30 * DAYS
  return count * (unit === '年' ? 365 * DAYS : DAYS)
}

const VAGUE: [pattern: RegExp, back: number][] = [
  [/刚才|刚刚|方才|现在|此刻|这会儿?|眼下/uy, 0],
  [/一直|始终|从来|长久以来|多年来/uy, 0],
  [/前几天|前两天|前些天|头几天|这几天|这两天|这些天|近几天|近日|最近几天|连日来|好几天/uy, 4 * DAYS],
  [/最近|近期|近来|前段时间|前一段时间|前阵子|这段时间|这阵子/uy, 30 * DAYS],
  [/近几年|这几年|这些年|近年来?|前几年|多年以?来|多年/uy, 3 * 365 * DAYS],
  [/近几个月|这几个月|前几个月/uy, 90 * DAYS],
]

function readVague(text: string, at: number, now: number): Reading | undefined {
  for (const [pattern, back] of VAGUE) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match) continue
    const kind = back === 0 && !/一直|始终|从来/u.test(match[0]) ? 'moment' : 'period'
    return { start: at, end: at + match[0].length, from: now - back, to: now, kind }
  }
  return undefined
}
