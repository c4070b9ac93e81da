import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkDraft } from '../../../src/registration/check-draft.ts'
import { findEntries, scopeText } from '../../../src/registration/check-scope.ts'
import { type Draft, draftSchema } from '../../../src/registration/facts.ts'
import { FOUNDER, sampleDraft, strokePng } from '../../support/sample-registration.ts'
import { shippedContent } from '../../support/test-line.ts'

const { registration } = await shippedContent()
const at = { today: '2026-11-24', version: 'v1' }
const signature = { png: strokePng(), of: 'v1' }
const signed = { p1: signature, p2: signature }

/** What stops a draft, as `field code`. */
function stops(draft: Draft): string[] {
  return checkDraft(draft, registration, at)
    .filter(({ weight }) => weight === 'stop')
    .map(({ field, code }) => `${field} ${code}`)
}
const changed = (changes: Partial<Draft>) => stops(sampleDraft({ signatures: signed, ...changes }))
const roles = (changes: Partial<Draft['roles']>) => changed({ roles: { ...sampleDraft().roles, ...changes } })
const people = (changes: Partial<Draft['people'][number]>) => {
  const [first, ...others] = sampleDraft().people
  return changed({ people: [{ ...first!, ...changes }, ...others] })
}
const share = (changes: Partial<Draft['shares'][number]>) => {
  const [first, ...others] = sampleDraft().shares
  return changed({ shares: [{ ...first!, ...changes }, ...others] })
}

describe('a draft that is whole', () => {
  it('has nothing that stops it, and says which permits come after', () => {
    expect(changed({})).toEqual([])
    const looks = checkDraft(sampleDraft({ signatures: signed }), registration, at)
    expect(looks).toEqual([
      {
        field: 'scope',
        code: 'permit-after',
        params: { entry: '餐饮服务', permit: '食品经营许可证' },
        weight: 'look',
      },
    ])
  })

  it('an empty one is told everything at once, and nothing breaks', () => {
    const told = stops(draftSchema.parse({}))
    for (const code of [
      'people-missing',
      'trade-name-missing',
      'scope-missing',
      'capital-missing',
      'role-missing',
    ])
      expect(told.join()).toContain(code)
  })
})

describe('what is wrong is said at its field', () => {
  it.each([
    ['one digit off', { idNumber: FOUNDER.replace('0307', '0308') }, 'people.p1.idNumber id-number-wrong'],
    ['a day that is none', { idNumber: '210402199002302110' }, 'people.p1.idNumber id-number-wrong'],
    [
      "the other person's number",
      { idNumber: sampleDraft().people[1]!.idNumber },
      'people.p2.idNumber id-number-twice',
    ],
    ['a card that has run out', { validUntil: '2026-11-23' }, 'people.p1.validUntil card-expired'],
    ['a telephone that is none', { phone: '12345' }, 'people.p1.phone phone-wrong'],
    ['a director of sixteen', { idNumber: '210402201001012113' }, 'people.p1.idNumber officer-under-age'],
  ])('%s', (_, changes, problem) => {
    expect(people(changes)).toContain(problem)
  })

  it.each([
    ['北斗星', '科技', 'tradeName name-taken'],
    ['中国风', '餐饮管理', 'tradeName trade-name-reserved'],
    ['国务院', '餐饮管理', 'tradeName trade-name-forbidden'],
    ['满', '餐饮管理', 'tradeName trade-name-too-short'],
    ['XiaoMan', '餐饮管理', 'tradeName trade-name-not-chinese'],
    ['小满时', '', 'industry industry-missing'],
    ['小满时', '科技', 'industry industry-unlike-scope'],
  ])('the name %s of the trade "%s"', (tradeName, industry, problem) => {
    expect(changed({ tradeName, industry })).toContain(problem)
  })

  it('a name that is nearly another’s in the same trade is pointed out, and may be handed in', () => {
    const problems = checkDraft(sampleDraft({ tradeName: '浑河岸上', signatures: signed }), registration, at)
    expect(problems.map(({ code, weight }) => `${code} ${weight}`)).toContain('name-similar look')
  })

  it('shares that do not add up, to the 分, are told with the difference', () => {
    expect(share({ fen: 69_999_999 })).toEqual(['shares shares-too-little'])
    expect(share({ fen: 70_000_001 })).toEqual(['shares shares-too-much'])
    expect(share({ fen: 0 })).toContain('shares.p1 share-zero')
  })

  it.each([
    ['2031-11-24', []],
    ['2031-11-25', ['shares.p1.by share-date-late']],
    ['2026-11-23', ['shares.p1.by share-date-past']],
  ])('what is promised by %s, five years being the longest', (by, told) => {
    expect(share({ by })).toEqual(told)
  })

  it('a supervisor is neither director nor head of finance, and all may do without one', () => {
    expect(roles({ supervisor: 'p1' })).toEqual(['roles.supervisor supervisor-is-director'])
    expect(roles({ finance: 'p2' })).toEqual(['roles.supervisor supervisor-is-finance'])
    expect(roles({ supervisor: '' })).toEqual(['roles.supervisor supervisor-missing'])
    expect(changed({ hasNoSupervisor: true, roles: { ...sampleDraft().roles, supervisor: '' } })).toEqual([])
  })

  it('the legal representative is the director or the manager', () => {
    expect(roles({ legalRepresentative: 'p2' })).toEqual(['roles.legalRepresentative representative-neither'])
    expect(roles({ legalRepresentative: 'p2', manager: 'p2' })).toEqual([
      'roles.supervisor supervisor-is-manager',
    ])
  })

  it('what needs a permit before registration is stopped until its number is there', () => {
    const guard = { scope: ['catering', 'guard'] }
    expect(changed(guard)).toEqual(['permits.guard permit-first'])
    expect(changed({ ...guard, permits: { guard: '辽公保服20260001号' } })).toEqual([])
    expect(changed({ scope: ['catering', 'catering', 'moon'] })).toEqual([
      'scope scope-unknown',
      'scope scope-twice',
    ])
  })

  it('an address has a street of the district and a number', () => {
    expect(changed({ address: { street: 'mars', detail: '人民路', right: '' } })).toEqual([
      'address.street street-missing',
      'address.detail address-without-number',
      'address.right right-missing',
    ])
  })

  it('a signature holds only for what was signed', () => {
    expect(changed({ signatures: { p1: signature } })).toEqual(['signatures.p2 signature-missing'])
    expect(changed({ signatures: { ...signed, p2: { ...signature, of: 'v0' } } })).toEqual([
      'signatures.p2 signature-outdated',
    ])
  })

  it('whoever alone founds a company needs nobody else', () => {
    const {
      people: [first],
      shares: [own],
    } = sampleDraft()
    const alone = { people: [first!], shares: [{ ...own!, fen: 100_000_000 }], hasNoSupervisor: true }
    expect(changed({ ...alone, roles: { ...sampleDraft().roles, supervisor: '' } })).toEqual([])
  })

  it('shares pass exactly when they add up', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(amounts, fc.integer({ min: -1, max: 1 }), (fens, off) => {
        const capitalFen = fens.reduce((sum, each) => sum + each, 0) + off
        const told = changed({
          capitalFen,
          shares: sampleDraft().shares.map((each, i) => ({ ...each, fen: fens[i]! })),
        })
        expect(told.some(problem => problem.startsWith('shares '))).toBe(off !== 0)
      }),
    )
  })
})

describe('the business scope', () => {
  it.each([
    ['我想开个奶茶店', 'catering'],
    ['卖菜', 'fresh-food'],
    ['写软件的', 'software'],
    ['直播带货', 'online-sales'],
    ['跑运输拉货', 'freight'],
    ['养老院', 'elderly-care'],
  ])('%s means %s', (said, id) => {
    expect(findEntries(said, registration)[0]?.id).toBe(id)
  })

  it('names what needs a permit first, and ends with the note on permits only then', () => {
    expect(scopeText(sampleDraft(), registration)).toMatch(
      /^许可项目：餐饮服务。一般项目：食品销售（仅销售预包装食品）。（依法须经批准的项目/,
    )
    expect(scopeText(sampleDraft({ scope: ['software', 'consulting'] }), registration)).toBe(
      '软件开发；信息咨询服务（不含许可类信息咨询服务）。',
    )
  })
})
