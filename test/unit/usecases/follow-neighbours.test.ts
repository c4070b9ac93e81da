import { describe, expect, test } from 'vitest'
import type { Case } from '../../../src/cases/case.ts'
import { scoreCase } from '../../../src/followup/three-rates.ts'
import { followNeighbours } from '../../../src/usecases/follow-neighbours.ts'
import type { Job } from '../../../src/usecases/job.ts'
import { overlay, type TestLine } from '../../support/test-line.ts'
import {
  accountOf,
  act,
  type Desk,
  fileOne,
  joinOne,
  outOfDutyInput,
  replyInput,
  storedCase,
  useTestLine,
} from '../../support/use-test-line.ts'

const lines = useTestLine()
const HANDLER = accountOf('handler', 'urban-management')
const AGENT = accountOf('agent')

async function withJoined(count: number) {
  const desk = lines.fresh()
  const { case: lead } = await fileOne(desk)
  const joined: Case[] = []
  for (let i = 0; i < count; i++) joined.push(await joinOne(desk, lead.id))
  return { ...desk, lead, joined }
}

async function reply(line: TestLine, caseId: string) {
  await act(line, HANDLER, caseId, 'sign')
  await act(line, HANDLER, caseId, 'reply', replyInput(line))
}

/** Works the jobs that follow, as the queue does, until there are none. */
async function work({ line, record }: Desk): Promise<Job[]> {
  const worked: Job[] = []
  const next = () => record.jobs.findIndex(job => job.name === 'follow-neighbours')
  for (let at = next(); at >= 0; at = next()) {
    const [job] = record.jobs.splice(at, 1)
    worked.push(job!)
    await followNeighbours(line, job!)
  }
  return worked
}

const statesOf = async (line: TestLine, cases: readonly Case[]) =>
  Promise.all(cases.map(async ({ id }) => (await storedCase(line, id)).case.state))
const typesOf = async (line: TestLine, id: string) =>
  (await storedCase(line, id)).events.map(event => event.type)

describe('those who joined', () => {
  test('go to no department of their own and have no clock', async () => {
    const { line, joined } = await withJoined(1)
    const { case: current, events } = await storedCase(line, joined[0]!.id)
    expect(events.map(event => event.type)).toEqual(['filed', 'neighbours-joined'])
    expect(current).toMatchObject({ state: 'joined', dispatch: null })
    expect(Object.values(current.clocks).filter(clock => clock.stoppedAt === null)).toEqual([])
  })

  test('have the answer as their own, with a follow-up each, in jobs of a hundred', async () => {
    const desk = await withJoined(203)
    const { line, lead, joined } = desk
    await reply(line, lead.id)
    expect(await work(desk)).toHaveLength(3)
    for (const { id } of joined) {
      const { case: current, events } = await storedCase(line, id)
      expect(events.map(event => event.type)).toEqual(['filed', 'neighbours-joined', 'reply-shared'])
      expect(current).toMatchObject({
        state: 'replied',
        reply: { text: '灯泡已经换好。', department: 'urban-management' },
        dispatch: { lead: 'urban-management' },
      })
      expect(current.clocks['follow-up']?.stoppedAt).toBeNull()
    }
    expect(desk.record.jobs.filter(job => job.data.event === 'reply-shared')).toHaveLength(203)
  }, 120_000)

  test.each([true, false])(
    'count by their own rating for the department, out of duty as it was (within: %s)',
    async isWithinDuty => {
      const desk = await withJoined(1)
      const { line, lead, joined } = desk
      await act(line, HANDLER, lead.id, 'sign')
      await act(line, HANDLER, lead.id, 'reply', isWithinDuty ? replyInput(line) : outOfDutyInput(line))
      await work(desk)
      if (!isWithinDuty) await act(line, accountOf('supervisor'), lead.id, 'approve-out-of-duty')
      await work(desk)
      const { id } = joined[0]!
      await act(line, AGENT, id, 'follow-up', { contacted: true, resolved: true, satisfied: 'dissatisfied' })
      const [score, ...others] = scoreCase((await storedCase(line, id)).events, 'hotline-centre')
      expect(others).toEqual([])
      expect(score).toMatchObject({
        department: 'urban-management',
        exclusion: isWithinDuty ? null : { because: 'out-of-duty' },
      })
      expect(score!.met.includes('resolved')).toBe(isWithinDuty)
      expect(score!.met).not.toContain('satisfied')
    },
  )

  test('have what was decided of its duty also when that was faster than the reply’s job, and not before', async () => {
    const desk = await withJoined(1)
    const { line, lead, joined } = desk
    const claim = async () => (await storedCase(line, joined[0]!.id)).case.dutyClaim
    await act(line, HANDLER, lead.id, 'sign')
    await act(line, HANDLER, lead.id, 'reply', outOfDutyInput(line))
    expect(await claim()).toBeNull()
    await act(line, accountOf('arbiter'), lead.id, 'refuse-out-of-duty', {}, '职责清单有此事项')
    const jobs = desk.record.jobs.filter(({ name }) => name === 'follow-neighbours')
    for (const job of jobs.toReversed()) await followNeighbours(line, job)
    expect(await claim()).toMatchObject({ decision: 'refused' })
    const { events } = await storedCase(line, joined[0]!.id)
    expect(events.at(-1)).toMatchObject({ type: 'out-of-duty-refused', reason: '职责清单有此事项' })
  })

  test('have it once, though the job is broken off, worked again, and worked by two at once', async () => {
    const desk = await withJoined(12)
    const { line, lead, joined, record } = desk
    await reply(line, lead.id)
    const job = record.jobs.find(each => each.name === 'follow-neighbours')!
    let transactions = 0
    const dying: TestLine = {
      ...line,
      store: overlay(line.store, {
        async transact(work) {
          if (++transactions > 5) throw new Error('killed')
          return line.store.transact(work)
        },
      }),
    }
    await expect(followNeighbours(dying, job)).rejects.toThrow('killed')
    expect(new Set(await statesOf(line, joined))).toEqual(new Set(['joined', 'replied']))
    await Promise.all([followNeighbours(line, job), followNeighbours(line, job)])
    for (const { id } of joined)
      expect(await typesOf(line, id)).toEqual(['filed', 'neighbours-joined', 'reply-shared'])
    const told = record.jobs.filter(each => each.data.event === 'reply-shared').map(each => each.key)
    expect(new Set(told).size).toBe(12)
  })

  test('an answer that comes late is not for whoever joined after it', async () => {
    const desk = await withJoined(1)
    const { line, lead, joined } = desk
    await reply(line, lead.id)
    line.clock.advance(60_000)
    await act(line, AGENT, lead.id, 'rework', { contacted: true, resolved: false, satisfied: null })
    line.clock.advance(60_000)
    const later = await joinOne(desk, lead.id)
    await work(desk)
    expect(await statesOf(line, [joined[0]!, later])).toEqual(['replied', 'joined'])
  })

  test('are refused with the reason for which it was refused', async () => {
    const desk = lines.fresh()
    const { case: lead } = await fileOne(desk, { subject: null })
    const joined = await joinOne(desk, lead.id)
    await act(desk.line, AGENT, lead.id, 'refuse', {}, '不归本区管')
    await work(desk)
    expect((await storedCase(desk.line, joined.id)).case).toMatchObject({
      state: 'not-accepted',
      refusal: '不归本区管',
    })
  })

  test('go where it goes when it is merged or joins another', async () => {
    for (const [action, name] of [
      ['merge', 'into'],
      ['join-neighbours', 'to'],
    ] as const) {
      const desk = await withJoined(2)
      const { case: other } = await fileOne(desk)
      await act(desk.line, AGENT, desk.lead.id, action, { [name]: other.id })
      await work(desk)
      for (const { id } of desk.joined)
        expect((await storedCase(desk.line, id)).case).toMatchObject({
          state: 'joined',
          joined: { to: other.id },
        })
    }
  })

  test('when it is withdrawn the first takes its place at the same department, and the others join that one', async () => {
    const desk = await withJoined(3)
    await act(desk.line, AGENT, desk.lead.id, 'withdraw')
    const [job] = await work(desk)
    const heirs = await Promise.all(desk.joined.map(async ({ id }) => (await storedCase(desk.line, id)).case))
    const heir = heirs.find(each => each.state === 'dispatched')!
    expect(heir.dispatch?.lead).toBe('urban-management')
    const others = heirs.filter(each => each !== heir)
    expect(others.map(each => [each.state, each.joined?.to])).toEqual([
      ['joined', heir.id],
      ['joined', heir.id],
    ])
    // Worked again, it finds nobody who still waits for the withdrawn one.
    await followNeighbours(desk.line, job!)
    expect((await storedCase(desk.line, heir.id)).case.version).toBe(heir.version)
  })
})

describe('at the desk', () => {
  test.each<[string, (desk: Desk, own: Case) => Promise<string>, string]>([
    ['itself', async (_, own) => own.id, 'action-invalid'],
    ['one that is not there', async () => 'nowhere', 'case-not-found'],
    [
      'one that was answered',
      async desk => {
        const { case: other } = await fileOne(desk)
        await reply(desk.line, other.id)
        return other.id
      },
      'action-invalid',
    ],
    [
      'a confidential one',
      async desk => (await fileOne(desk, { type: 'report', words: '举报有人偷路灯' })).case.id,
      'action-invalid',
    ],
  ])('a case cannot join %s', async (_, other, code) => {
    const desk = lines.fresh()
    const { case: own } = await fileOne(desk)
    const to = await other(desk, own)
    await expect(act(desk.line, AGENT, own.id, 'join-neighbours', { to })).rejects.toMatchObject({ code })
    expect((await storedCase(desk.line, own.id)).case.version).toBe(own.version)
  })

  test('a case that leaves again is dispatched anew, wherever it was before', async () => {
    const desk = await withJoined(1)
    const { line, joined, lead } = desk
    const { case: other } = await fileOne(desk)
    await act(line, AGENT, other.id, 'join-neighbours', { to: lead.id })
    for (const id of [other.id, joined[0]!.id]) {
      // What the desk sends along makes no heir of it.
      await act(line, AGENT, id, 'leave-neighbours', { isHeir: true })
      const { case: current } = await storedCase(line, id)
      expect(current).toMatchObject({ state: 'accepted', joined: null, dispatch: null })
      expect(current.clocks.dispatch?.stoppedAt).toBeNull()
    }
  })

  test('a case under an order does not join another', async () => {
    const desk = await withJoined(0)
    const { case: other } = await fileOne(desk)
    const order = { level: 'order', cause: '群众催办' }
    await act(desk.line, accountOf('supervisor'), other.id, 'supervise', order, '拖得太久')
    const joining = act(desk.line, AGENT, other.id, 'join-neighbours', { to: desk.lead.id })
    await expect(joining).rejects.toMatchObject({ code: 'action-not-now' })
  })
})
