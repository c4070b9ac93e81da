import { describe, expect, it } from 'vitest'
import { departmentsSchema, routingSchema } from '../../../src/routing/department.ts'
import { type RoutableMatter, Router } from '../../../src/routing/route-matter.ts'

const department = (id: string, options: object, ...duties: [clause: string, ...subjects: string[]][]) => ({
  id,
  name: id,
  short: id,
  en: id,
  kind: 'bureau',
  phone: '024-00000000',
  duties: duties.map(([clause, ...subjects]) => ({ clause, text: clause, en: clause, subjects })),
  ...options,
})

/** A small city: two bureaux, a water company, two streets and the centre. */
const { departments } = departmentsSchema.parse({
  departments: [
    department('housing', {}, ['ZJ-01', 'town'], ['ZJ-02', 'town/property']),
    department('management', {}, ['CG-01', 'town/lights'], ['CG-04', 'town/property/noise']),
    department('water', { kind: 'utility' }, ['GS-01', 'town/water']),
    department('north-street', { kind: 'street', areas: ['north'] }, ['BJ-01', 'town/property', 'village']),
    department('south-street', { kind: 'street', areas: ['south'] }, ['NJ-01', 'town/property', 'village']),
    department('discipline', { confidential: true }, ['JW-01', 'officials']),
    department('centre', { kind: 'centre' }, ['RX-01']),
  ],
})
const services = { police: 'centre', fire: 'centre', medical: 'centre', gas: 'water', traffic: 'centre' }
const reason = { zh: '理由', en: 'reason' }
const router = new Router(
  departments,
  routingSchema.parse({
    dutyDesk: 'centre',
    services,
    rules: [
      { id: 'secret', when: { confidential: true, subject: ['village'] }, lead: 'discipline', reason },
      {
        id: 'lights-reported',
        when: { subject: ['town/lights'], type: ['report'] },
        lead: 'housing',
        coHandlers: ['management', 'housing'],
        reason,
      },
      {
        id: 'stairs',
        when: { subject: ['town/property/stairs'] },
        lead: 'street-of-place',
        coHandlers: ['housing'],
        reason,
      },
      { id: 'stairs-too', when: { subject: ['town/property/stairs/lamp'] }, lead: 'management', reason },
      {
        id: 'with-place',
        when: { subject: ['town/water/hydrant'], place: true },
        lead: 'management',
        coHandlers: ['street-of-place'],
        reason,
      },
      {
        id: 'without-place',
        when: { subject: ['town/water/hydrant'], place: false },
        lead: 'housing',
        coHandlers: ['street-of-place'],
        reason,
      },
    ],
  }),
)

const matter = (subject: string | null, traits: Partial<RoutableMatter> = {}): RoutableMatter => ({
  subject,
  subjectCandidates: [],
  type: 'complaint',
  street: null,
  isConfidential: false,
  ...traits,
})
const byDuty = (clause: string, subject: string) => ({ by: 'duty', clause, subject })

describe('of duties', () => {
  it.each<[subject: string, lead: string, clause: string]>([
    ['town/roads/hole', 'housing', 'ZJ-01'], // only the general one
    ['town/property/fee', 'housing', 'ZJ-02'],
    ['town/property/noise', 'management', 'CG-04'], // deeper than ZJ-02
    ['town/property/noise/night', 'management', 'CG-04'], // and beneath it
    ['town/lights', 'management', 'CG-01'],
    ['town/lightshow', 'housing', 'ZJ-01'], // a longer name is not a class beneath
    ['town', 'housing', 'ZJ-01'],
  ])('%s: the most specific wins, %s by %s', (subject, lead, clause) => {
    expect(router.route(matter(subject))).toMatchObject({
      lead,
      coHandlers: [],
      reason: byDuty(clause, subject),
      isCertain: true,
    })
  })

  it.each([
    ['north', 'north-street', 'BJ-01'],
    ['south', 'south-street', 'NJ-01'],
    ['east', 'housing', 'ZJ-02'], // a street that no department has
    [null, 'housing', 'ZJ-02'],
  ])('equally specific ones: in %s that of the place wins, %s by %s', (street, lead, clause) => {
    const route = router.route(matter('town/property/fee', { street }))
    expect([route.lead, route.reason]).toEqual([lead, byDuty(clause, 'town/property/fee')])
  })

  it('a street’s own duty does not beat a more specific one', () => {
    expect(router.route(matter('town/property/noise', { street: 'north' })).lead).toBe('management')
  })
})

describe('a rule', () => {
  it('beats a duty, and names the clause that its lead has for it', () => {
    const route = router.route(matter('town/lights', { type: 'report' }))
    expect(route).toMatchObject({
      lead: 'housing',
      reason: { by: 'rule', rule: 'lights-reported', clause: 'ZJ-01' },
      isCertain: true,
    })
  })

  it('never makes the lead its own co-handler', () => {
    expect(router.route(matter('town/lights', { type: 'report' })).coHandlers).toEqual(['management'])
  })

  it('that does not hold in every point does not hold', () => {
    expect(router.route(matter('town/lights', { type: 'complaint' })).lead).toBe('management')
  })

  it('is the first that holds', () => {
    expect(router.route(matter('town/property/stairs/lamp', { street: 'north' })).reason).toMatchObject({
      rule: 'stairs',
    })
    expect(router.route(matter('town/property/stairs/lamp')).reason).toMatchObject({ rule: 'stairs-too' })
  })

  it.each([
    ['north', 'north-street'],
    ['south', 'south-street'],
  ])('with the street of the place as lead, in %s: %s', (street, lead) => {
    const route = router.route(matter('town/property/stairs', { street }))
    expect([route.lead, route.coHandlers]).toEqual([lead, ['housing']])
  })

  it.each([null, 'east'])('with the street of the place as lead, in %s, gives way to the duties', street => {
    expect(router.route(matter('town/property/stairs', { street }))).toMatchObject({
      lead: 'housing',
      reason: byDuty('ZJ-02', 'town/property/stairs'),
    })
  })

  it('may ask for a place or for none; the street of an unknown place does not co-handle', () => {
    const known = router.route(matter('town/water/hydrant', { street: 'north' }))
    expect([known.lead, known.coHandlers]).toEqual(['management', ['north-street']])
    const unknown = router.route(matter('town/water/hydrant'))
    expect([unknown.lead, unknown.coHandlers]).toEqual(['housing', []])
  })

  it('without a duty of its lead cites no clause', () => {
    const route = router.route(matter('town/property/stairs/lamp'))
    expect(route.reason).toEqual({ by: 'rule', rule: 'stairs-too', clause: null })
  })
})

describe('a confidential matter', () => {
  it('goes where the rule for it says', () => {
    expect(router.route(matter('village/accounts', { street: 'north', isConfidential: true })).lead).toBe(
      'discipline',
    )
    expect(router.route(matter('village/accounts', { street: 'north' })).lead).toBe('north-street')
  })

  it('does not go to a company by its duty, and none is suggested', () => {
    const route = router.route(matter('town/water', { isConfidential: true }))
    expect(route.lead).toBe('housing')
    expect(route.candidates.map(candidate => candidate.department)).not.toContain('water')
    expect(router.route(matter('town/water')).lead).toBe('water')
  })
})

describe('the duty desk looks first', () => {
  const subjectCandidates = [
    { label: 'town/property/noise', confidence: 0.4 },
    { label: 'town/lights', confidence: 0.3 },
    { label: 'nowhere', confidence: 0.2 },
  ]

  it('when the line is not sure what it is about, and sees whom it may mean, best first', () => {
    const route = router.route(matter(null, { subjectCandidates, street: 'north' }))
    expect(route).toMatchObject({
      lead: 'centre',
      coHandlers: [],
      reason: { by: 'duty-desk', because: 'subject-unsure' },
      isCertain: false,
    })
    expect(route.candidates).toEqual([
      { department: 'management', confidence: 0.4, reason: byDuty('CG-04', 'town/property/noise') },
      { department: 'north-street', confidence: 0.2, reason: byDuty('BJ-01', 'town/property/noise') }, // one level less
      { department: 'housing', confidence: 0.2, reason: byDuty('ZJ-02', 'town/property/noise') },
    ])
  })

  it('when nobody has the duty', () => {
    expect(router.route(matter('abroad/visa'))).toEqual({
      lead: 'centre',
      coHandlers: [],
      reason: { by: 'duty-desk', because: 'no-duty' },
      candidates: [],
      isCertain: false,
    })
  })

  it('when only the street of the place would have the duty and the place is unknown', () => {
    expect(router.route(matter('village/paths')).reason).toEqual({ by: 'duty-desk', because: 'no-duty' })
    expect(router.route(matter('village/paths', { street: 'south' })).lead).toBe('south-street')
  })

  it('with nothing to go by it has no candidates', () => {
    expect(router.route(matter(null)).candidates).toEqual([])
  })
})

describe('candidates', () => {
  it('of a sure matter begin with the lead and its confidence', () => {
    const subjectCandidates = [
      { label: 'town/lights', confidence: 0.8 },
      { label: 'town/property/noise', confidence: 0.15 },
    ]
    const route = router.route(matter('town/lights', { subjectCandidates }))
    expect(route.candidates.map(({ department: id, confidence }) => [id, confidence])).toEqual([
      ['management', 0.8],
      ['housing', 0.4],
    ])
    const ruled = router.route(matter('town/lights', { subjectCandidates, type: 'report' }))
    expect(ruled.candidates.map(({ department: id, confidence }) => [id, confidence])).toEqual([
      ['housing', 0.8],
      ['management', 0.8],
    ])
  })

  it('that a person chose stand for certain', () => {
    expect(router.route(matter('town/lights')).candidates[0]).toMatchObject({
      department: 'management',
      confidence: 1,
    })
  })

  it('name a department once and are five at most', () => {
    const many = Array.from({ length: 9 }, (_, i) =>
      department(`d${i}`, {}, [`D-${i}1`, 'top'], [`D-${i}2`, 'top/x']),
    )
    const crowd = new Router(departmentsSchema.parse({ departments: many }).departments, {
      dutyDesk: 'd0',
      services,
      rules: [],
    })
    const ids = crowd.route(matter('top/x')).candidates.map(candidate => candidate.department)
    expect([ids.length, new Set(ids).size]).toEqual([5, 5])
  })
})

describe('the owner of a clause', () => {
  it('is the department whose duty it is', () => {
    expect(router.ownerOfClause('CG-04')).toMatchObject({
      department: { id: 'management' },
      duty: { clause: 'CG-04' },
    })
    expect(router.ownerOfClause('CG-99')).toBeUndefined()
    expect(router.ownerOfClause('')).toBeUndefined()
  })
})

describe('content', () => {
  it.each([
    ['a clause that is none', { duties: [{ clause: 'zj-1', text: 't', en: 't', subjects: [] }] }],
    ['no duties', { duties: [] }],
    ['an unknown kind', { kind: 'ministry' }],
    ['a key that nobody reads', { fax: '1' }],
  ])('of a department with %s is refused', (_what, spoiled) => {
    const content = { departments: [department('x', spoiled, ['X-1', 'a'])] }
    expect(departmentsSchema.safeParse(content).success).toBe(false)
  })
})
