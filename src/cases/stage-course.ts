import { applyEvent, foldCase, stageOf } from './case.ts'
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
  const seen = new Map<Stage, { from: Date; to: Date | null }>([
    [stageOf(current), { from: first!.at, to: null }],
  ])
  const pauses: Pause[] = []
  for (const event of rest) {
    const before = current
    current = applyEvent(before, event)
    move(seen, stageOf(before), stageOf(current), event.at)
    const [wasWaiting, isWaiting] = [before, current].map(({ state }) => WAITING.includes(state))
    if (isWaiting && !wasWaiting) pauses.push({ from: event.at, to: null })
    if (wasWaiting && !isWaiting) pauses.at(-1)!.to = event.at
  }
  const now = SHOWN.indexOf(stageOf(current))
  const acceptedAt = seen.get('acceptance')?.to ?? null
  const stages = SHOWN.map((stage, position): StageEntry => {
    const times =
      seen.get(stage) ??
      (AT_ACCEPTANCE.includes(stage) && acceptedAt ? { from: acceptedAt, to: acceptedAt } : null)
    const isPast = position < now || isFinal(current.state)
    const state = isPast ? (times ? 'done' : 'skipped') : position === now ? 'now' : 'ahead'
    // What a rework leads back over is not there yet.
    return {
      stage,
      state,
      from: state === 'ahead' ? null : (times?.from ?? null),
      to: state === 'done' ? (times?.to ?? null) : null,
    }
  })
  return { stages, pauses }
}

function move(seen: Map<Stage, { from: Date; to: Date | null }>, from: Stage, to: Stage, at: Date): void {
  if (from === to) return
  seen.set(from, { ...seen.get(from)!, to: at })
  seen.set(to, { from: seen.get(to)?.from ?? at, to: null })
}
