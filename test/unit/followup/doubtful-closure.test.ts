import { describe, expect, test } from 'vitest'
import type { CaseEvent } from '../../../src/cases/case-event.ts'
import { doubtsOf } from '../../../src/followup/doubtful-closure.ts'

const REPLIED_AT = new Date('2026-11-24T02:00:00Z')
const daysLater = (days: number) => new Date(REPLIED_AT.getTime() + days * 86_400_000)

const event = (seq: number, type: string, data: object, at = REPLIED_AT) =>
  ({ seq, type, at, data, caseId: 'case-1' }) as unknown as CaseEvent
const replied = (seq: number, changes: { how?: string; solved?: string } = {}) =>
  event(seq, 'replied', {
    text: '已处理',
    isTrue: true,
    isWithinDuty: true,
    contact: { how: changes.how ?? 'phone', at: REPLIED_AT.toISOString() },
    solved: changes.solved ?? 'solved',
  })
const said = (
  seq: number,
  type: 'followed-up' | 'reworked',
  contacted: boolean | null,
  resolved: boolean | null,
) => event(seq, type, { contacted, resolved, satisfied: null, text: '' })
const reasons = (events: CaseEvent[], repeats: { number: string; filedAt: Date }[] = []) =>
  doubtsOf(events, repeats).map(doubt => doubt.because)

describe('a closure is doubtful', () => {
  test.each<[string, CaseEvent[], string[]]>([
    ['nothing was replied yet', [event(1, 'filed', {})], []],
    ['all agree', [replied(5), said(6, 'followed-up', true, true)], []],
    ['nobody answered', [replied(5), said(6, 'followed-up', null, null)], []],
    [
      'nobody was contacted though a call is told of',
      [replied(5), said(6, 'followed-up', false, true)],
      ['not-contacted'],
    ],
    [
      'nobody was reached, and the department says so',
      [replied(5, { how: 'not-reached' }), said(6, 'followed-up', false, true)],
      [],
    ],
    ['solved, says the department alone', [replied(5), said(6, 'reworked', true, false)], ['not-solved']],
    [
      'neither contacted nor solved',
      [replied(5), said(6, 'reworked', false, false)],
      ['not-contacted', 'not-solved'],
    ],
    [
      'not solved, says the department too',
      [replied(5, { solved: 'not-solved' }), said(6, 'reworked', true, false)],
      [],
    ],
    [
      'the doubt was about an earlier reply',
      [replied(5), said(6, 'reworked', false, false), replied(9), said(10, 'followed-up', true, true)],
      [],
    ],
  ])('%s', (_, events, expected) => expect(reasons(events)).toEqual(expected))

  test.each<[string, number, string[]]>([
    ['a day after the reply', 1, ['repeat']],
    ['exactly seven days after', 7, ['repeat']],
    ['eight days after', 8, []],
    ['before the reply', -1, []],
  ])('the same person came again with the same thing %s', (_, days, expected) => {
    const repeats = [{ number: '261201000018', filedAt: daysLater(days) }]
    expect(reasons([replied(5), said(6, 'followed-up', true, true)], repeats)).toEqual(expected)
  })
})
