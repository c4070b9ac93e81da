import { applyEvent, type Case, foldCase, stageOf } from './case.ts'
import type { CaseEvent } from './case-event.ts'
import { isFinal, STAGES, type Stage } from './case-state.ts'

/** One of the stages of a case as its teller is shown it. */
export interface StageEntry {
  stage: Stage
  /** `skipped`: over, and it was not needed. */
  state: 'done' | 'now' | 'ahead' | 'skipped'
  /** When the case first came there. */
  from: Date | null
  /** When it last left. */
  to: Date | null
}

/** The time for the teller's answer; the clock stood meanwhile. */
export interface Pause {
  from: Date
  /** Null: it goes on. */
  to: Date | null
}

/** Supervision runs beside the loop and is between the offices. */
const SHOWN: readonly Stage[] = STAGES.filter(stage => stage !== 'supervision')
/** What is worked out at the moment of acceptance, so that no case ever stands there. */
const AT_ACCEPTANCE: readonly Stage[] = ['grading', 'disposal']
const WAITING = ['waiting-resident', 'incomplete']

/**
 * Through which stages a case went and when, and when it waited for its teller. Derived from its events alone, so that it can
 * be told of cases of any age.
 */
export function courseOf(events: readonly CaseEvent[]): { stages: StageEntry[]; pauses: Pause[] } {
  const [first, ...rest] = events
  let current = foldCase([first!])
  const seen = new Map<Stage, Stay>([[stageOf(current), { from: first!.at, to: null }]])
  const pauses: Pause[] = []
  for (const event of rest) {
    const before = current
    current = applyEvent(before, event)
    move(seen, stageOf(before), stageOf(current), event.at)
    const [wasWaiting, isWaiting] = [before, current].map(({ state }) => WAITING.includes(state))
    if (isWaiting && !wasWaiting) pauses.push({ from: event.at, to: null })
    if (wasWaiting && !isWaiting) pauses.at(-1)!.to = event.at
  }
  return { stages: SHOWN.map(stage => entryOf(stage, current, seen)), pauses }
}

/** When the case was at a stage, first to last. */
interface Stay {
  from: Date
  to: Date | null
}

function entryOf(stage: Stage, current: Case, seen: ReadonlyMap<Stage, Stay>): StageEntry {
  const position = SHOWN.indexOf(stage) - SHOWN.indexOf(stageOf(current))
  const stay = seen.get(stage) ?? atAcceptance(stage, seen)
  if (position < 0 || isFinal(current.state))
    return stay ? { stage, state: 'done', ...stay } : { stage, state: 'skipped', from: null, to: null }
  if (position === 0) return { stage, state: 'now', from: stay?.from ?? null, to: null }
  // What a rework leads back over is not there yet.
  return { stage, state: 'ahead', from: null, to: null }
}

function atAcceptance(stage: Stage, seen: ReadonlyMap<Stage, Stay>): Stay | null {
  const acceptedAt = seen.get('acceptance')?.to
  return AT_ACCEPTANCE.includes(stage) && acceptedAt ? { from: acceptedAt, to: acceptedAt } : null
}

function move(seen: Map<Stage, Stay>, from: Stage, to: Stage, at: Date): void {
  if (from === to) return
  seen.set(from, { ...seen.get(from)!, to: at })
  seen.set(to, { from: seen.get(to)?.from ?? at, to: null })
}
