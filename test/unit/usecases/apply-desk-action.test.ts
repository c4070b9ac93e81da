import { describe, expect, test } from 'vitest'
import { takeTurn } from '../../../src/usecases/take-turn.ts'
import {
  accountOf,
  act,
  type Desk,
  fileOne,
  replyInput,
  storedCase,
  useTestLine,
} from '../../support/use-test-line.ts'

const lines = useTestLine()
const agent = accountOf('agent')
const handler = accountOf('handler', 'urban-management')
const NO = { contacted: true, resolved: false, satisfied: null }

async function replied(): Promise<{ desk: Desk; id: string }> {
  const desk = lines.fresh()
  const { case: filed } = await fileOne(desk)
  await act(desk.line, handler, filed.id, 'sign')
  await act(desk.line, handler, filed.id, 'reply', replyInput(desk.line))
  return { desk, id: filed.id }
}

describe('what an agent was told of how it went', () => {
  test('a "no" that is entered as a follow-up sends the case back, as the resident’s own would', async () => {
    const { desk, id } = await replied()
    await act(desk.line, agent, id, 'follow-up', NO)
    const { case: current, events } = await storedCase(desk.line, id)
    expect([current.state, current.reworkCount, events.at(-1)!.type]).toEqual(['dispatched', 1, 'reworked'])
  })

  test.each([
    ['follow-up', { ...NO, satisfied: 'very' }],
    ['follow-up', { contacted: null, resolved: null, satisfied: null }],
    ['follow-up', 'no object'],
    ['rework', { ...NO, resolved: true }],
    ['rework', { ...NO, satisfied: 'satisfied' }],
  ])('%s with %j is refused, and the case stays where it is', async (action, input) => {
    const { desk, id } = await replied()
    await expect(act(desk.line, agent, id, action, input)).rejects.toThrow('action-invalid')
    expect((await storedCase(desk.line, id)).case.state).toBe('replied')
  })

  test('nothing, right after the centre’s own answer, is refused', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk, { subject: null, subjectCandidates: [] })
    await act(desk.line, agent, filed.id, 'answer', { text: '明天恢复。' })
    const closing = act(desk.line, agent, filed.id, 'follow-up', {
      contacted: null,
      resolved: null,
      satisfied: null,
    })
    await expect(closing).rejects.toThrow('action-invalid')
    expect((await storedCase(desk.line, filed.id)).case.state).toBe('replied')
  })
})

describe('a return', () => {
  test.each([
    ['a department that there is not', 'moon-office', 'department-not-found'],
    ['the department itself', 'urban-management', 'action-invalid'],
  ])('that suggests %s is refused', async (_what, suggested, code) => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const clause = desk.line.content.departments.get('education')!.duties[0]!.clause
    const returning = (input: object) =>
      act(desk.line, handler, filed.id, 'return', input, '不属于本单位职责')
    await expect(returning({ clause, suggested })).rejects.toThrow(code)
    await returning({ clause, suggested: 'education' })
    expect((await storedCase(desk.line, filed.id)).case.state).toBe('returned')
  })
})

describe('files with what is added', () => {
  test('must have been sent in the conversation of the case', async () => {
    const desk = lines.fresh()
    const { line } = desk
    const filed = await fileOne(desk)
    const elsewhere = await fileOne(desk)
    const send = (conversationId: string, name: string) =>
      takeTurn(line, {
        conversationId,
        externalId: null,
        text: '照片',
        locale: null,
        attachments: [name],
        clientData: null,
      })
    await send(filed.conversation.id, 'own.jpg')
    await send(elsewhere.conversation.id, 'other.jpg')
    const add = (attachments: unknown) =>
      act(line, agent, filed.case.id, 'add-information', { text: '见照片', attachments })
    for (const names of [['nobody.jpg'], ['own.jpg', 'other.jpg'], ['../own.jpg']])
      await expect(add(names)).rejects.toMatchObject({
        code: 'action-invalid',
        details: { issues: [`attachments.${names.length - 1}: not a file that was sent about this case`] },
      })
    await expect(add('own.jpg')).rejects.toThrow('action-invalid')
    await add(['own.jpg'])
    const { events } = await storedCase(line, filed.case.id)
    expect(events.at(-1)!.data).toMatchObject({ attachments: ['own.jpg'] })
  })
})
