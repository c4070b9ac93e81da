import { describe, expect, test } from 'vitest'
import type { Case } from '../../../src/cases/case.ts'
import { findBrokenLink } from '../../../src/cases/case-event.ts'
import { formatCaseNumber } from '../../../src/cases/case-number.ts'
import type { Outgoing } from '../../../src/conversation/message.ts'
import { deliverNotification } from '../../../src/usecases/deliver-notification.ts'
import { fileCase } from '../../../src/usecases/file-case.ts'
import { lookUpCase } from '../../../src/usecases/look-up-case.ts'
import { showDeskCase } from '../../../src/usecases/work-at-desk.ts'
import {
  accountOf,
  act,
  type Desk,
  fileOne,
  open,
  sampleDraft,
  storedCase,
  useTestLine,
} from '../../support/use-test-line.ts'

const lines = useTestLine()
const agent = accountOf('agent')
const view = { isPersonAsked: false, locale: 'zh-Hans' as const }

describe('joining two cases', () => {
  test('each names the other, and the one that goes on says so', async () => {
    const desk = lines.fresh()
    const [{ case: again }, { case: first }] = [await fileOne(desk), await fileOne(desk)]
    await act(desk.line, agent, again.id, 'merge', { into: first.id })
    const child = await storedCase(desk.line, again.id)
    const parent = await storedCase(desk.line, first.id)
    expect([child.case.state, child.case.mergedInto]).toEqual(['merged', first.id])
    expect([parent.case.state, parent.case.children]).toEqual(['dispatched', [again.id]])
  })

  test.each(['nobody', 'itself', 'one that is over'])('with %s is refused and writes nothing', async what => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const { case: over } = await fileOne(desk)
    await act(desk.line, agent, over.id, 'withdraw')
    const [into, code] = {
      nobody: ['no-such-case', 'case-not-found'],
      itself: [filed.id, 'action-invalid'],
      'one that is over': [over.id, 'action-not-now'],
    }[what] as [string, string]
    await expect(act(desk.line, agent, filed.id, 'merge', { into })).rejects.toThrow(code)
    expect((await storedCase(desk.line, filed.id)).case.version).toBe(filed.version)
  })
})

describe('cases of different people', () => {
  test('are not merged, by which the first would hear nothing more, but joined as neighbours', async () => {
    const desk = lines.fresh()
    const [{ case: one }, other] = [await fileOne(desk), await joinableOf(desk)]
    const merging = act(desk.line, agent, one.id, 'merge', { into: other.id })
    await expect(merging).rejects.toMatchObject({
      code: 'reporters-differ',
      details: { instead: 'join-neighbours' },
    })
    for (const { id, version } of [one, other])
      expect((await storedCase(desk.line, id)).case.version).toBe(version)
    await act(desk.line, agent, one.id, 'join-neighbours', { to: other.id })
    expect((await storedCase(desk.line, one.id)).case.state).toBe('joined')
  })

  /** A case of somebody who left no number. */
  async function joinableOf(desk: Desk): Promise<Case> {
    const { channel, userId: channelUserId } = await open(desk.line)
    const { case: filed } = await desk.line.store.transact(tx =>
      fileCase(desk.line, tx, {
        draft: sampleDraft(),
        person: { name: null, phone: null, channel, channelUserId },
        actor: { role: 'resident', id: channelUserId },
        conversationId: null,
        family: null,
        service: null,
      }),
    )
    return filed
  }
})

describe('splitting a case', () => {
  const told = '人民路3号门口路灯不亮了，旁边井盖也没了'
  const subject = 'urban-construction/municipal-facilities/manhole'

  test('makes two, each with its own chain, clocks and department, of the same person', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk, { words: told })
    await act(desk.line, agent, filed.id, 'split', { text: '旁边井盖也没了', subject })
    const original = await storedCase(desk.line, filed.id)
    const part = await storedCase(desk.line, original.case.splitInto[0]!)
    expect(part.case).toMatchObject({
      splitFrom: filed.id,
      words: '旁边井盖也没了',
      subject,
      channel: filed.channel,
      elements: filed.elements,
      state: 'dispatched',
    })
    expect(original.case).toMatchObject({ state: 'dispatched', words: told })
    expect(part.case.number).not.toBe(filed.number)
    expect([findBrokenLink(original.events), findBrokenLink(part.events)]).toEqual([null, null])
    expect(part.events[0]!.previousHash).toBe(original.events[0]!.previousHash)
    const persons = await desk.line.store.transact(async tx => [
      await tx.personOf(filed.id),
      await tx.personOf(part.case.id),
    ])
    expect(persons[1]).toEqual(persons[0])
    expect(desk.record.jobs.map(job => job.data.event)).toContain('split-off')
  })

  test('is told to the resident with the new number', async () => {
    const desk = lines.fresh()
    const { case: filed, conversation } = await fileOne(desk, { words: told })
    await act(desk.line, agent, filed.id, 'split', { text: '旁边井盖也没了', subject })
    for (const job of desk.record.jobs) await deliverNotification(desk.line, job)
    const { case: original } = await storedCase(desk.line, filed.id)
    const { case: part } = await storedCase(desk.line, original.splitInto[0]!)
    const entries = await desk.line.store.transcriptAfter(conversation.id, 0, 50)
    const { key, text } = entries.at(-1)!.body as Outgoing
    expect(key).toBe('notify.split-off')
    for (const word of ['旁边井盖也没了', formatCaseNumber(part.number)]) expect(text).toContain(word)
  })

  test('without a subject the line reads the words', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk, { words: told })
    await act(desk.line, agent, filed.id, 'split', { text: '家里停水两天了，一滴水都没有' })
    const { case: original } = await storedCase(desk.line, filed.id)
    const { case: part } = await storedCase(desk.line, original.splitInto[0]!)
    expect(part.subject).toBe('urban-construction/utilities/water-outage')
    expect([part.grade, part.dispatch?.lead]).toEqual(['utility', 'water-company'])
  })

  test('of what is confidential makes what is confidential', async () => {
    const desk = lines.fresh()
    const report = { type: 'report', subject: 'party-government/cadre-conduct/petty-extortion' }
    const { case: filed } = await fileOne(desk, report)
    await act(desk.line, accountOf('arbiter'), filed.id, 'split', { text: '路灯也坏了', subject })
    const { case: original } = await storedCase(desk.line, filed.id)
    expect((await storedCase(desk.line, original.splitInto[0]!)).case.isConfidential).toBe(true)
  })

  test('the query code of the whole opens its parts, and theirs does not open the whole', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk, { words: told })
    await act(desk.line, agent, filed.id, 'split', { text: '旁边井盖也没了', subject })
    const { case: original } = await storedCase(desk.line, filed.id)
    const { case: part } = await storedCase(desk.line, original.splitInto[0]!)
    const codeOf = (id: string) => desk.record.queryCodes.get(id)!
    const look = (number: string, queryCode: string) =>
      lookUpCase(desk.line, { number, queryCode, locale: 'zh-Hans' })
    expect((await look(part.number, codeOf(filed.id))).card.words).toBe('旁边井盖也没了')
    await expect(look(filed.number, codeOf(part.id))).rejects.toThrow('query-code-wrong')
  })

  test('under a subject that there is not is refused, and nothing is filed', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk, { words: told })
    for (const unknown of ['moon', `${subject}s`, 7]) {
      const splitting = act(desk.line, agent, filed.id, 'split', { text: '旁边井盖也没了', subject: unknown })
      await expect(splitting).rejects.toMatchObject({
        code: 'action-invalid',
        details: { issues: [expect.stringContaining('subject')] },
      })
    }
    expect(desk.record.caseIds).toEqual([filed.id])
  })

  test('into nothing is refused, and nothing is filed', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk, { words: told })
    await expect(act(desk.line, agent, filed.id, 'split', { text: ' ' })).rejects.toThrow('action-invalid')
    expect(desk.record.caseIds).toEqual([filed.id])
  })
})

describe('correcting a case', () => {
  test('says what was corrected, grades it anew and proposes the department, but sends it nowhere', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    expect((await showDeskCase(desk.line, agent, filed.id, view)).reasons.proposed).toBeNull()
    const subject = 'urban-construction/utilities/power-outage'
    await act(desk.line, agent, filed.id, 'correct', { subject })
    const { case: corrected, events } = await storedCase(desk.line, filed.id)
    expect(events.at(-1)).toMatchObject({
      type: 'subject-corrected',
      data: { subject, previous: filed.subject, grade: 'utility', profile: 'utility' },
    })
    expect([corrected.state, corrected.dispatch?.lead]).toEqual(['dispatched', 'urban-management'])
    expect(corrected.clocks.handle!.dueAt < filed.clocks.handle!.dueAt).toBe(true)
    expect((await showDeskCase(desk.line, agent, filed.id, view)).reasons.proposed).toMatchObject({
      department: 'power-company',
    })
  })

  test('to what does not exist is refused', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    for (const name of ['grade', 'type', 'subject'])
      await expect(act(desk.line, agent, filed.id, 'correct', { [name]: 'zz' })).rejects.toMatchObject({
        details: { issues: [expect.stringMatching(new RegExp(`^${name}: `))] },
      })
    await expect(act(desk.line, agent, filed.id, 'correct', { subject: 'moon' })).rejects.toThrow(
      'action-invalid',
    )
  })
})
