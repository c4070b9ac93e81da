import { describe, expect, test } from 'vitest'
import { lookUpCase } from '../../../src/usecases/look-up-case.ts'
import { accountOf, act, fileOne, useTestLine } from '../../support/use-test-line.ts'

const lines = useTestLine()
const locale = 'zh-Hans' as const

describe('looking up a case by number and query code', () => {
  test('whoever holds both sees stage, promise and course', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const queryCode = desk.record.queryCodes.get(filed.id)!
    const { card, history } = await lookUpCase(desk.line, { number: filed.number, queryCode, locale })
    expect(card).toMatchObject({ number: filed.number, department: 'urban-management', stage: 'transfer' })
    expect(history).toHaveLength(3)
    expect(JSON.stringify({ card, history })).not.toContain(queryCode)
  })

  test('the code may be typed in small letters', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const queryCode = desk.record.queryCodes.get(filed.id)!.toLowerCase()
    await expect(lookUpCase(desk.line, { number: filed.number, queryCode, locale })).resolves.toBeDefined()
  })

  test('wrong code, wrong digit and unknown number are told apart', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const look = (number: string, queryCode: string) => lookUpCase(desk.line, { number, queryCode, locale })
    await expect(look(filed.number, 'AAAAAAAA')).rejects.toThrow('query-code-wrong')
    const wrongDigit = filed.number.replace(/.$/, last => String((Number(last) + 1) % 10))
    await expect(look(wrongDigit, 'AAAAAAAA')).rejects.toThrow('case-number-invalid')
  })

  test('internal notes and warnings are not shown', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const queryCode = desk.record.queryCodes.get(filed.id)!
    await act(desk.line, accountOf('agent'), filed.id, 'note', { text: '此人是老上访户' })
    const { history } = await lookUpCase(desk.line, { number: filed.number, queryCode, locale })
    expect(JSON.stringify(history)).not.toContain('老上访户')
    expect(history).toHaveLength(3)
  })
})
