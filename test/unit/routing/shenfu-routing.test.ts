import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { departmentsSchema, routingSchema, STREET_OF_PLACE } from '../../../src/routing/department.ts'
import { type RoutableMatter, Router } from '../../../src/routing/route-matter.ts'
import { shenfuFile } from '../clocks/shenfu.ts'

const { departments } = departmentsSchema.parse(shenfuFile('departments.yaml'))
const rules = routingSchema.parse(shenfuFile('routing.yaml'))
const { streets } = shenfuFile('places.yaml') as { streets: { id: string; department: string }[] }
const router = new Router(departments, rules)

const matter = (subject: string | null, traits: Partial<RoutableMatter> = {}): RoutableMatter => ({
  subject,
  subjectCandidates: [],
  type: 'complaint',
  street: 'lishi',
  isConfidential: false,
  ...traits,
})

/** Every subject of the shipped classes with its ancestors, `top/second/third`. */
function subjectsOf(): string[] {
  const folder = new URL('../../../intents/subjects/', import.meta.url)
  type Class = { id: string; children?: Class[] }
  const walk = (node: Class, prefix: string): string[] => {
    const id = prefix ? `${prefix}/${node.id}` : node.id
    const children = Object.values(node)
      .filter(Array.isArray)
      .flat()
      .filter(
        (child): child is Class =>
          typeof child === 'object' && child !== null && typeof child.id === 'string',
      )
    return [id, ...children.flatMap(child => walk(child, id))]
  }
  return readdirSync(folder).flatMap(file =>
    walk(parse(readFileSync(new URL(file, folder), 'utf8')) as Class, ''),
  )
}
const subjects = subjectsOf()
const thirdLevel = subjects.filter(subject => subject.split('/').length === 3)

describe('the shipped city routes', () => {
  it.each<
    [
      what: string,
      subject: string,
      traits: Partial<RoutableMatter>,
      lead: string,
      coHandlers: string[],
      by: string,
    ]
  >([
    [
      'building noise at night',
      'environment/noise/construction-night',
      {},
      'urban-management',
      ['housing-construction'],
      'noise-construction',
    ],
    [
      'a broken light on the stairs',
      'urban-construction/old-compound/stairwell-lights-doors',
      {},
      'lishi-street',
      ['housing-construction'],
      'street-first-yard',
    ],
    [
      'the same in another street',
      'urban-construction/old-compound/stairwell-lights-doors',
      { street: 'wangbin' },
      'wangbin-street',
      ['housing-construction'],
      'street-first-yard',
    ],
    [
      'the same, nobody knows where',
      'urban-construction/old-compound/stairwell-lights-doors',
      { street: null },
      'housing-construction',
      [],
      'ZJ-07',
    ],
    [
      'no water',
      'urban-construction/utilities/water-outage',
      { type: 'help' },
      'water-company',
      ['housing-construction'],
      'water-supply',
    ],
    [
      'cold heating',
      'urban-construction/utilities/heating-cold',
      { type: 'help' },
      'heating-company',
      ['housing-construction'],
      'heating-supply',
    ],
    [
      'a smell of gas',
      'emergency-safety/gas-electric/gas-leak',
      { type: 'help' },
      'gas-company',
      ['fire-rescue', 'housing-construction'],
      'gas-leak',
    ],
    [
      'a bribed official',
      'party-government/corruption',
      { type: 'report' },
      'discipline-inspection',
      [],
      'report-corruption',
    ],
    [
      'a question about property fees',
      'urban-construction/property-service/property-fee',
      { type: 'consultation', street: null },
      'housing-construction',
      [],
      'ZJ-02',
    ],
    [
      'a complaint about property fees',
      'urban-construction/property-service/property-fee',
      {},
      'lishi-street',
      ['housing-construction'],
      'street-first-property',
    ],
    [
      'a village cadre, in confidence',
      'rural-agriculture/village-affairs/village-cadre',
      { isConfidential: true },
      'discipline-inspection',
      [],
      'confidential-officials',
    ],
    [
      'unpaid wages on a site',
      'labour-security/wage-arrears/construction-workers',
      {},
      'human-resources',
      ['housing-construction'],
      'wages-construction',
    ],
    ['the line itself', 'party-government/hotline', {}, 'hotline-centre', [], 'RX-02'],
  ])('%s (%s %j) to %s with %j by %s', (_what, subject, traits, lead, coHandlers, by) => {
    const route = router.route(matter(subject, traits))
    const cited =
      route.reason.by === 'rule'
        ? route.reason.rule
        : route.reason.by === 'duty'
          ? route.reason.clause
          : route.reason.by
    expect([route.lead, route.coHandlers, cited]).toEqual([lead, coHandlers, by])
  })

  it('has the classes to route: fifteen at the top, three levels', () => {
    expect(subjects.filter(subject => !subject.includes('/'))).toHaveLength(15)
    expect(thirdLevel.length).toBeGreaterThan(200)
  })

  it('every subject to a department in every street, with a clause or a rule', () => {
    const lost = thirdLevel.flatMap(subject =>
      streets.flatMap(({ id: street }) =>
        ['complaint', 'help', 'report', 'consultation'].flatMap(type => {
          const { reason } = router.route(matter(subject, { street, type }))
          return reason.by === 'duty-desk' ? [`${subject} (${type}) in ${street}`] : []
        }),
      ),
    )
    expect(lost).toEqual([])
  })

  it('names only departments that exist, and subjects that exist', () => {
    const ids = new Set([...departments.map(department => department.id), STREET_OF_PLACE])
    const known = new Set(subjects)
    const unknown = [
      ...[rules.dutyDesk, ...rules.rules.flatMap(rule => [rule.lead, ...rule.coHandlers])].filter(
        id => !ids.has(id),
      ),
      ...streets.map(street => street.department).filter(id => !ids.has(id)),
      ...rules.rules.flatMap(rule => rule.when.subject ?? []).filter(subject => !known.has(subject)),
      ...departments
        .flatMap(({ duties }) => duties.flatMap(duty => duty.subjects))
        .filter(subject => !known.has(subject)),
    ]
    expect(unknown).toEqual([])
  })

  it('each street’s area to its own office', () => {
    for (const { id: street, department } of streets) {
      const route = router.route(matter('urban-construction/old-compound/stairwell-lights-doors', { street }))
      expect(route.lead).toBe(department)
    }
  })

  it('every clause belongs to one department', () => {
    const clauses = departments.flatMap(({ duties }) => duties.map(duty => duty.clause))
    expect(new Set(clauses).size).toBe(clauses.length)
    for (const clause of clauses) expect(router.ownerOfClause(clause)?.duty.clause).toBe(clause)
  })

  it('a confidential matter about a village official to the discipline inspection, whatever it is about', () => {
    const said = [
      '我们村支书把低保给了他弟弟',
      '舉報村幹部剋扣補貼',
      'Our Village Secretary took the land money',
    ]
    for (const words of said) {
      for (const subject of [null, ...thirdLevel]) {
        const route = router.route(matter(subject, { type: 'report', isConfidential: true, words }))
        expect([route.lead, route.coHandlers, route.isCertain], `${words} (${subject})`).toEqual([
          'discipline-inspection',
          [],
          true,
        ])
      }
    }
    const open = matter('civil-affairs/social-assistance/minimum-living', { words: said[0]! })
    expect(router.route(open).lead).not.toBe('discipline-inspection')
  })

  it.each([
    '举报社区主任吃拿卡要',
    '舉報社區書記收紅包',
    '举报居委会主任',
    '街道干部收了我两条烟',
    '網格員要好處費',
    'The grid worker wants cigarettes',
  ])('a confidential matter about an official next door, %s, to the discipline inspection', words => {
    const asked = { type: 'report', isConfidential: true, words } as const
    for (const subject of [null, 'civil-affairs/community-building', ...thirdLevel]) {
      const { lead, coHandlers } = router.route(matter(subject, asked))
      expect([lead, coHandlers], `${subject}`).toEqual(['discipline-inspection', []])
    }
  })

  it('no report about an official, in confidence, to the office concerned', () => {
    for (const subject of thirdLevel.filter(id =>
      /^party-government\/(corruption|cadre-conduct)\//.test(id),
    )) {
      expect(router.route(matter(subject, { isConfidential: true })).lead, subject).toBe(
        'discipline-inspection',
      )
    }
  })
})
