import { describe, expect, test } from 'vitest'
import { courseOf } from '../../../src/cases/stage-course.ts'
import { HOUR } from '../../../src/kernel/clock.ts'
import { accountOf, act, fileOne, replyInput, storedCase, useTestLine } from '../../support/use-test-line.ts'

const handler = accountOf('handler', 'urban-management')

describe('the course of a case', () => {
  const lines = useTestLine()

  /** Each step an hour after the one before; what the stages look like then. */
  async function courseAfter(...steps: [action: string, input?: object][]) {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const begunAt = desk.line.clock.now().getTime()
    for (const [action, input] of steps) {
      desk.line.clock.advance(HOUR)
      const given = action === 'reply' ? replyInput(desk.line) : input
      await act(
        desk.line,
        action === 'follow-up' || action === 'rework' || action === 'resident-answer'
          ? accountOf('agent')
          : handler,
        filed.id,
        action,
        given,
      )
    }
    const { stages, pauses } = courseOf((await storedCase(desk.line, filed.id)).events)
    const hours = (at: Date | null) => at && (at.getTime() - begunAt) / HOUR
    return {
      stages: Object.fromEntries(
        stages.map(({ stage, state, from, to }) => [stage, [state, hours(from), hours(to)]]),
      ),
      pauses: pauses.map(({ from, to }) => [hours(from), hours(to)]),
    }
  }

  test('dispatched at once it has been accepted, graded and classed, and is with the department', async () => {
    const { stages, pauses } = await courseAfter()
    expect(stages).toEqual({
      acceptance: ['done', 0, 0],
      grading: ['done', 0, 0],
      disposal: ['done', 0, 0],
      transfer: ['now', 0, null],
      coordination: ['ahead', null, null],
      feedback: ['ahead', null, null],
      'follow-up': ['ahead', null, null],
      evaluation: ['ahead', null, null],
    })
    expect(pauses).toEqual([])
  })

  test('to the end: what was not needed is skipped', async () => {
    const answers = { contacted: true, resolved: true, satisfied: 'very' }
    const { stages } = await courseAfter(['sign'], ['reply'], ['follow-up', answers])
    expect(stages).toMatchObject({
      transfer: ['done', 0, 1],
      coordination: ['skipped', null, null],
      feedback: ['done', 1, 2],
      'follow-up': ['done', 2, 3],
      evaluation: ['done', 3, null],
    })
  })

  test('it waited for its teller from the question to the answer', async () => {
    const { pauses } = await courseAfter(
      ['sign'],
      ['ask-resident', { text: '哪一根？' }],
      ['resident-answer', { text: '东边' }],
    )
    expect(pauses).toEqual([[2, 3]])
    expect((await courseAfter(['sign'], ['ask-resident', { text: '哪一根？' }])).pauses).toEqual([[2, null]])
  })

  test('sent back it is with the department again since it first came, and what lay ahead is ahead again', async () => {
    const answers = { contacted: true, resolved: false, satisfied: null }
    const { stages } = await courseAfter(['sign'], ['reply'], ['rework', answers])
    expect(stages['follow-up']).toEqual(['ahead', null, null])
    expect(Object.values(stages).filter(([state]) => state === 'now')).toHaveLength(1)
  })
})
