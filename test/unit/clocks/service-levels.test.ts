import { describe, expect, it } from 'vitest'
import {
  CLOCK_KINDS,
  gradeOf,
  type MatterTraits,
  profileById,
  profileOf,
  serviceLevelsSchema,
} from '../../../src/clocks/service-levels.ts'
import { isUnderSubject } from '../../../src/kernel/subject-path.ts'
import { levels, shenfuFile } from './shenfu.ts'

const matter = (traits: Partial<MatterTraits>): MatterTraits => ({
  subject: null,
  type: 'complaint',
  channel: 'web',
  isEmergency: false,
  ...traits,
})

describe('grade and service level by the shipped content', () => {
  const WATER = 'urban-construction/utilities/water-outage'
  const WATER_FEE = 'urban-construction/utilities/water-fee'
  const DEED = 'urban-construction/real-estate/title-deed'
  const NOISE = 'environment/noise/construction-night'

  it.each<[traits: Partial<MatterTraits>, grade: string, profile: string, handle: string]>([
    [{ isEmergency: true }, 'danger', 'danger', '2h'],
    [{ isEmergency: true, subject: WATER, type: 'help' }, 'danger', 'danger', '2h'], // danger comes first
    [{ subject: WATER, type: 'help' }, 'utility', 'utility', '24h'],
    [{ subject: `${WATER}/whole-compound`, type: 'help' }, 'utility', 'utility', '24h'], // beneath it
    [{ subject: WATER, type: 'consultation' }, 'utility', 'consultation', '5wd'], // asked only, nothing burst
    [{ subject: WATER_FEE, type: 'complaint' }, 'normal', 'standard', '10wd'], // money is no emergency
    [{ subject: 'emergency-safety/gas-electric/gas-leak', type: 'report' }, 'utility', 'utility', '24h'],
    [{ subject: 'emergency-safety/gas-electricity', type: 'report' }, 'normal', 'standard', '10wd'], // a longer name, not a class beneath
    [{ subject: DEED, type: 'complaint' }, 'complex', 'standard', '10wd'],
    [{ subject: DEED, type: 'consultation' }, 'normal', 'consultation', '5wd'],
    [{ subject: NOISE, type: 'complaint' }, 'normal', 'standard', '10wd'],
    [{ subject: NOISE, type: 'suggestion' }, 'normal', 'consultation', '5wd'],
    [{ subject: null, type: 'praise' }, 'normal', 'consultation', '5wd'],
    [{ subject: null, type: 'help' }, 'normal', 'standard', '10wd'],
  ])('%j: %s, %s, handled within %s', (traits, grade, profile, handle) => {
    const chosen = gradeOf(levels, matter(traits))
    const level = profileOf(levels, matter(traits), chosen)
    const { amount, unit } = level.clocks.handle.limit
    expect([chosen, level.id, `${amount}${unit}`]).toEqual([grade, profile, handle])
  })

  it('a profile that content no longer has is answered with the general one', () => {
    expect(profileById(levels, 'danger').id).toBe('danger')
    expect(profileById(levels, 'abolished').id).toBe('standard')
  })

  it('every profile times every kind of clock', () => {
    for (const profile of levels.profiles) expect(Object.keys(profile.clocks)).toEqual([...CLOCK_KINDS])
  })
})

describe('a condition on the channel', () => {
  it('holds for that channel only', () => {
    const content = structuredClone(shenfuFile('service-levels.yaml')) as { gradeRules: unknown[] }
    content.gradeRules.unshift({ grade: 'complex', when: { channel: ['mayor-mailbox'] } })
    const changed = serviceLevelsSchema.parse(content)
    expect(gradeOf(changed, matter({ channel: 'mayor-mailbox' }))).toBe('complex')
    expect(gradeOf(changed, matter({ channel: 'web' }))).toBe('normal')
  })
})

describe('service levels are refused', () => {
  type Content = {
    profiles: {
      id: string
      when?: unknown
      warnAt: number[]
      clocks: Record<string, { limit: string; hours?: string }>
    }[]
  }
  const last = (content: Content) => content.profiles.at(-1)!

  it.each<[because: string, spoil: (content: Content) => unknown, problem: string]>([
    [
      'when nobody is bound by the last one',
      c => Object.assign(last(c), { when: { type: ['help'] } }),
      'no condition',
    ],
    ['when there is none', c => Object.assign(c, { profiles: [] }), 'profiles'],
    ['when a clock has no limit', c => Reflect.deleteProperty(last(c).clocks, 'arbitration'), 'arbitration'],
    ['when a clock is unknown', c => Object.assign(last(c).clocks, { lunch: { limit: '1h' } }), 'lunch'],
    [
      'when working days run round the clock',
      c => Object.assign(last(c).clocks, { handle: { limit: '5wd', hours: 'always' } }),
      'wd goes with',
    ],
    [
      'when calendar days count working hours',
      c => Object.assign(last(c).clocks, { handle: { limit: '5d', hours: 'working' } }),
      'd with hours',
    ],
    [
      'when a limit cannot be read',
      c => Object.assign(last(c).clocks, { handle: { limit: '5 days' } }),
      '15min',
    ],
    ['when a warning comes with the due time', c => Object.assign(last(c), { warnAt: [100] }), 'warnAt'],
  ])('%s', (_because, spoil, problem) => {
    const content = structuredClone(shenfuFile('service-levels.yaml')) as Content
    spoil(content)
    const result = serviceLevelsSchema.safeParse(content)
    expect(JSON.stringify(result.error?.issues)).toContain(problem)
  })

  it('hours count round the clock unless said otherwise, working days never do', () => {
    const standard = levels.profiles.find(profile => profile.id === 'standard')!
    const danger = levels.profiles.find(profile => profile.id === 'danger')!
    expect(danger.clocks.handle).toEqual({ limit: { amount: 2, unit: 'h' }, hours: 'always' })
    expect(standard.clocks.handle.hours).toBe('working')
  })
})

describe('a subject lies under a prefix', () => {
  it.each([
    ['a/b/c', 'a/b/c', true],
    ['a/b/c', 'a/b', true],
    ['a/b/c', 'a', true],
    ['a/b/c', 'a/b/c/d', false],
    ['a/bc', 'a/b', false],
    ['ab', 'a', false],
    [null, 'a', false],
  ])('%s under %s: %s', (subject, prefix, is) => {
    expect(isUnderSubject(subject, prefix)).toBe(is)
  })
})
