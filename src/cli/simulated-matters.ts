import { draftMatter, placeAnswer } from '../conversation/elements.ts'
import type { MatterDraft } from '../conversation/reply.ts'
import { DAY, HOUR } from '../kernel/clock.ts'
import type { Line } from '../usecases/line.ts'
import type { Person } from '../usecases/ports.ts'
import { byWeight, type Odds } from './simulated-chance.ts'

/** What one resident tells, as the line understood it. */
export interface ToldMatter {
  draft: MatterDraft
  /** Service that answers for the danger; null when there is none. */
  service: string | null
  person: Person
}

/** How much of a day's messages come in each hour, local time: office hours most, evenings some, nights few. */
const HOURS = [2, 1, 1, 1, 1, 2, 4, 9, 22, 28, 27, 21, 14, 17, 24, 25, 22, 19, 15, 13, 11, 9, 6, 3]
/** By kind of day, a working day being one. */
const DAYS = { working: 1, 'make-up': 0.95, weekend: 0.55, holiday: 0.4 } as const
/** By month: heating in winter, noise and water in summer. */
const MONTHS = [1.15, 0.95, 1, 0.95, 0.95, 1, 1.1, 1.05, 0.95, 1, 1.25, 1.2]
const CHANNELS = ['web-chat', 'wechat', 'telephone', 'direct-line']
const CHANNEL_WEIGHTS = [30, 34, 30, 6]
const FAMILY_NAMES = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗']
/** Of the matters that are understood, so many are told in such words that the line is not sure what they are about. */
const UNSURE = 0.07
/** Each resident tells of so many matters in a year on average. */
const MATTERS_EACH = 1.4

/** When the matters of a year come in: sorted instants, with the rhythm of months, days and hours. */
export function filingTimes(line: Line, odds: Odds, cases: number, year: { from: Date; to: Date }): Date[] {
  const days: Date[] = []
  for (let day = year.from.getTime(); day < year.to.getTime(); day += DAY) days.push(new Date(day))
  const weights = days.map(day => {
    const month = new Date(day.getTime() + 8 * HOUR).getUTCMonth()
    return DAYS[line.policy.calendar.dayKind(day)] * MONTHS[month]!
  })
  const sums = weights.reduce<number[]>((all, weight) => [...all, (all.at(-1) ?? 0) + weight], [])
  const times = Array.from({ length: cases }, () => {
    const at = odds.share() * sums.at(-1)!
    const day = sums.findIndex(sum => at < sum)
    const second = Math.floor((byWeight(HOURS, odds.share()) + odds.share()) * 3600)
    return days[day]!.getTime() + second * 1000
  })
  return times.toSorted((a, b) => a - b).map(time => new Date(time))
}

/** What residents tell: the shipped examples of all subjects, at places of the city, understood by the line itself. */
export class SimulatedMatters {
  readonly #line: Line
  readonly #odds: Odds
  readonly #residents: number
  readonly #places: readonly string[]
  readonly #subjects: readonly { id: string; examples: readonly string[] }[]
  /** The same words mean the same whoever says them. */
  readonly #understood = new Map<string, Pick<ToldMatter, 'draft' | 'service'>>()
  readonly #placed = new Map<string, ReturnType<typeof placeAnswer>>()

  constructor(line: Line, odds: Odds, cases: number) {
    const { places, subjects } = line.content
    this.#line = line
    this.#odds = odds
    this.#residents = Math.max(1, Math.round(cases / MATTERS_EACH))
    this.#places = shuffled(
      [
        ...places.landmarks.map(({ name }) => name),
        ...places.streets.flatMap(({ communities }) => communities.map(({ name }) => name)),
      ],
      odds,
    )
    this.#subjects = shuffled(
      subjects.leaves.filter(leaf => leaf.examples.length > 0),
      odds,
    )
  }

  /** The next matter; `now` is when it is told. */
  next(now: Date): ToldMatter {
    const subject = this.#odds.pickUneven(this.#subjects)
    const told = this.#understand(this.#odds.pick(subject.examples), now)
    const isUnsure = told.service === null && this.#odds.happens(UNSURE)
    const draft = isUnsure ? { ...told.draft, subject: null } : told.draft
    const place = draft.needsPlace && draft.place == null ? this.#placeAnswer(now) : {}
    return { draft: { ...draft, ...place }, service: told.service, person: this.#person() }
  }

  #understand(words: string, now: Date): Pick<ToldMatter, 'draft' | 'service'> {
    const known = this.#understood.get(words)
    if (known) return known
    const { matters, dangers } = this.#line.understander.understand(words, { now })
    const draft = { ...draftMatter(matters[0]!, this.#line.content.elements), words }
    const told = { draft, service: dangers.find(danger => !danger.isSensed)?.service ?? null }
    this.#understood.set(words, told)
    return told
  }

  #placeAnswer(now: Date): ReturnType<typeof placeAnswer> {
    const text = `${this.#odds.pickUneven(this.#places)}${1 + Math.floor(this.#odds.soonIn(0, 30))}号楼`
    const known = this.#placed.get(text) ?? placeAnswer(this.#line.understander.understand(text, { now }))
    this.#placed.set(text, known)
    return known
  }

  /** Made up, and without a phone: nobody real can be called. */
  #person(): Person {
    const number = Math.floor(this.#odds.share() * this.#residents)
    const family = FAMILY_NAMES[number % FAMILY_NAMES.length]
    return {
      name: number % 4 === 0 ? null : `${family}${number % 2 === 0 ? '女士' : '先生'}`,
      phone: null,
      channel: CHANNELS[byWeight(CHANNEL_WEIGHTS, ((number * 7919) % 1000) / 1000)]!,
      channelUserId: `simulated-${number}`,
    }
  }
}

function shuffled<T>(all: readonly T[], odds: Odds): T[] {
  return all
    .map(each => ({ each, key: odds.share() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ each }) => each)
}
