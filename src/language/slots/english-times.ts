import { casual } from 'chrono-node/en'
import type { Normalised } from '../normalise.ts'
import type { SaidTime } from '../understanding.ts'

const MINUTES_EAST = 480
const DAY = 86_400_000
/** The first Monday of the epoch. */
const MONDAY = 4 * DAY
const REPEATED =
  /\b(?:every|each) (?:day|night|evening|morning|afternoon|week|weekend|month|year)\b|\bdaily\b|\ball the time\b|\balways\b|\boften\b|\busually\b/giu
const FOR =
  /\b(?:for|over|past|last) (?:the (?:past|last) )?(a|an|one|two|three|four|five|six|seven|eight|nine|ten|several|\d{1,3}) (minute|hour|day|night|week|month|year)s?\b(?! ago)/giu
const WORDS = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const UNITS: Record<string, number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: DAY,
  night: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
  year: 365 * DAY,
}
/** Chrono is not linear in the length of what it reads. */
const MOST_CHARACTERS = 4000

/** Times in an English text: dates and hours by chrono-node, durations and repetitions by our own rules. */
export function findEnglishTimes(normalised: Normalised, now: Date): SaidTime[] {
  const text = normalised.text.slice(0, MOST_CHARACTERS)
  const own = [...repetitions(text, now), ...durations(text, now)]
  const dates = parsed(text, now).filter(
    date => !own.some(other => date.start < other.end && other.start < date.end),
  )
  return [...own, ...dates]
    .sort((a, b) => a.start - b.start)
    .map(time => {
      const span = normalised.toOriginal(time)
      return { ...time, ...span, text: normalised.original.slice(span.start, span.end) }
    })
}

type Found = Omit<SaidTime, 'text'>

function repetitions(text: string, now: Date): Found[] {
  return Array.from(text.matchAll(REPEATED), match => ({
    start: match.index,
    end: match.index + match[0].length,
    from: now,
    to: now,
    kind: 'repeated' as const,
  }))
}

function durations(text: string, now: Date): Found[] {
  return Array.from(text.matchAll(FOR), match => {
    const said = match[1]!.toLowerCase()
    const count = Number(said) || Math.max(1, WORDS.indexOf(said)) + (said === 'several' ? 2 : 0)
    const from = new Date(now.getTime() - count * UNITS[match[2]!.toLowerCase()]!)
    return { start: match.index, end: match.index + match[0].length, from, to: now, kind: 'period' as const }
  })
}

const LAST_WEEKDAY = /^last (?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b/iu

/** "Last Monday", said on a Tuesday, is not yesterday: it is that of last week. */
function weeksBack(text: string, from: Date, now: Date): number {
  const week = (at: Date) => Math.floor((at.getTime() + MINUTES_EAST * 60_000 - MONDAY) / (7 * DAY))
  return LAST_WEEKDAY.test(text) && week(from) === week(now) ? 1 : 0
}

function parsed(text: string, now: Date): Found[] {
  return casual.parse(text, { instant: now, timezone: MINUTES_EAST }, { forwardDate: false }).map(result => {
    const said = result.start.date()
    const from = new Date(said.getTime() - weeksBack(result.text, said, now) * 7 * DAY)
    const isDay = !result.start.isCertain('hour')
    const midnight = new Date(
      Math.floor((from.getTime() + MINUTES_EAST * 60_000) / DAY) * DAY - MINUTES_EAST * 60_000,
    )
    const to = result.end?.date() ?? (isDay ? new Date(midnight.getTime() + DAY) : from)
    const start = result.index
    return {
      start,
      end: start + result.text.length,
      from: isDay && !result.end ? midnight : from,
      to,
      kind: result.end || isDay ? ('period' as const) : ('moment' as const),
    }
  })
}
