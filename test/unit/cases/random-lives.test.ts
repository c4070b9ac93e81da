import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEvent, type Case, foldCase, promiseOf } from '../../../src/cases/case.ts'
import { nextAlarms } from '../../../src/cases/case-alarms.ts'
import { type Actor, chain, findBrokenLink } from '../../../src/cases/case-event.ts'
import { isFinal, STATES } from '../../../src/cases/case-state.ts'
import { type CaseCommand, decide, offeredActions } from '../../../src/cases/decide.ts'
import type { Action } from '../../../src/cases/workflow.ts'
import { type ClockName, isPaused } from '../../../src/clocks/stage-clock.ts'
import { HOUR } from '../../../src/kernel/clock.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { actors, Life, outOfDuty, policy, said, toEducation, toUrbanManagement } from './sample-case.ts'

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
  'leave-neighbours',
  'follow-up',
]

/** Offered without looking at the time or at what will be said: what each may be refused for. */
const REFUSED: Partial<Record<Action, readonly string[]>> = {
  return: ['action-not-now'],
  'request-extension': ['action-not-now', 'extension-exhausted', 'extension-too-long'],
  dispatch: ['action-invalid'],
  'add-co-handler': ['action-invalid'],
  // Of a department that owes nothing.
  'remind-part': ['action-invalid'],
  supervise: ['action-invalid'],
  suspend: ['action-invalid'],
  correct: ['action-invalid'],
  rework: ['reopen-too-late'],
}

const WITH_DEPARTMENT = ['dispatched', 'handling', 'waiting-resident', 'suspended', 'returned']

/** Everybody, and a handler of whichever department leads now. */
function people(current: Case): Actor[] {
  const lead = current.dispatch?.lead
  return [
    ...Object.values(actors),
    ...(lead ? [{ role: 'handler', id: 'h', department: lead } as const] : []),
  ]
}

/** What somebody says with an action; `chance` makes it now this, now that. */
function inputFor(
  { action, actor }: { action: Action; actor: Actor },
  current: Case,
  chance: number,
): unknown {
  const pick = <T>(...choices: T[]): T => choices[chance % choices.length]!
  const departments = ['housing-construction', 'ecology-environment', 'education', 'urban-management']
  switch (action) {
    case 'dispatch':
    case 'arbitrate':
      return pick<object>(toUrbanManagement, toEducation, { ...toUrbanManagement, coHandlers: departments })
    case 'add-co-handler':
      return { department: pick(...departments), task: '现场核查' }
    case 'remind-part':
      return { department: pick(...departments) }
    case 'request-extension':
      return { by: pick('5wd', '1wd', '3d', '9wd') }
    case 'suspend':
      return { reviewAt: new Date(current.changedAt.getTime() + pick(-1, 50, 900) * HOUR).toISOString() }
    case 'supervise':
      return { level: pick('remind', 'order', 'notice'), cause: pick('overdue', '群众催办') }
    case 'correct':
      return {
        previous: current.subject,
        subject: pick('environment/noise/construction-day', 'environment/noise/construction-night', null),
        ...pick<object>({}, { grade: 'danger', profile: 'danger' }, { type: 'report', place: '人民路5号' }),
      }
    case 'reply':
      return pick(said.reply, outOfDuty)
    case 'follow-up':
      return actor.role === 'clock' ? { contacted: null, resolved: null, satisfied: null } : said[action]
    default:
      return said[action]
  }
}

function check(current: Case): void {
  const { state, clocks } = current
  expect(STATES).toContain(state)
  // A promise stands as long as something is owed; who joined another has that one's.
  expect(promiseOf(current) === null, `promise when ${state}`).toBe(isFinal(state) || state === 'joined')
  const open = Object.entries(clocks).filter(([, clock]) => clock.stoppedAt === null)
  if (isFinal(state)) expect(open.filter(([name]) => name !== 'supervision')).toEqual([])
  expect(open.filter(([, clock]) => clock.kind === 'handle').length).toBeLessThanOrEqual(1)
  // A clock is open exactly as long as what it times is not done.
  const isOpen = (name: ClockName) => open.some(([each]) => each === name)
  if (isFinal(state) && state !== 'closed') expect(isOpen('supervision')).toBe(false)
  else expect(isOpen('supervision')).toBe(current.supervision !== null)
  expect(isOpen('review')).toBe(state === 'suspended')
  expect(isOpen('resident')).toBe(state === 'waiting-resident' || state === 'incomplete')
  expect(isOpen('arbitration')).toBe(state === 'returned')
  expect(isOpen('follow-up')).toBe(state === 'replied')
  const owed = current.coHandlers.filter(part => !part.finishedAt).map(part => `part:${part.department}`)
  const parts = open.map(([name]) => name).filter(name => name.startsWith('part:'))
  expect(parts.toSorted()).toEqual(WITH_DEPARTMENT.includes(state) ? owed.toSorted() : [])
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
    const happened = new Set<string>()
    const step = fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.integer({ min: 0, max: 40 }))
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), steps => {
        const life = new Life()
        let current = life.case
        for (const [who, what, saying, hours] of steps) {
          const choices = people(current).flatMap(actor =>
            offeredActions(current, actor)
              // Giving it up would end most lives early.
              .filter(
                action =>
                  !['withdraw', 'merge', 'refuse', 'join-neighbours'].includes(action) || what % 5 === 0,
              )
              .map(action => ({ actor, action })),
          )
          const choice = choices[who % choices.length]
          if (!choice) break
          const at = new Date(current.changedAt.getTime() + hours * HOUR)
          const input = inputFor(choice, current, saying)
          const command: CaseCommand = { ...choice, at, reason: '按规定', input }
          let fact: ReturnType<typeof decide>
          try {
            fact = decide(current, command, policy)
          } catch (error) {
            expect(error).toBeInstanceOf(AppError)
            expect(REFUSED[choice.action], choice.action).toContain((error as AppError).code)
            continue
          }
          const event = chain(current.id, life.events.at(-1)!, fact)
          life.events.push(event)
          current = applyEvent(current, event)
          reached.add(current.state)
          happened.add(choice.action)
          check(current)
        }
        expect(findBrokenLink(life.events)).toBeNull()
        expect(current).toEqual(foldCase(life.events))
      }),
      // Seeded: the counts below must not depend on luck.
      { numRuns: 600, seed: 20261124 },
    )
    expect(reached.size).toBe(STATES.length)
    expect([...happened].toSorted()).toEqual(
      expect.arrayContaining([
        'split',
        'correct',
        'finish-part',
        'approve-extension',
        'close-supervision',
        'approve-out-of-duty',
      ]),
    )
  })
})
