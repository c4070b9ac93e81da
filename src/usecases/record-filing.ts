import { applyEvent, type Case, foldCase } from '../cases/case.ts'
import { type Actor, type CaseEvent, chain } from '../cases/case-event.ts'
import type { FiledInput } from '../cases/case-inputs.ts'
import { caseNumber } from '../cases/case-number.ts'
import { decide, decideFiling } from '../cases/decide.ts'
import type { Action } from '../cases/workflow.ts'
import { localDateOf } from '../clocks/working-calendar.ts'
import { type Chance, newCode, newId } from '../kernel/ids.ts'
import type { Line } from './line.ts'
import type { Person, Transaction } from './ports.ts'
import { tellSystems } from './tell-of-event.ts'

/** Letters of a query code. */
export const QUERY_CODE_LENGTH = 8

/** What the line does with a case by itself as it is filed. */
export interface LineStep {
  action: Action
  input: unknown
  /** The line itself without one. */
  actor?: Actor
}

export const THE_LINE: Actor = { role: 'line', id: 'line' }

/** A case that is to be recorded, with whoever it is of. */
export interface NewCase {
  filed: Omit<FiledInput, 'number'>
  steps: readonly LineStep[]
  person: Person
  actor: Actor
  conversationId: string | null
  /** Given where a repeated request must be told the same again; else one by chance. */
  queryCode?: string | undefined
}

/** Numbers, records and tells of a new case. Returns it with the secret that its owner is told once. */
export async function recordFiling(
  line: Line,
  tx: Transaction,
  { filed, steps, person, actor, conversationId, ...given }: NewCase,
): Promise<{ case: Case; queryCode: string }> {
  const at = line.clock.now()
  const date = localDateOf(at)
  const number = caseNumber(date, await tx.takeCaseSequence(date))
  const id = newId(at, line.chance)
  const { current, events } = foldFiling(line, { id, filed: { ...filed, number }, steps, actor, at })
  const queryCode = given.queryCode ?? newQueryCode(line.chance)
  tx.addCase(current, events, { person, queryCode, conversationId })
  // Its owner is told in the reply.
  for (const event of events) tellSystems(line, tx, current, event)
  return { case: current, queryCode }
}

/** Filed, and what the line does with it by itself; nothing is written. */
export function foldFiling(
  line: Line,
  {
    id,
    filed,
    steps,
    actor,
    at,
  }: { id: string; filed: FiledInput; steps: readonly LineStep[]; actor: Actor; at: Date },
): { current: Case; events: CaseEvent[] } {
  const events = [chain(id, null, decideFiling(filed, actor, at, line.policy))]
  let current = foldCase(events)
  for (const { action, input, actor: by = THE_LINE } of steps) {
    const fact = decide(current, { action, actor: by, at, input }, line.policy)
    const event = chain(id, { seq: current.version, hash: current.hash }, fact)
    events.push(event)
    current = applyEvent(current, event)
  }
  return { current, events }
}

/** A secret that only the owner of a case is told. */
export function newQueryCode(chance: Chance): string {
  return newCode(QUERY_CODE_LENGTH, chance)
}
