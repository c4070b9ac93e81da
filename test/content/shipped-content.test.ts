import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadModel } from '../../src/adapters/disk/load-model.ts'
import { readContent } from '../../src/adapters/disk/read-content.ts'
import { loadContent } from '../../src/content/load-content.ts'
import { errorCatalogue } from '../../src/kernel/errors.ts'
import { createReader } from '../../src/language/reader.ts'
import { createUnderstander } from '../../src/language/understander.ts'
import { LOCALES } from '../../src/language/understanding.ts'
import { quietLogger } from '../support/quiet-logger.ts'

const root = join(import.meta.dirname, '../..')
const CITY = 'cities/shenfu'
const files = await readContent(root, CITY)
const content = loadContent(files, CITY)

describe('the content that ships', () => {
  it('loads without a problem', () => {
    expect(content.city.id).toBe('shenfu')
    expect(content.city.sample).toBe(true)
  })

  it('covers what such a line hears: 15, 100 and 300 classes at least', () => {
    const { tops, leaves } = content.subjects
    expect(tops.length).toBeGreaterThanOrEqual(15)
    expect(tops.flatMap(top => top.children).length).toBeGreaterThanOrEqual(100)
    expect(leaves.length).toBeGreaterThanOrEqual(300)
  })

  it('shows every class by at least eight examples, none of them twice', () => {
    const thin = content.subjects.leaves.filter(leaf => new Set(leaf.examples).size < 8)
    expect(thin.map(leaf => leaf.id)).toEqual([])
  })

  it('teaches no department by its name: the matter is to be recognised, not the office', () => {
    // Utilities are called by common nouns (供水公司), which people say and may say.
    const offices = [...content.departments.values()].filter(({ kind }) => kind !== 'utility')
    const names = offices.flatMap(({ name, short }) => [name, short])
    const named = content.subjects.leaves.flatMap(leaf =>
      leaf.examples.flatMap(example =>
        names.filter(name => example.includes(name)).map(name => `${leaf.id}: ${name} in: ${example}`),
      ),
    )
    expect(named).toEqual([])
  })

  it('keeps what the pack promises: departments, articles, items, four years of calendar', () => {
    expect(content.departments.size).toBeGreaterThanOrEqual(25)
    expect(content.articles.length).toBeGreaterThanOrEqual(30)
    expect(content.items.length).toBeGreaterThanOrEqual(60)
    const calendar = files.find(file => file.path === `${CITY}/calendar.yaml`)!.text
    for (const year of [2024, 2025, 2026, 2027]) expect(calendar).toMatch(new RegExp(`^ {2}${year}:`, 'm'))
  })

  it('tells people by the same ways that a promise moved, whatever moved it', () => {
    const waysOf = (event: string) => content.notifications.residents.find(rule => rule.event === event)?.by
    expect(waysOf('extension-approved')).toEqual(['conversation', 'sms'])
    expect(waysOf('clock-recomputed')).toEqual(waysOf('extension-approved'))
  })

  it('says in every file of the city that it is a sample', () => {
    const silent = files.filter(
      ({ path, text }) => path.startsWith(CITY) && !text.split('\n')[0]!.includes('SAMPLE'),
    )
    expect(silent.map(({ path }) => path)).toEqual([])
  })

  it.each(Object.keys(errorCatalogue))('can say the error %s in every language', code => {
    for (const locale of LOCALES) expect(content.texts.has(locale, `error.${code}`)).toBe(true)
  })

  it.each(LOCALES.flatMap(locale => ['', 'web.'].map(part => [`${part}${locale}`])))(
    'has as many texts in %s as in Simplified Chinese',
    name => {
      const keysOf = (file: string) =>
        files
          .find(({ path }) => path === `locales/${file}.yaml`)!
          .text.split('\n')
          .flatMap(line => /^([a-z][\w.-]*):/.exec(line)?.[1] ?? [])
          .toSorted()
      const first = name.startsWith('web.') ? 'web.zh-Hans' : 'zh-Hans'
      expect(keysOf(name)).toEqual(keysOf(first))
    },
  )
})

/** What tapping a choice that the line offers on its own account means. */
const INTENT_OF_CHOICE: Record<string, string> = {
  file: 'file-matter',
  check: 'check-case',
  ask: 'ask-policy',
  person: 'talk-to-person',
  restart: 'restart',
  rate: 'rate-case',
  add: 'add-information',
}

describe('what the line offers to tap', async () => {
  const model = await loadModel(join(root, 'build/model.bin'), content, quietLogger)
  const read = createReader(content.lexicon)
  const understander = createUnderstander({ ...content, model, read })
  const texts = files.find(({ path }) => path === 'locales/zh-Hans.yaml')!.text
  const keys = [...texts.matchAll(/^((?:repair|notify)\.[\w-]+\.choices\.[\w-]+):/gm)].map(match => match[1]!)

  it('is there to be looked at', () => expect(keys.length).toBeGreaterThan(15))

  it.each(LOCALES.flatMap(locale => keys.map(key => [locale, key] as const)))(
    '%s: %s is understood',
    (locale, key) => {
      const title = content.texts.of(locale, key)
      const intent = INTENT_OF_CHOICE[key.split('.').at(-1)!]
      expect(intent, `what ${key} means is not in this test`).toBeDefined()
      const { intent: judged } = understander.understand(title, { now: new Date('2026-11-24T02:00:00Z') })
      expect(`${title}: ${judged.label}`).toBe(`${title}: ${intent}`)
    },
  )
})
