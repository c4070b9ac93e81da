import { describe, expect, test } from 'vitest'
import {
  afterQuietHours,
  departmentRuleOf,
  isWanted,
  notificationRulesSchema,
  residentRuleOf,
  type Wants,
} from '../../../src/followup/notification-rules.ts'

const rulesWith = (quiet: { from: string; to: string }) =>
  notificationRulesSchema.parse({
    quiet,
    gatherMinutes: 2,
    presentMinutes: 30,
    calls: { tries: 3, againAfterMinutes: 120 },
    residents: [
      { event: 'signed', kind: 'progress', by: ['conversation'] },
      { event: 'clock-warned', clock: 'follow-up', percent: 50, kind: 'result', by: ['call'] },
    ],
    departments: [
      { event: 'dispatched', to: 'all' },
      { event: 'clock-warned', clock: 'handle', to: 'lead' },
      { event: 'clock-warned', clock: 'part', to: 'co-handlers' },
    ],
  })
const night = rulesWith({ from: '22:00', to: '08:00' })
const noon = rulesWith({ from: '12:00', to: '13:30' })

describe('quiet hours are local and end in the morning', () => {
  test.each([
    ['21:59 on Tuesday is not quiet', night, '2026-11-24T21:59:59+08:00', null],
    ['22:00 waits for Wednesday', night, '2026-11-24T22:00:00+08:00', '2026-11-25T08:00:00+08:00'],
    ['midnight waits for the same day', night, '2026-11-25T00:00:00+08:00', '2026-11-25T08:00:00+08:00'],
    ['07:59 waits a minute', night, '2026-11-25T07:59:00+08:00', '2026-11-25T08:00:00+08:00'],
    ['08:00 is not quiet', night, '2026-11-25T08:00:00+08:00', null],
    ['the last night of the year', night, '2026-12-31T23:30:00+08:00', '2027-01-01T08:00:00+08:00'],
    ['a rest at noon', noon, '2026-11-24T12:10:00+08:00', '2026-11-24T13:30:00+08:00'],
    ['the evening has no rest at noon', noon, '2026-11-24T23:00:00+08:00', null],
  ])('%s', (_, rules, at, waitsFor) => {
    expect(afterQuietHours(rules, new Date(at))).toEqual(new Date(waitsFor ?? at))
  })
})

describe('a rule is found', () => {
  const warned = (clock: string, percent: number) => ({ type: 'clock-warned', data: { clock, percent } })
  test('by the event, its clock and its percentage', () => {
    expect(residentRuleOf(night, { type: 'signed', data: {} })?.by).toEqual(['conversation'])
    expect(residentRuleOf(night, warned('follow-up', 50))?.by).toEqual(['call'])
    expect(residentRuleOf(night, warned('follow-up', 80))).toBeNull()
    expect(residentRuleOf(night, warned('handle', 50))).toBeNull()
    expect(departmentRuleOf(night, warned('handle', 80))?.to).toBe('lead')
    expect(departmentRuleOf(night, warned('sign', 80))).toBeNull()
    expect(departmentRuleOf(night, warned('part:education', 80))?.to).toBe('co-handlers')
    expect(departmentRuleOf(night, { type: 'noted', data: {} })).toBeNull()
  })
})

describe('what a person wants', () => {
  test.each<[Wants, boolean, boolean]>([
    ['all', true, true],
    ['results', false, true],
    ['nothing', false, false],
  ])('%s: progress %s, results %s', (wants, progress, results) => {
    expect(night.residents.map(rule => isWanted(rule, wants))).toEqual([progress, results])
  })
})
