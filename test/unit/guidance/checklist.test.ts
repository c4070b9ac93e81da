import { describe, expect, it } from 'vitest'
import { bundleChecklistFor } from '../../../src/guidance/bundle-checklist.ts'
import { checklistFor } from '../../../src/guidance/checklist.ts'
import { decodeAnswers, encodeAnswers } from '../../../src/guidance/checklist-code.ts'
import type { Answers, Condition } from '../../../src/guidance/condition.ts'
import type { Item } from '../../../src/guidance/item.ts'
import { allSituations } from '../../../src/guidance/situation.ts'
import { shippedContent } from '../../support/test-line.ts'

const content = await shippedContent()
const items = new Map(content.items.map(item => [item.id, item]))
const kinds = content.documents
const list = (item: Item, answers: Answers) => checklistFor(item, answers, kinds)
const situations = content.items.flatMap(item =>
  allSituations(item.questions).map(answers => ({
    item,
    answers,
    name: `${item.id} ${JSON.stringify(answers)}`,
  })),
)

/** The rule read anew and in another way than the code does: any row of the table whose every column fits. */
function fits(when: Condition | undefined, answers: Answers): boolean {
  if (when === undefined) return true
  return [when]
    .flat()
    .some(row => Object.entries(row).every(([column, wanted]) => [wanted].flat().includes(answers[column]!)))
}

describe('guidance by situation, over every combination of answers of every item', () => {
  it('has questions for at least 25 items', () => {
    expect(content.items.filter(({ questions }) => questions.length > 0).length).toBeGreaterThanOrEqual(25)
    expect(situations.length).toBeGreaterThan(300)
  })

  it('asks for no document that no rule asks for, and for each by the rule and the answers it names', () => {
    for (const { item, answers, name } of situations)
      for (const { kind, rule, because } of list(item, answers).documents) {
        expect(item.documents[rule]!.document, name).toBe(kind.id)
        expect(fits(item.documents[rule]!.when, answers), name).toBe(true)
        expect(
          Object.entries(because).every(([key, choice]) => answers[key] === choice),
          name,
        ).toBe(true)
      }
  })

  it('leaves none out that a rule asks for, unless the item is not for this person', () => {
    for (const { item, answers, name } of situations) {
      const { documents, stop } = list(item, answers)
      const wanted = item.documents.filter(({ when }) => fits(when, answers)).map(each => each.document)
      if (stop) expect(documents, name).toEqual([])
      else
        expect(
          documents.map(({ kind }) => kind.id),
          name,
        ).toEqual(wanted)
    }
  })

  it('asks for no document twice', () => {
    for (const { item, answers, name } of situations) {
      const ids = list(item, answers).documents.map(({ kind }) => kind.id)
      expect(new Set(ids).size, name).toBe(ids.length)
    }
  })

  it('while a question is open, asks only for what may still be needed', () => {
    for (const { item, answers } of situations)
      for (let known = 0; known < Object.keys(answers).length; known++) {
        const early = list(item, Object.fromEntries(Object.entries(answers).slice(0, known)))
        const late = list(item, answers)
        if (late.stop) continue
        const ids = late.documents.map(({ kind }) => kind.id)
        expect(early.documents.every(({ kind }) => ids.includes(kind.id))).toBe(true)
      }
  })

  it('does not count an answer to what is not asked in this situation, nor one that is no choice', () => {
    const passing = items.get('household-move')!
    expect(list(passing, { why: 'home', kin: 'spouse' }).answers).toEqual({ why: 'home' })
    expect(list(passing, { why: 'nonsense' }).open?.id).toBe('why')
  })

  it('tells who cannot apply so, and names what can be done', () => {
    const { stop, documents, steps } = list(items.get('unemployment-benefit')!, { left: 'quit' })
    expect(stop?.see).toBe('unemployment-registration')
    expect([...documents, ...steps]).toEqual([])
  })

  it.each([
    ['household-birth', { where: 'china', married: 'no', with: 'father' }, 'paternity-proof', true],
    ['household-birth', { where: 'china', married: 'no', with: 'mother' }, 'paternity-proof', false],
    ['food-business', { trade: 'drinks', place: 'rent', licence: 'yes' }, 'lease', true],
    ['food-business', { trade: 'drinks', place: 'own', licence: 'yes' }, 'lease', false],
    ['id-card', { why: 'lost', age: 'adult', home: 'here' }, 'old-id-card', false],
  ])('%s %j: %s %s', (id, answers, document, isNeeded) => {
    const ids = list(items.get(id)!, answers).documents.map(({ kind }) => kind.id)
    expect(ids.includes(document)).toBe(isNeeded)
  })
})

describe('one thing over several items', () => {
  const bundle = content.bundles.find(({ id }) => id === 'open-shop')!
  const read = (answers: Answers) => bundleChecklistFor(bundle, answers, { items, kinds })
  const tea = { trade: 'drinks', place: 'rent', size: 'small', 'signboard.light': 'no' }

  it('counts a document that several items ask for once, and says which', () => {
    const { documents, open } = read(tea)
    expect(open).toBeNull()
    const lease = documents.filter(({ kind }) => kind.id === 'lease')
    expect(lease).toHaveLength(1)
    expect(lease[0]!.items).toEqual(['self-employed-registration', 'food-business', 'signboard'])
  })

  it('does not ask for what an earlier item brings', () => {
    const { documents, gained } = read(tea)
    expect(documents.map(({ kind }) => kind.id)).not.toContain('business-licence')
    expect(gained.map(({ kind }) => kind.id)).toContain('business-licence')
  })

  it('orders the items, and reckons the longest chain only', () => {
    const { steps, workingDays } = read(tea)
    expect(steps[0]!.item.id).toBe('self-employed-registration')
    expect(steps.slice(1).every(({ wave }) => wave === 1)).toBe(true)
    const all = steps.reduce((sum, { item }) => sum + item.promisedLimit.amount, 0)
    expect(workingDays).toBe(6)
    expect(workingDays).toBeLessThan(all)
  })

  it('asks what two items want to know once', () => {
    const asked: string[] = []
    let answers: Answers = {}
    for (let { open } = read(answers); open; { open } = read(answers)) {
      asked.push(open.key)
      answers = { ...answers, [open.key]: open.question.choices[0]!.id }
    }
    expect(asked).toEqual(['trade', 'place', 'size', 'signboard.light'])
  })

  it('over all answers of all bundles: the merged list is what its items ask for, less what they bring', () => {
    for (const each of content.bundles)
      for (const answers of allSituations(each.questions)) {
        const { steps, documents, gained } = bundleChecklistFor(each, answers, { items, kinds })
        const wanted = new Set(
          steps.flatMap(({ checklist }) => checklist.documents.map(({ kind }) => kind.id)),
        )
        const merged = new Set([...documents, ...gained].map(({ kind }) => kind.id))
        expect(merged, each.id).toEqual(wanted)
      }
  })
})

describe('the code of a checklist', () => {
  const asksOf = (item: Item) => (answers: Answers) => {
    const { open } = list(item, answers)
    return open && { key: open.id, question: open }
  }

  it('brings back the answers of every situation, in at most eight signs', () => {
    for (const { item, answers, name } of situations) {
      const { answers: counted, stop } = list(item, answers)
      if (stop) continue
      const code = encodeAnswers(item.id, counted, asksOf(item))
      expect(code.length, name).toBeLessThanOrEqual(8)
      expect(decodeAnswers(item.id, code.toLowerCase(), asksOf(item)), name).toEqual(counted)
    }
  })

  it('is refused when it was mistyped, is another item’s, or the questions have changed', () => {
    const item = items.get('food-business')!
    const code = encodeAnswers(item.id, { trade: 'drinks', place: 'rent', licence: 'no' }, asksOf(item))
    const changed = {
      ...item,
      questions: item.questions.map(question => ({ ...question, choices: question.choices.toReversed() })),
    }
    expect(decodeAnswers(item.id, `${code}Z`, asksOf(item))).toBeNull()
    expect(decodeAnswers('signboard', code, asksOf(items.get('signboard')!))).toBeNull()
    expect(decodeAnswers(item.id, code, asksOf(changed))).toBeNull()
    expect(decodeAnswers(item.id, '../..', asksOf(item))).toBeNull()
  })
})
