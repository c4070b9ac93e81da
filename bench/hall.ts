/**
 * How well the waiting time is told that people read on their number: a simulated day in a hall with five windows and 400 people, who come in
 * two waves and whose services are as uneven as those of real counters (lognormal, three groups of which windows serve one or more, one
 * window slower than the others, one in ten with priority, one in twenty who does not come when called, windows that close for lunch in turn).
 * Each estimate is made when the number is taken, of what the hall knows by then, and compared with the wait that it became. The simulation
 * and the estimate share no constant.
 *
 *   node bench/hall.ts [days]
 */

import { Odds } from '../src/cli/simulated-chance.ts'
import { estimateWaits, saidWait } from '../src/hall/estimate-wait.ts'
import { howManyBefore, inOrder, nextFor, type Waiting } from '../src/hall/hall-queue.ts'
import { type Served, ServiceTimes } from '../src/hall/service-times.ts'
import { seededChance } from '../src/kernel/ids.ts'
import { median } from './support/statistics.ts'

const DAYS = Number(process.argv[2] ?? 20)
const PEOPLE = 400
const OPENS = Date.parse('2026-11-24T01:00:00Z')
const MINUTE = 60_000
/** What the hall believes before it opens, and what is so: nobody keeps such tables up to date. */
const USUAL = { insurance: 6, property: 12, general: 4 }
const REAL = { insurance: 4.2, property: 8, general: 3.8 }
type Group = keyof typeof USUAL
const SHARES: [Group, number][] = [
  ['insurance', 0.4],
  ['property', 0.2],
  ['general', 0.4],
]
const WINDOWS: { id: string; groups: Group[]; pace: number; lunch: [number, number] }[] = [
  { id: 'w1', groups: ['insurance'], pace: 1, lunch: [180, 210] },
  { id: 'w2', groups: ['insurance', 'general'], pace: 1.35, lunch: [210, 240] },
  { id: 'w3', groups: ['property'], pace: 0.9, lunch: [180, 210] },
  { id: 'w4', groups: ['property', 'general'], pace: 1, lunch: [210, 240] },
  { id: 'w5', groups: ['general', 'insurance'], pace: 1, lunch: [240, 270] },
]
const UNEVEN = 0.6

const instant = (minute: number) => new Date(OPENS + minute * MINUTE)

interface Person extends Waiting {
  group: Group
  minutes: number
  isAbsent: boolean
  told?: { minutes: number; before: number }
  calledAt?: number
}

const done: Person[] = []
const all: { told: number; real: number; before: number; at: number }[] = []
for (let day = 1; day <= DAYS; day++) all.push(...simulateDay(day))
const late = all.filter(({ at }) => at >= 60)
const sum = (of: (each: (typeof all)[number]) => number) => late.reduce((total, each) => total + of(each), 0)
const error = sum(({ told, real }) => Math.abs(told - real))
const inRange = late.filter(({ told, before, real }) => {
  const { from, to } = saidWait(told, before)
  return real >= from - 1 && real <= to + 1
})
console.log(
  [
    `${DAYS} days of ${PEOPLE} people, ${WINDOWS.length} windows; waits after the first hour: median ${median(late.map(({ real }) => real)).toFixed(0)} min, mean ${(sum(({ real }) => real) / late.length).toFixed(0)} min`,
    `mean absolute error ${(error / late.length).toFixed(1)} min: ${((100 * error) / sum(({ real }) => real)).toFixed(1)} % of the mean wait; too long by ${((100 * (sum(({ told }) => told) - sum(({ real }) => real))) / sum(({ real }) => real)).toFixed(1)} % on average`,
    `the wait lay in the range that was said, or a minute beside it: ${((100 * inRange.length) / late.length).toFixed(0)} %`,
  ].join('\n'),
)

function simulateDay(seed: number) {
  const odds = new Odds(seededChance(seed))
  const people = peopleOf(odds)
  const waiting: Person[] = []
  const serving = new Map<string, { person: Person; since: number; until: number }>()
  const served: Served[] = []
  let [called, absent] = [0, 0]
  const isOpenAt = (window: (typeof WINDOWS)[number], minute: number) =>
    minute < window.lunch[0] || minute >= window.lunch[1]
  const openWindows = (minute: number) =>
    WINDOWS.map(each => ({
      ...each,
      isOpen: isOpenAt(each, minute),
      breaks: [{ from: instant(each.lunch[0]), to: instant(each.lunch[1]) }],
    }))

  for (let tick = 0; tick < 720 * 6; tick++) {
    const minute = tick / 6
    for (const window of WINDOWS) {
      const busy = serving.get(window.id)
      if (!busy || busy.until > minute) continue
      serving.delete(window.id)
      if (!busy.person.isAbsent)
        served.push({ group: busy.person.group, window: window.id, minutes: minute - busy.since })
    }
    while (people[0] && people[0].takenAt.getTime() <= OPENS + minute * MINUTE) {
      const person = people.shift()!
      waiting.push(person)
      tellWait(person, minute)
    }
    for (const window of openWindows(minute)) {
      if (serving.has(window.id)) continue
      const next = nextFor(window, inOrder(waiting))
      if (!next) continue
      waiting.splice(waiting.indexOf(next), 1)
      next.calledAt = minute
      called++
      if (next.isAbsent) absent++
      const takes = next.isAbsent ? 1.5 : next.minutes * window.pace
      serving.set(window.id, { person: next, since: minute, until: minute + takes })
      done.push(next)
    }
  }
  const results = done.flatMap(({ told, calledAt, takenAt }) =>
    told && calledAt !== undefined
      ? [
          {
            told: told.minutes,
            before: told.before,
            real: calledAt - (takenAt.getTime() - OPENS) / MINUTE,
            at: (takenAt.getTime() - OPENS) / MINUTE,
          },
        ]
      : [],
  )
  done.length = 0
  return results

  function tellWait(person: Person, minute: number): void {
    const windows = openWindows(minute)
    const waits = estimateWaits({
      now: new Date(OPENS + minute * MINUTE),
      windows,
      waiting,
      serving: [...serving].map(
        ([
          window,
          {
            person: { group },
            since,
          },
        ]) => ({
          window,
          group,
          since: new Date(OPENS + since * MINUTE),
        }),
      ),
      absent: { share: (absent + 1) / (called + 20), minutes: 1.5 },
      times: new ServiceTimes(USUAL, served),
    })
    const minutes = waits.get(person.id)
    if (minutes !== undefined) person.told = { minutes, before: howManyBefore(person, waiting, windows) }
  }
}

/** Two waves, at half past nine and at two. */
function peopleOf(odds: Odds): Person[] {
  const bell = () => (odds.share() + odds.share() + odds.share()) / 3
  const people = Array.from({ length: PEOPLE }, (): Person => {
    const minute = odds.happens(0.6) ? 200 * bell() : 230 + 200 * bell()
    const group = groupOf(odds)
    return {
      id: '',
      group,
      takenAt: new Date(OPENS + minute * MINUTE),
      creditMinutes: odds.happens(0.1) ? 15 : 0,
      minutes: REAL[group] * lognormal(odds),
      isAbsent: odds.happens(0.05),
    }
  })
  people.sort((a, b) => a.takenAt.getTime() - b.takenAt.getTime())
  return people.map((person, i) => ({ ...person, id: String(i).padStart(4, '0') }))
}

function groupOf(odds: Odds): Group {
  let left = odds.share()
  for (const [group, share] of SHARES) {
    if (left < share) return group
    left -= share
  }
  return 'general'
}

/** With mean 1; by Box and Muller. */
function lognormal(odds: Odds): number {
  const normal = Math.sqrt(-2 * Math.log(odds.share() || 1e-6)) * Math.cos(2 * Math.PI * odds.share())
  return Math.exp(UNEVEN * normal - UNEVEN ** 2 / 2)
}
