import { describe, expect, test } from 'vitest'
import { type CaseScore, scoreCase } from '../../../src/followup/three-rates.ts'
import { accountOf, act, fileOne, replyInput, storedCase, useTestLine } from '../../support/use-test-line.ts'

const lines = useTestLine()
const handler = accountOf('handler', 'urban-management')
const agent = accountOf('agent')

type Said = { contacted: boolean | null; resolved: boolean | null; satisfied: string | null }
const NOTHING: Said = { contacted: null, resolved: null, satisfied: null }
const NO: Said = { contacted: true, resolved: false, satisfied: 'dissatisfied' }
const YES: Said = { contacted: true, resolved: true, satisfied: 'satisfied' }

/** A case with a round for each thing that is said; the last one closes it. */
async function scoreAfter(...rounds: Said[]): Promise<Pick<CaseScore, 'counted' | 'met'>> {
  const desk = lines.fresh()
  const { case: filed } = await fileOne(desk)
  for (const [i, said] of rounds.entries()) {
    await act(desk.line, handler, filed.id, 'sign')
    await act(desk.line, handler, filed.id, 'reply', replyInput(desk.line))
    await act(desk.line, agent, filed.id, i === rounds.length - 1 ? 'follow-up' : 'rework', said)
  }
  const { events } = await storedCase(desk.line, filed.id)
  return scoreCase(events, 'duty-desk').find(({ isResponsible }) => isResponsible)!
}

describe('the three rates', () => {
  test('a yes counts for all', async () => {
    const { met } = await scoreAfter(YES)
    expect(met).toEqual(
      expect.arrayContaining(['answered', 'contacted', 'resolved', 'satisfied', 'first-time']),
    )
  })

  test('a no that became a yes is resolved, but not at the first time', async () => {
    const { counted, met } = await scoreAfter(NO, YES)
    expect(met).toEqual(expect.arrayContaining(['contacted', 'resolved', 'satisfied']))
    expect(counted).toContain('first-time')
    expect(met).not.toContain('first-time')
  })

  test('a no and then nothing is a no', async () => {
    const { counted, met } = await scoreAfter(NO, NOTHING)
    expect(counted).toEqual(expect.arrayContaining(['answered', 'contacted', 'resolved', 'satisfied']))
    expect(met).toEqual(expect.arrayContaining(['answered', 'contacted']))
    for (const measure of ['resolved', 'satisfied', 'first-time'] as const) expect(met).not.toContain(measure)
  })

  test('who never said anything counts for the answers only', async () => {
    const { counted, met } = await scoreAfter(NOTHING)
    expect(counted).toContain('answered')
    expect(met).not.toContain('answered')
    for (const measure of ['contacted', 'resolved', 'satisfied'] as const)
      expect(counted).not.toContain(measure)
  })
})
