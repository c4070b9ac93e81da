import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readContent } from '../../src/adapters/disk/read-content.ts'
import { ContentError, formatProblem } from '../../src/content/content-problem.ts'
import { loadContent } from '../../src/content/load-content.ts'

const CITY = 'cities/shenfu'
const files = await readContent(join(import.meta.dirname, '../..'), CITY)

/** The problems when one text of a file of the city is another. */
function problemsWith(file: string, find: RegExp, put: string): string[] {
  const path = `${CITY}/${file}`
  expect(files.find(each => each.path === path)!.text, 'the test must find what it breaks').toMatch(find)
  try {
    loadContent(
      files.map(each => (each.path === path ? { path, text: each.text.replace(find, put) } : each)),
      CITY,
    )
    return []
  } catch (error) {
    if (error instanceof ContentError) return error.problems.map(formatProblem)
    throw error
  }
}

const ITEMS = 'items/certificates.yaml'

describe('what an item says is checked in every situation', () => {
  it.each([
    ['a document that nobody knows', ITEMS, /document: lease,/, 'document: leese,', /no document "leese"$/],
    [
      'a choice that is not offered',
      ITEMS,
      /when: \{ home: rent \}/,
      'when: { home: hired }',
      /the question "home" has no choice "hired"$/,
    ],
    [
      'a question that stands later',
      ITEMS,
      /when: \{ reason: live \}/,
      'when: { home: own }',
      /no question "home" stands before it$/,
    ],
    [
      'a rule that no answers lead to',
      ITEMS,
      /when: \{ home: own \}/,
      'when: { home: own, reason: work }',
      /no answers ever lead here$/,
    ],
    [
      'a document asked for twice',
      ITEMS,
      /- \{ document: photo, exempt: sharing \}/,
      '- { document: photo }\n      - { document: photo }',
      /two rules ask for this document$/,
    ],
    [
      'a promise longer than the law',
      ITEMS,
      /promisedLimit: 10d/,
      'promisedLimit: 90d',
      /more is promised than the law allows$/,
    ],
    [
      'steps longer than the promise',
      ITEMS,
      /by: approver, limit: 7d/,
      'by: approver, limit: 8d',
      /the steps take longer than promised: 11$/,
    ],
    [
      'a step without authority',
      ITEMS,
      /act: decide, by: approver/,
      'act: decide, by: clerk',
      /public-security\/clerk has no authority to decide residence-permit$/,
    ],
    ['a code given twice', ITEMS, /code: SF-0002/, 'code: SF-0001', /item SF-0001 is there twice$/],
    [
      'a place that is not there',
      ITEMS,
      /places: \[hall-police/,
      'places: [hall-moon',
      /no place "hall-moon"$/,
    ],
    [
      'an item that waits for itself',
      'bundles/open-shop.yaml',
      /item: self-employed-registration, /,
      'item: self-employed-registration, after: [signboard], ',
      /"self-employed-registration" waits for itself$/,
    ],
    [
      'an answer that an item does not know',
      'bundles/open-shop.yaml',
      /given: \{ kind: hair \}/,
      'given: { kind: dogs }',
      /the question "kind" has no choice "dogs"$/,
    ],
    [
      'a kind of document that nothing asks for',
      'documents.yaml',
      /documents:\n/,
      'documents:\n  - { id: moon-permit, name: 月球证, en: Moon permit, source: applicant }\n',
      /"moon-permit": no item asks for it$/,
    ],
  ])('%s', (_what, file, find, put, says) => {
    const problems = problemsWith(file, find, put)
    expect(
      problems.some(problem => problem.startsWith(`${CITY}/${file}:`) && says.test(problem)),
      problems.slice(0, 5).join('\n'),
    ).toBe(true)
  })

  it('a question that nothing depends on is told', () => {
    const idle = problemsWith(
      ITEMS,
      / {6}- id: reason\n/,
      '      - id: colour\n        ask: 什么颜色？\n        en: What colour?\n        choices:\n          - { id: red, name: 红, en: Red }\n          - { id: blue, name: 蓝, en: Blue }\n      - id: reason\n',
    )
    expect(idle.join('\n')).toContain('nothing depends on the question "colour"')
  })
})
