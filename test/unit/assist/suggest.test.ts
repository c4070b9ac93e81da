import { readdirSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type SuggestParts, suggest } from '../../../src/assist/suggest.ts'
import { type Before, FIELDS, type Suggestions } from '../../../src/assist/suggestions.ts'
import type { Utterance } from '../../../src/assist/talk.ts'
import { readRecordedCall } from '../../../src/cli/recorded-call.ts'
import { shippedUnderstander } from '../../support/shipped-understander.ts'
import { shippedContent, TEST_TIME } from '../../support/test-line.ts'

const NOTHING: Before = { contact: {}, matters: {} }

let parts: SuggestParts
beforeAll(async () => {
  const [understander, { elements, talk }] = await Promise.all([shippedUnderstander(), shippedContent()])
  const understand = (text: string) => understander.understand(text, { now: TEST_TIME })
  parts = { elements, words: talk, understand, now: TEST_TIME }
}, 180_000)

const talkOf = (name: string): Utterance[] =>
  readRecordedCall(`test/calls/${name}.yaml`).turns.map(({ role, says }, i) => ({
    id: `u${i}`,
    role,
    text: says,
  }))
const said = (...texts: string[]): Utterance[] =>
  texts.map((text, i) => ({ id: `u${i}`, role: 'resident', text }))

/** What a page holds after it showed these. */
function shown({ matters }: Suggestions, before: Before): Before {
  const standings = ({ id, fields }: Suggestions['matters'][number]) =>
    FIELDS.map(field => {
      const known = before.matters[id]?.[field]
      const { value, confidence } = fields[field]
      return [field, known && known.is !== 'shown' ? known : { value, confidence, is: 'shown' as const }]
    })
  return {
    contact: before.contact,
    matters: {
      ...before.matters,
      ...Object.fromEntries(matters.map(each => [each.id, Object.fromEntries(standings(each))])),
    },
  }
}

/** The suggestions after each turn of a talk, each on the page of the one before. */
function follow(talk: readonly Utterance[], settled: Before = NOTHING): Suggestions[] {
  let before = settled
  return talk.map((_, i) => {
    const now = suggest(talk.slice(0, i + 1), before, parts)
    before = shown(now, before)
    return now
  })
}

const names = readdirSync('test/calls').map(file => file.replace('.yaml', ''))

describe.each(names)('the call %s', name => {
  test('ends with as many matters as should be filed, each value with the words that say so', () => {
    const talk = talkOf(name)
    const last = follow(talk).at(-1)!
    const { filings } = readRecordedCall(`test/calls/${name}.yaml`)
    expect(last.matters).toHaveLength(filings.length)
    for (const { fields } of last.matters) {
      const { value, evidence } = fields.place
      const words = evidence.map(span =>
        talk.find(({ id }) => id === span.utterance)!.text.slice(span.start, span.end),
      )
      if (value) expect(words.join('').length).toBeGreaterThan(0)
      for (const { start, end } of Object.values(fields).flatMap(each => each.evidence))
        expect(end).toBeGreaterThan(start)
    }
  })

  test('changes calmly: what it is about is set at most twice', () => {
    const subjects = follow(talkOf(name)).map(({ matters }) => matters[0]?.fields.subject.value ?? null)
    const changes = subjects.filter((subject, i) => i > 0 && subject !== subjects[i - 1])
    expect(changes.length).toBeLessThanOrEqual(2)
  })

  test('never touches what was settled', () => {
    const place = { value: '我写的地方', confidence: 1, is: 'edited' as const }
    const time = { value: null, confidence: 1, is: 'edited' as const }
    for (const { matters } of follow(talkOf(name), { contact: {}, matters: { m1: { place, time } } })) {
      if (!matters[0]) continue
      expect(matters[0].fields.place.value).toBe('我写的地方')
      expect(matters[0].fields.time.value).toBeNull()
    }
  })
})

test('at least eight of the ten calls are about what should be filed', () => {
  const right = names.filter(name => {
    const { filings } = readRecordedCall(`test/calls/${name}.yaml`)
    const { matters } = follow(talkOf(name)).at(-1)!
    return filings.every(({ subject }, i) => matters[i]?.fields.subject.value === subject)
  })
  expect(right.length).toBeGreaterThanOrEqual(8)
})

describe('a talk', () => {
  test('opens another matter only with a word that says so and about something else', () => {
    const noise = '滨河新城北边那个工地天天半夜打桩，吵得睡不着'
    const more = '昨天半夜又打桩了，工地那边吵死人'
    expect(suggest(said(noise, more), NOTHING, parts).matters).toHaveLength(1)
    expect(suggest(said(noise, `另外，${more}`), NOTHING, parts).matters).toHaveLength(1)
    const lights = '另外，我们单元的楼道灯也坏了，晚上黑得看不见'
    const { matters } = suggest(said(noise, lights), NOTHING, parts)
    expect(matters.map(({ fields }) => fields.subject.value)).toEqual([
      'environment/noise/construction-night',
      'urban-construction/old-compound/stairwell-lights-doors',
    ])
    expect(matters[1]!.draft.words).toBe(lights)
  })

  test('asks for what is missing by the city s rules, and no more for what was emptied by hand', () => {
    const [first] = suggest(said('楼道灯坏了，好几天没人修'), NOTHING, parts).matters
    expect(first!.missing[0]).toBe('place')
    const emptied = { m1: { place: { value: null, confidence: 1, is: 'edited' as const } } }
    const [after] = suggest(
      said('楼道灯坏了，好几天没人修'),
      { contact: {}, matters: emptied },
      parts,
    ).matters
    expect(after!.missing).not.toContain('place')
    const [compound] = suggest(said('康宁家园的楼道灯坏了'), NOTHING, parts).matters
    expect(compound!.missing[0]).toBe('building')
  })

  test('a chosen subject is what the matter would be filed under, beyond doubt', () => {
    const subject = { value: 'transport/bus/frequency', confidence: 1, is: 'edited' as const }
    const [first] = suggest(said('楼道灯坏了'), { contact: {}, matters: { m1: { subject } } }, parts).matters
    expect(first!.draft).toMatchObject({
      subject: 'transport/bus/frequency',
      subjectCandidates: [{ label: 'transport/bus/frequency', confidence: 1 }],
    })
  })

  test('hears a phone with its place in the words, and nothing out of silence', () => {
    const [utterance] = said('路灯坏了，我电话13800138000')
    const { contact } = suggest([utterance!], NOTHING, parts)
    expect(contact.phone.value).toBe('13800138000')
    const [span] = contact.phone.evidence
    expect(utterance!.text.slice(span!.start, span!.end)).toBe('13800138000')
    expect(suggest(said('', '  '), NOTHING, parts).matters).toEqual([])
  })
})
