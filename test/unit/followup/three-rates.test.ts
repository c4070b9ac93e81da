import { describe, expect, test } from 'vitest'
import type { Case } from '../../../src/cases/case.ts'
import type { CaseEvent } from '../../../src/cases/case-event.ts'
import { type CaseScore, scoreCase } from '../../../src/followup/three-rates.ts'
import {
  accountOf,
  act,
  type Desk,
  fileOne,
  lapse,
  outOfDutyInput,
  replyInput,
  storedCase,
  useTestLine,
} from '../../support/use-test-line.ts'

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
    if (said === NOTHING) await lapse(desk.line, filed.id)
    else
      await act(
        desk.line,
        agent,
        filed.id,
        said === YES && i === rounds.length - 1 ? 'follow-up' : 'rework',
        said,
      )
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

  test('a no takes back that they were content before, also when it came with it', async () => {
    const { case: filed, desk } = await closedWith({ ...YES, satisfied: 'very' })
    await act(desk.line, agent, filed.id, 'rework', { ...NO, satisfied: null })
    await act(desk.line, handler, filed.id, 'sign')
    await act(desk.line, handler, filed.id, 'reply', replyInput(desk.line))
    await lapse(desk.line, filed.id)
    const { events } = await storedCase(desk.line, filed.id)
    expect(responsible(events).counted).not.toContain('satisfied')
    // Stored before such answers were refused.
    const old = events.map(event =>
      event.type === 'reworked' ? { ...event, data: { ...event.data, satisfied: 'very' } } : event,
    )
    expect(responsible(old).counted).toContain('resolved')
    expect(responsible(old).counted).not.toContain('satisfied')
  })
})

describe('out of duty', () => {
  const supervisor = accountOf('supervisor')

  async function said() {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    await act(desk.line, handler, filed.id, 'sign')
    await act(desk.line, handler, filed.id, 'reply', outOfDutyInput(desk.line))
    const score = async () => responsible((await storedCase(desk.line, filed.id)).events)
    const close = () => act(desk.line, agent, filed.id, 'follow-up', YES)
    return { desk, id: filed.id, score, close }
  }

  test('counts as usual while nobody has decided', async () => {
    const { score, close } = await said()
    await close()
    expect(await score()).toMatchObject({ exclusion: null, met: expect.arrayContaining(['resolved']) })
  })

  test('is left out once a supervisor has approved it, before or after it was closed', async () => {
    const before = await said()
    await act(before.desk.line, supervisor, before.id, 'approve-out-of-duty')
    // Not closed yet: what it counted for until now is gone at once.
    expect(await before.score()).toMatchObject({
      exclusion: { because: 'out-of-duty' },
      counted: ['cases'],
      met: [],
    })
    await before.close()
    const after = await said()
    await after.close()
    await act(after.desk.line, accountOf('arbiter'), after.id, 'approve-out-of-duty')
    for (const { score, desk, id } of [before, after]) {
      const { events } = await storedCase(desk.line, id)
      const { seq } = events.find(({ type }) => type === 'out-of-duty-approved')!
      expect(await score()).toMatchObject({ exclusion: { because: 'out-of-duty', seq }, counted: ['cases'] })
    }
  })

  test('counts as usual when it was refused, and when another reply has followed', async () => {
    const refused = await said()
    await refused.close()
    await act(refused.desk.line, supervisor, refused.id, 'refuse-out-of-duty', {}, '职责清单第三条')
    expect((await refused.score()).exclusion).toBeNull()
    const again = await said()
    const { line } = again.desk
    await act(line, supervisor, again.id, 'approve-out-of-duty')
    await act(line, agent, again.id, 'rework', NO)
    await act(line, handler, again.id, 'sign')
    await act(line, handler, again.id, 'reply', replyInput(line))
    await again.close()
    expect((await again.score()).exclusion).toBeNull()
  })

  test('is not for departments or agents to approve', async () => {
    const { desk, id } = await said()
    for (const account of [handler, agent])
      await expect(act(desk.line, account, id, 'approve-out-of-duty')).rejects.toThrow('action-forbidden')
  })
})

async function closedWith(answers: Said): Promise<{ desk: Desk; case: Case }> {
  const desk = lines.fresh()
  const { case: filed } = await fileOne(desk)
  await act(desk.line, handler, filed.id, 'sign')
  await act(desk.line, handler, filed.id, 'reply', replyInput(desk.line))
  await act(desk.line, agent, filed.id, 'follow-up', answers)
  return { desk, case: filed }
}

function responsible(events: CaseEvent[]): CaseScore {
  return scoreCase(events, 'duty-desk').find(({ isResponsible }) => isResponsible)!
}
