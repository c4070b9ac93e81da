import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Content } from '../../../src/content/content.ts'
import { checkApplication, type HandedIn } from '../../../src/guidance/check-application.ts'
import { applies } from '../../../src/guidance/condition.ts'
import type { Item } from '../../../src/guidance/item.ts'
import { allSituations } from '../../../src/guidance/situation.ts'
import { fireworks } from '../../support/sample-application.ts'
import { shippedContent } from '../../support/test-line.ts'

const SEED = { seed: 7, numRuns: 400 }
let content: Content
/** Every item in every situation in which it can be applied for. */
let situations: { item: Item; answers: Record<string, string> }[]

beforeAll(async () => {
  content = await shippedContent()
  situations = content.items.flatMap(item =>
    allSituations(item.questions).map(answers => ({ item, answers: { ...answers } })),
  )
})

/** What the content's table asks a person to hand in, worked out apart from the code under test. */
function askedFor(item: Item, answers: Record<string, string>): { id: string; canPromise: boolean }[] {
  return item.documents.flatMap(({ document, exempt, when }) => {
    const kind = content.documents.get(document)!
    const how = exempt ?? kind.exempt ?? 'none'
    const isAsked = applies(when, answers) && kind.source !== 'generated' && how !== 'sharing'
    return isAsked ? [{ id: document, canPromise: how === 'promise' }] : []
  })
}
const isStopped = (item: Item, answers: Record<string, string>) =>
  item.advice.some(({ stops, when }) => stops && applies(when, answers))

function check(item: Item, given: HandedIn) {
  return checkApplication(item, given, content.documents, {
    isKept: file => file === 'kept',
    today: '2026-11-24',
  })
}

function whole(item: Item, answers: Record<string, string>): HandedIn {
  return fireworks({
    applicant: item.applicants[0]!,
    answers,
    organisation: '好味道餐饮有限公司',
    creditCode: '91350100M000100Y43',
    amounts: Object.fromEntries(item.measures.map(({ id }) => [id, 10])),
    documents: askedFor(item, answers).map(({ id, canPromise }) => ({
      document: id,
      files: canPromise ? [] : ['kept'],
      isPromised: canPromise,
    })),
  })
}

describe('whether an application is whole', () => {
  it('in no situation anything is missing when all is there that the table asks for', () => {
    for (const { item, answers } of situations)
      expect(check(item, whole(item, answers)).problems, `${item.id} ${JSON.stringify(answers)}`).toEqual([])
  })

  it('tells all that was left out at once, and nothing that was not', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (n, leaves) => {
        const { item, answers } = situations[n % situations.length]!
        if (isStopped(item, answers)) return
        const given = whole(item, answers)
        const documents = given.documents.filter((_, i) => !leaves[i])
        const amounts = Object.fromEntries(Object.entries(given.amounts).filter((_, i) => !leaves[29 - i]))
        const left = [
          ...given.documents.filter((_, i) => leaves[i]).map(({ document }) => `documents.${document}`),
          ...Object.keys(given.amounts)
            .filter((_, i) => leaves[29 - i])
            .map(id => `amounts.${id}`),
          ...(leaves[28] ? ['name'] : []),
          ...(leaves[27] ? ['phone'] : []),
        ]
        const changed = {
          ...given,
          documents,
          amounts,
          name: leaves[28] ? ' ' : given.name,
          phone: leaves[27] ? '' : given.phone,
        }
        const { problems } = check(item, changed)
        expect(problems.map(({ field }) => field).sort()).toEqual(left.sort())
        expect(problems.every(({ because }) => because === 'missing')).toBe(true)
      }),
      SEED,
    )
  })

  it('an open question is named, and no document that its answer might decide', () => {
    const item = content.items.find(({ id }) => id === 'food-business')!
    const { problems } = check(
      item,
      fireworks({ answers: { trade: 'meals' }, documents: [], amounts: { 'floor-area': 5 } }),
    )
    const fields = problems.map(({ field }) => field)
    expect(fields).toContain('answers.place')
    expect(fields).not.toContain('documents.lease')
  })

  it.each([
    ['a promise where none is taken', { files: [], isPromised: true }, 'no-promise'],
    ['a file that is gone', { files: ['lost'], isPromised: false }, 'file-gone'],
  ])('%s is told', (_, how, because) => {
    const item = content.items.find(({ id }) => id === 'fireworks-retail')!
    const given = whole(item, {})
    const documents = given.documents.map((each, i) => (i === 0 ? { ...each, ...how } : each))
    expect(check(item, { ...given, documents }).problems).toEqual([
      { field: `documents.${documents[0]!.document}`, because },
    ])
  })

  it('files that nobody asks for in this situation are refused by name', () => {
    const item = content.items.find(({ id }) => id === 'fireworks-retail')!
    const given = whole(item, {})
    const documents = [...given.documents, { document: 'lease', files: ['kept'], isPromised: false }]
    expect(check(item, { ...given, documents }).problems).toEqual([
      { field: 'documents.lease', because: 'not-needed' },
    ])
  })
})
