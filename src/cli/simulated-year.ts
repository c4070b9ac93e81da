import { type Case, stageOf } from '../cases/case.ts'
import { nextAlarms } from '../cases/case-alarms.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { STAGES, type Stage } from '../cases/case-state.ts'
import type { ManualClock } from '../kernel/clock.ts'
import { isAppError } from '../kernel/errors.ts'
import { seededChance } from '../kernel/ids.ts'
import { actOnCase } from '../usecases/act-on-case.ts'
import { anchorDays } from '../usecases/anchor-days.ts'
import { applyDeskAction } from '../usecases/apply-desk-action.ts'
import { fileCase, neighbourKeyOf } from '../usecases/file-case.ts'
import { followNeighbours } from '../usecases/follow-neighbours.ts'
import { followUpCase } from '../usecases/follow-up-case.ts'
import type { Line } from '../usecases/line.ts'
import type { Transaction } from '../usecases/ports.ts'
import { ringNext } from '../usecases/sweep-clocks.ts'
import { FOLLOWED, noticeKey } from '../usecases/tell-of-event.ts'
import { Odds } from './simulated-chance.ts'
import { filingTimes, SimulatedMatters } from './simulated-matters.ts'
import { type Intention, RESIDENT, SimulatedPeople } from './simulated-people.ts'
import { TimeQueue } from './time-queue.ts'
import { watchedStore } from './watched-store.ts'

/** Steps written by one transaction: few enough for one statement to be quick, enough to share its cost. */
const STEPS_AT_ONCE = 1000
/** Of residents whose matter others have told of already, so many join them. */
const JOINS = 0.5

/** What a simulated year came to. */
export interface SimulatedYear {
  cases: number
  events: number
  /** Cases by the stage in which the year left them. */
  stages: Partial<Record<Stage, number>>
  /** Intentions that came too late, e.g. an extension after the reply. */
  refused: number
}

/** A case that something can still happen to. */
interface Standing {
  case: Case
  /** What its state makes somebody do; decided anew when that is done or the state is another. */
  intention: Intention | null
  isDecided: boolean
  aside: Intention | null
  supervision: Intention | null
  nextAt: number
}

/** A line whose clock the simulation moves. Its store drops jobs, and its content tells nobody anything. */
export type SimulatedLine = Line & { clock: ManualClock }

/**
 * Plays a year: residents file, everybody acts, clocks ring, days are anchored; all in simulated time and through the real use cases.
 * The same seed on the same content makes the same year.
 */
export async function simulateYear(
  line: SimulatedLine,
  plan: { cases: number; seed: number; year: { from: Date; to: Date } },
  tell: (done: { at: Date; filed: number; events: number }) => void = () => {},
): Promise<SimulatedYear> {
  const simulation = new Simulation(line, plan)
  while (await simulation.goOn())
    tell({ at: line.clock.now(), filed: simulation.filed, events: simulation.events })
  line.clock.set(plan.year.to)
  return simulation.result()
}

class Simulation {
  filed = 0
  events = 0
  readonly #line: SimulatedLine
  readonly #odds: Odds
  readonly #to: Date
  readonly #times: Date[]
  readonly #matters: SimulatedMatters
  readonly #people: SimulatedPeople
  readonly #standing = new Map<string, Standing>()
  /** Stage of each case to which nothing will happen by itself. */
  readonly #resting = new Map<string, Stage>()
  readonly #queue = new TimeQueue()
  /** The last case that others could join, by what makes theirs the same. */
  readonly #joinable = new Map<string, string>()
  /** Cases that others have joined. */
  readonly #leaders = new Set<string>()
  /** What the step that is being made has written. */
  readonly #changed = new Map<string, Case>()
  #toFollow: CaseEvent[] = []
  #refused = 0

  constructor(
    line: SimulatedLine,
    { cases, seed, year }: { cases: number; seed: number; year: { from: Date; to: Date } },
  ) {
    const odds = new Odds(seededChance(seed))
    this.#line = {
      ...line,
      store: watchedStore(line.store, (current, events) => this.#note(current, events)),
    }
    this.#odds = odds
    this.#to = year.to
    this.#times = filingTimes(line, odds, cases, year)
    this.#matters = new SimulatedMatters(line, odds, cases)
    this.#people = new SimulatedPeople(line, odds)
  }

  /** Some more steps, in one transaction. False when the year is over. */
  async goOn(): Promise<boolean> {
    const isMore = await this.#line.store.transact(async tx => {
      for (let step = 0; step < STEPS_AT_ONCE; step++) {
        if (!(await this.#step(tx))) return false
        this.#settleChanged()
        // Those who joined follow in transactions of their own, before anything else happens.
        if (this.#toFollow.length > 0) break
      }
      return true
    })
    await this.#follow()
    await anchorDays(this.#line)
    return isMore
  }

  result(): SimulatedYear {
    const counts = new Map<Stage, number>()
    const ends = [...this.#standing.values()].map(each => stageOf(each.case))
    for (const stage of [...this.#resting.values(), ...ends]) counts.set(stage, (counts.get(stage) ?? 0) + 1)
    const stages = Object.fromEntries(
      STAGES.flatMap(stage => (counts.has(stage) ? [[stage, counts.get(stage)]] : [])),
    )
    return { cases: this.filed, events: this.events, stages, refused: this.#refused }
  }

  #note(current: Case, events: readonly CaseEvent[]): void {
    this.#changed.set(current.id, current)
    this.events += events.length
    if (current.joined) this.#leaders.add(current.joined.to)
    if (current.neighbourKey && current.dispatch) this.#joinable.set(current.neighbourKey, current.id)
    if (this.#leaders.has(current.id))
      this.#toFollow.push(...events.filter(event => FOLLOWED.includes(event.type)))
  }

  async #step(tx: Transaction): Promise<boolean> {
    const filing = this.#times[this.filed]?.getTime() ?? Number.POSITIVE_INFINITY
    const due = this.#nextDue()
    const at = Math.min(filing, due?.at ?? Number.POSITIVE_INFINITY)
    if (at >= this.#to.getTime()) return false
    this.#line.clock.set(new Date(at))
    if (due && due.at <= filing) await this.#happen(tx, this.#standing.get(due.caseId)!)
    else await this.#file(tx)
    return true
  }

  /** The next thing that is still to happen, without those that were overtaken. */
  #nextDue() {
    for (let first = this.#queue.first; first; first = this.#queue.first) {
      if (this.#standing.get(first.caseId)?.nextAt === first.at) return first
      this.#queue.take()
    }
    return undefined
  }

  async #file(tx: Transaction): Promise<void> {
    this.filed++
    const told = this.#matters.next(this.#line.clock.now())
    const key = told.service === null ? neighbourKeyOf(this.#line, told.draft) : null
    const known = (key && this.#joinable.get(key)) ?? null
    const joins = known && this.#odds.happens(JOINS) ? known : null
    await fileCase(this.#line, tx, { ...told, actor: RESIDENT, conversationId: null, family: null, joins })
  }

  async #happen(tx: Transaction, standing: Standing): Promise<void> {
    const now = this.#line.clock.now()
    this.#queue.take()
    const due = [standing.supervision, standing.intention, standing.aside].find(
      each => each && each.at <= now,
    )
    if (due) await this.#act(tx, standing, due)
    else ringNext(this.#line, tx, standing.case)
    // Also when nothing came of it, something else must be next.
    if (!this.#changed.has(standing.case.id)) this.#changed.set(standing.case.id, standing.case)
  }

  async #act(tx: Transaction, standing: Standing, intended: Intention): Promise<void> {
    if (standing.supervision === intended) standing.supervision = null
    else if (standing.aside === intended) standing.aside = null
    else standing.isDecided = false
    try {
      await this.#do(tx, standing.case, intended)
    } catch (error) {
      // It was meant for a case that has changed since, e.g. an extension after the due time.
      if (!isAppError(error)) throw error
      this.#refused++
    }
  }

  async #do(tx: Transaction, current: Case, { does, actor, input, reason }: Intention): Promise<void> {
    if (does === 'rate') await followUpCase(this.#line, tx, current, actor, input)
    else if (actor.role === 'resident')
      actOnCase(this.#line, tx, current, { action: does, actor, input, reason })
    else {
      const { version: expectedVersion } = current
      const said = { posts: [], locale: 'zh-Hans' as const }
      const command = { action: does, actor, input, reason, expectedVersion, ...said }
      await applyDeskAction(this.#line, tx, current, command)
    }
  }

  /** Says what happens next to the cases that have just changed. */
  #settleChanged(): void {
    for (const current of this.#changed.values()) this.#settle(current)
    this.#changed.clear()
  }

  #settle(current: Case): void {
    const known = this.#standing.get(current.id)
    const isNew = !known && !this.#resting.has(current.id)
    const nothing = {
      case: current,
      intention: null,
      isDecided: false,
      aside: null,
      supervision: null,
      nextAt: 0,
    }
    const standing = known ?? nothing
    const before = standing.case
    standing.case = current
    if (isNew) standing.aside = this.#people.aside(current)
    if (!standing.isDecided || before.state !== current.state) standing.intention = this.#people.next(current)
    standing.isDecided = true
    if (!known || before.supervision !== current.supervision)
      standing.supervision = this.#people.underSupervision(current)
    this.#await(standing)
  }

  #await(standing: Standing): void {
    const { case: current, intention, aside, supervision } = standing
    const isOver = ['withdrawn', 'merged', 'not-accepted'].includes(current.state)
    const alarms = nextAlarms(current).map(alarm => alarm.at.getTime())
    const intended = [intention, aside, supervision].flatMap(each => each?.at.getTime() ?? [])
    const times = isOver ? [] : [...alarms, ...intended]
    if (times.length === 0) {
      this.#standing.delete(current.id)
      this.#resting.set(current.id, stageOf(current))
      return
    }
    standing.nextAt = Math.max(Math.min(...times), this.#line.clock.now().getTime())
    this.#resting.delete(current.id)
    this.#standing.set(current.id, standing)
    this.#queue.add({ at: standing.nextAt, caseId: current.id })
  }

  async #follow(): Promise<void> {
    while (this.#toFollow.length > 0) {
      const { caseId, seq, type } = this.#toFollow.shift()!
      await followNeighbours(this.#line, {
        key: noticeKey({ caseId, seq }),
        data: { caseId, seq, event: type },
      })
      this.#settleChanged()
    }
  }
}
