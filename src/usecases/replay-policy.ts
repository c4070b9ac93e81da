import { applyEvent, type Case, foldCase, isOtherwise } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { type CasePolicy, changeClocks, untimed } from '../cases/clock-changes.ts'
import { transitionOfEvent } from '../cases/workflow.ts'
import { gradeOf, profileOf } from '../clocks/service-levels.ts'
import { isRunning } from '../clocks/stage-clock.ts'
import type { Router } from '../routing/route-matter.ts'
import type { Store } from './ports.ts'

/** What another city would do: its limits and days, and whom it would give a matter. */
export interface OtherPolicy {
  policy: CasePolicy
  router: Pick<Router, 'route'>
}

/** One recorded case as it was and as it would have been, people having done the same at the same moments. */
export interface ReplayedCase {
  /** Whom the line or an agent gave it first; null when no department ever had it. */
  lead: string | null
  /** Whom the other city would have given it; where its rules leave that to an agent, whom the agent chose. Null as above. */
  otherLead: string | null
  /** The rules left it to an agent. */
  wasUndecided: boolean
  /** The other city's rules would have. */
  wouldBeUndecided: boolean
  /** Answered, or still not answered, after the promise. */
  wasLate: boolean
  wouldBeLate: boolean
}

/**
 * Counts of a department; under `gains` those that others had and it would get. What an agent decides, before or after, is no loss:
 * the agent would have decided the same.
 */
export interface ReplayCount {
  cases: number
  late: number
  otherLate: number
  newlyLate: number
  noLongerLate: number
  undecided: number
  otherUndecided: number
  loses: number
  gains: number
}

export interface Replay {
  total: ReplayCount
  departments: Map<string, ReplayCount>
  /** Cases that no department ever had: what the centre answered, and what was withdrawn before. */
  undispatched: number
}

/** Events that only tell what a clock did by itself: another city's clocks would have done otherwise. */
const OF_CLOCKS = ['clock-warned', 'clock-breached', 'clock-chased', 'clock-recomputed']

/**
 * Replays the cases that were filed between two instants under another city's limits, calendar and routing. Reads a few hundred at a
 * time and writes nothing.
 * @param now until when what is not answered is judged
 */
export async function replayPolicy(
  store: Pick<Store, 'eachCaseEvents'>,
  other: OtherPolicy,
  filed: { from: Date; before: Date },
  now: Date,
): Promise<Replay> {
  const replay: Replay = { total: emptyCount(), departments: new Map(), undispatched: 0 }
  for await (const { events } of store.eachCaseEvents(filed)) count(replay, replayCase(events, other, now))
  return replay
}

/** What one recorded case would have come to. */
export function replayCase(events: readonly CaseEvent[], other: OtherPolicy, now: Date): ReplayedCase {
  const dispatched = events.find(({ type }) => type === 'dispatched')
  const filed = foldCase(events.slice(0, 1))
  const service = (dispatched?.data.reason as { service?: string } | undefined)?.service ?? null
  const { type, subject, subjectCandidates, elements, isConfidential, words } = filed
  const matter = { type, subject, subjectCandidates, isConfidential, words, service, street: elements.street }
  const lead = dispatched ? String(dispatched.data.lead) : null
  const route = other.router.route(matter)
  return {
    lead,
    otherLead: lead !== null && route.isCertain ? route.lead : lead,
    // What the rules decide the line dispatches by itself.
    wasUndecided: dispatched !== undefined && dispatched.actor.role !== 'line',
    wouldBeUndecided: !route.isCertain,
    wasLate: isLate(events, now),
    wouldBeLate: isLate(underPolicy(events, other.policy), now),
  }
}

/** The same events with the clocks that the policy would have set. */
function underPolicy(events: readonly CaseEvent[], policy: CasePolicy): CaseEvent[] {
  const [first, ...rest] = events.filter(({ type }) => !OF_CLOCKS.includes(type))
  const filed = foldCase([first!])
  const begun: CaseEvent = { ...first!, data: { ...first!.data, ...levelsOf(filed, policy) } }
  const blank = untimed({
    profile: String(begun.data.profile),
    ...(filed.application ? { application: filed.application } : {}),
  })
  const replayed: CaseEvent[] = [
    { ...begun, clocks: clocksAfter(begun, blank, transitionOfEvent.get('filed')!.clocks, policy) },
  ]
  let current = foldCase(replayed)
  for (const recorded of rest) {
    const row = transitionOfEvent.get(recorded.type)!
    const event = corrected(recorded, current, policy)
    const effects = isOtherwise(current, row) ? row.otherwise!.clocks : row.clocks
    const next = { ...event, clocks: clocksAfter(event, current, effects, policy) }
    replayed.push(next)
    current = applyEvent(current, next)
  }
  return replayed
}

function clocksAfter(
  { at, actor, data }: CaseEvent,
  current: Parameters<typeof changeClocks>[1],
  effects: Parameters<typeof changeClocks>[0],
  policy: CasePolicy,
) {
  return changeClocks(effects, current, { at, actor, data, policy })
}

/** A correction of what it is about makes another service level, and the other city has its own. */
function corrected(event: CaseEvent, current: Case, policy: CasePolicy): CaseEvent {
  if (event.type !== 'subject-corrected') return event
  const after = applyEvent(current, { ...event, clocks: [] })
  return { ...event, data: { ...event.data, ...levelsOf(after, policy) } }
}

function levelsOf(current: Case, { levels }: CasePolicy): { grade: string; profile: string } {
  const grade = gradeOf(levels, current)
  return { grade, profile: profileOf(levels, current, grade).id }
}

/** Did a department's time for handling ever end, or go on, past its due time? */
function isLate(events: readonly CaseEvent[], now: Date): boolean {
  const handling = events.flatMap(({ clocks }) => clocks.filter(({ kind }) => kind === 'handle'))
  const last = handling.at(-1)
  if (last && isRunning(last) && now > last.dueAt) return true
  return handling.some(({ stoppedAt, dueAt }) => stoppedAt !== null && stoppedAt > dueAt)
}

function count(replay: Replay, { lead, otherLead, ...replayed }: ReplayedCase): void {
  if (lead === null || otherLead === null) {
    replay.undispatched++
    return
  }
  const { wasLate, wouldBeLate, wasUndecided, wouldBeUndecided } = replayed
  const own = countOf(replay, lead)
  for (const each of [replay.total, own]) {
    each.cases++
    each.late += Number(wasLate)
    each.otherLate += Number(wouldBeLate)
    each.newlyLate += Number(wouldBeLate && !wasLate)
    each.noLongerLate += Number(wasLate && !wouldBeLate)
    each.undecided += Number(wasUndecided)
    each.otherUndecided += Number(wouldBeUndecided)
    each.loses += Number(lead !== otherLead)
  }
  if (lead === otherLead) return
  countOf(replay, otherLead).gains++
  replay.total.gains++
}

function countOf({ departments }: Replay, id: string): ReplayCount {
  const known = departments.get(id) ?? emptyCount()
  departments.set(id, known)
  return known
}

function emptyCount(): ReplayCount {
  return {
    cases: 0,
    late: 0,
    otherLate: 0,
    newlyLate: 0,
    noLongerLate: 0,
    undecided: 0,
    otherUndecided: 0,
    loses: 0,
    gains: 0,
  }
}
