import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEvent, type Case, foldCase, nextAlarms, promiseOf } from '../../../src/cases/case.ts'
import { type Actor, chain, findBrokenLink } from '../../../src/cases/case-event.ts'
import { isFinal } from '../../../src/cases/case-state.ts'
import { type CaseCommand, decide, offeredActions } from '../../../src/cases/decide.ts'
import type { Action } from '../../../src/cases/workflow.ts'
import { isPaused } from '../../../src/clocks/stage-clock.ts'
import { HOUR } from '../../../src/kernel/clock.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { actors, Life, policy, said } from './sample-case.ts'

/** Actions that bring a case on its way; the others only say something, or give it up. */
const FORWARD: readonly Action[] = [
  'accept',
  'complete',
  'answer',
  'dispatch',
  'sign',
  'refuse-return',
  'arbitrate',
  'resident-answer',
  'reply',
  'resume',
  'follow-up',
]

/** Everybody, and a handler of whichever department leads now. */
function people(current: Case): Actor[] {
  const lead = current.dispatch?.lead
  return [
    ...Object.values(actors),
    ...(lead ? [{ role: 'handler', id: 'h', department: lead } as const] : []),
  ]
}

function check(current: Case): void {
  const { state, clocks } = current
  // A promise stands as long as something is owed.
  expect(promiseOf(current) === null, `promise when ${state}`).toBe(isFinal(state))
  const open = Object.values(clocks).filter(clock => clock.stoppedAt === null)
  if (isFinal(state)) expect(open.filter(clock => clock.kind !== 'supervision')).toEqual([])
  // The handling clock waits when the department cannot work on the case, and then only.
  if (clocks.handle?.stoppedAt === null) {
    const waits = ['returned', 'waiting-resident', 'suspended'].includes(state)
    expect(isPaused(clocks.handle), `handle paused when ${state}`).toBe(waits)
  }
  // Whatever rings can be recorded.
  for (const { clock, percent, dueAt } of nextAlarms(current)) {
    const input = { clock, percent, dueAt: dueAt.toISOString() }
    decide(current, { action: 'breach', actor: actors.clock, at: current.changedAt, input }, policy)
  }
  // No case is stuck: somebody can bring it on.
  if (!isFinal(state)) {
    const offered = people(current).flatMap(actor => offeredActions(current, actor))
    expect(
      offered.some(action => FORWARD.includes(action)),
      `somebody can go on when ${state}`,
    ).toBe(true)
  }
}

describe('whatever happens to a case, in whatever order', () => {
  it('its chain is whole, its promises and clocks fit its state, and it is never stuck', () => {
    const reached = new Set<string>()
    const step = fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 40 }))
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), steps => {
        const life = new Life()
        let current = life.case
        for (const [who, what, hours] of steps) {
          const choices = people(current).flatMap(actor =>
            offeredActions(current, actor)
              // Giving it up would end most lives early.
              .filter(action => !['withdraw', 'merge', 'refuse'].includes(action) || what % 5 === 0)
              .map(action => ({ actor, action })),
          )
          const choice = choices[who % choices.length]
          if (!choice) break
          const at = new Date(current.changedAt.getTime() + hours * HOUR)
          const command: CaseCommand = { ...choice, at, reason: '按规定', input: said[choice.action] }
          let fact: ReturnType<typeof decide>
          try {
            fact = decide(current, command, policy)
          } catch (error) {
            // Offered without looking at the time: too late for a return or an extension, or none is left.
            expect(['return', 'request-extension']).toContain(choice.action)
            expect(error).toBeInstanceOf(AppError)
            continue
          }
          const event = chain(current.id, life.events.at(-1)!, fact)
          life.events.push(event)
          current = applyEvent(current, event)
          reached.add(current.state)
          check(current)
        }
        expect(findBrokenLink(life.events)).toBeNull()
        expect(current).toEqual(foldCase(life.events))
      }),
      // Seeded: the count of states below must not depend on luck.
      { numRuns: 300, seed: 20261124 },
    )
    expect(reached.size).toBe(13)
  })
})
