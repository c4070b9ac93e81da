import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Understander } from '../../src/language/understander.ts'
import { shippedUnderstander } from '../support/shipped-understander.ts'
import { shippedContent } from '../support/test-line.ts'

const messages: Record<string, string[]> = parse(
  readFileSync(join(import.meta.dirname, 'places-that-mislead.yaml'), 'utf8'),
)
const now = new Date('2026-11-24T02:30:00Z')
/** From here on nothing is asked. */
const SURE = 0.6
const LEAST_RIGHT = 0.84
const MOST_SURELY_WRONG = 0.06

describe('short messages about what happens at a place', () => {
  let line: Understander
  beforeAll(async () => {
    line = await shippedUnderstander()
  }, 60_000)

  it('name subjects that there are, in words that are no examples', async () => {
    const { subjects } = await shippedContent()
    const examples = new Set(subjects.leaves.flatMap(leaf => leaf.examples))
    for (const [text, right] of Object.entries(messages)) {
      expect(examples).not.toContain(text)
      for (const id of right) expect(subjects.byId(id), id).toBeDefined()
    }
  })

  it('are mostly understood, and where not, the line is not sure', () => {
    const judged = Object.entries(messages).map(([text, right]) => {
      const { label = '', confidence = 0 } =
        line.understand(text, { now }).matters[0]!.subject.candidates[0] ?? {}
      return { text, label, confidence, isRight: right.some(id => `${label}/`.startsWith(`${id}/`)) }
    })
    const wrong = judged.filter(({ isRight }) => !isRight)
    const sure = wrong.filter(({ confidence }) => confidence >= SURE)
    const told = wrong.map(({ text, label, confidence }) => `${text} ${label} ${confidence.toFixed(2)}`)
    console.log(
      `places: ${judged.length - wrong.length} of ${judged.length} right, ${sure.length} surely wrong`,
    )
    expect(wrong.length / judged.length, told.join(' / ')).toBeLessThanOrEqual(1 - LEAST_RIGHT)
    expect(sure.length / judged.length, told.join(' / ')).toBeLessThanOrEqual(MOST_SURELY_WRONG)
  })

  it('that say more than the place are as sure as before', () => {
    const { subject } = line.understand('公办幼儿园报名要什么条件', { now }).matters[0]!
    expect(subject).toMatchObject({ label: 'education-culture/admission/kindergarten-entry' })
    expect(subject.confidence).toBeGreaterThan(0.9)
  })
})
