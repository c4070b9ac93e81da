import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readContent } from '../../../src/adapters/disk/read-content.ts'
import { ContentError, formatProblem } from '../../../src/content/content-problem.ts'
import { loadContent } from '../../../src/content/load-content.ts'

const root = join(import.meta.dirname, '../../..')
const CITY = 'cities/shenfu'
const FILE = `${CITY}/notifications.yaml`
const files = await readContent(root, CITY)

/** What the content check says of the rules with one thing changed. */
function problemsWith(find: RegExp, put: string): string[] {
  const changed = files.map(file =>
    file.path === FILE ? { ...file, text: file.text.replace(find, put) } : file,
  )
  try {
    loadContent(changed, CITY)
    return []
  } catch (error) {
    if (!(error instanceof ContentError)) throw error
    return error.problems.map(formatProblem)
  }
}

describe('a rule of who is told of what', () => {
  test.each([
    [
      'is about something that happens',
      /event: urged/,
      'event: hurried',
      /departments\.\d+\.event: nothing that happens is called "hurried"/,
    ],
    [
      'warns when some profile does',
      /percent: 50/,
      'percent: 55',
      /residents\.\d+\.percent: no profile warns at 55 %/,
    ],
    [
      'names a clock only of a clock',
      /event: urged, /,
      'event: urged, clock: sign, ',
      /departments\.\d+\.clock: "urged" is not the event of a clock/,
    ],
    [
      'has words in every language',
      /event: signed, /,
      'event: returned, ',
      /locales\/en\.yaml:\d+: the text "notify\.returned" is missing/,
    ],
  ])('%s', (_, find, put, says) => {
    expect(problemsWith(find, put)).toContainEqual(expect.stringMatching(says))
  })

  test('as shipped, is right', () => expect(problemsWith(/$^/, '')).toEqual([]))
})
