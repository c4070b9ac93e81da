import fc from 'fast-check'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { createDocxPrinter } from '../../../src/adapters/docx/docx-printer.ts'
import { createPdfPrinter } from '../../../src/adapters/pdf/pdf-printer.ts'
import type { Draft } from '../../../src/registration/facts.ts'
import { changedFields, spansIn } from '../../../src/registration/paper.ts'
import type { Store } from '../../../src/usecases/ports.ts'
import { type PrintedFile, printRegistration } from '../../../src/usecases/print-registration.ts'
import type { PrintedDocument } from '../../../src/usecases/printed-document.ts'
import { versionOf, viewRegistration, writeRegistration } from '../../../src/usecases/view-registration.ts'
import { sampleDraft, strokePng } from '../../support/sample-registration.ts'
import { createTestLine } from '../../support/test-line.ts'

const line = await createTestLine({} as Store)
const draft = sampleDraft()

/** Every run of text of every paper. */
function spansOfAll(of: Draft) {
  return writeRegistration(line, of).papers.flatMap(({ id, below, blocks }) =>
    [...below, ...blocks.flatMap(spansIn)].map(span => ({ ...span, paper: id })),
  )
}
const wordsOf = (of: Draft, paper: string) =>
  spansOfAll(of)
    .filter(span => span.paper === paper)
    .map(({ text }) => text)
    .join('')

describe('the papers of a company', () => {
  it('every generated value names its field, and every field its source', () => {
    const { fields } = writeRegistration(line, draft)
    const generated = spansOfAll(draft).filter(({ field }) => field !== undefined)
    expect(generated.length).toBeGreaterThan(60)
    for (const { field, text } of generated) expect(fields[field!]?.value, field).toBe(text)
    for (const [name, { value, source }] of Object.entries(fields)) {
      if (value !== '' && source.is !== 'clock') expect(source.from, name).not.toEqual([])
    }
    expect(fields['shareholders.0.name']!.source).toEqual({ is: 'card', from: ['people.p1.name'] })
    expect(fields.capitalInWords).toEqual({
      value: '人民币壹佰万元整',
      source: { is: 'computed', from: ['capital'] },
    })
  })

  it('what nobody has said yet stays a line to be seen', () => {
    const blanks = spansOfAll(sampleDraft({ tradeName: '' })).filter(({ isBlank }) => isBlank)
    expect(new Set(blanks.map(({ field }) => field))).toEqual(new Set(['companyName']))
  })

  it('articles are numbered without a gap, with a supervisor and without, alone and together', () => {
    for (const hasNoSupervisor of [false, true])
      for (const shares of [draft.shares, [{ ...draft.shares[0]!, fen: draft.capitalFen }]]) {
        const articles = wordsOf(sampleDraft({ hasNoSupervisor, shares }), 'articles')
        const numbers = [...articles.matchAll(/第([一二三四五六七八九十]+)条　/g)].map(([, number]) => number)
        expect(new Set(numbers).size).toBe(numbers.length)
        expect(numbers[0]).toBe('一')
        expect(articles.includes('不设监事会，也不设监事')).toBe(hasNoSupervisor)
        expect(articles.includes('不设股东会')).toBe(shares.length === 1)
      }
  })

  it('shares in the articles of association add up to 100 %', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 1, max: 999_999 }), (a, b) => {
        const shares = draft.shares.map((each, i) => ({ ...each, fen: [a, b][i]! }))
        const { fields } = writeRegistration(line, sampleDraft({ capitalFen: a + b, shares }))
        const points = [0, 1].map(i =>
          Math.round(Number.parseFloat(fields[`shareholders.${i}.percent`]!.value) * 100),
        )
        expect(points[0]! + points[1]!).toBe(10_000)
      }),
      { numRuns: 30 },
    )
  })
})

describe('a changed answer', () => {
  it('generates anew only the papers in which it stands', () => {
    const have = viewRegistration(line, draft, []).papers.map(({ stamp }) => stamp)
    expect(viewRegistration(line, draft, have).papers).toEqual([])
    const phone = sampleDraft({ people: draft.people.map(each => ({ ...each, phone: '13700001111' })) })
    expect(viewRegistration(line, phone, have).papers.map(({ id }) => id)).toEqual(['application'])
    const finance = sampleDraft({ roles: { ...draft.roles, finance: 'p2' }, hasNoSupervisor: false })
    expect(viewRegistration(line, finance, have).papers.map(({ id }) => id)).toEqual([
      'application',
      'resolution',
      'appointment',
    ])
  })

  it('marks exactly what it changes', () => {
    const before = writeRegistration(line, draft).fields
    const after = writeRegistration(line, sampleDraft({ tradeName: '谷雨时' })).fields
    expect(changedFields(before, after)).toEqual(new Set(['companyName', 'tradeName']))
    expect(changedFields(before, before)).toEqual(new Set())
  })
})

describe('files', () => {
  const signed = sampleDraft({ signatures: { p1: { png: strokePng(), of: versionOf(draft) } } })
  const printers = { pdf: createPdfPrinter(), docx: createDocxPrinter() }
  const partOf = ({ bytes }: PrintedFile, part: string) => strFromU8(unzipSync(bytes)[part]!)

  it('are four papers as DOCX and PDF with the same words, the signature in both', async () => {
    const files = await printRegistration(line, signed, printers)
    expect(files.map(({ name }) => name)).toEqual([
      '公司设立登记申请书.pdf',
      '公司设立登记申请书.docx',
      '股东会决议.pdf',
      '股东会决议.docx',
      '公司章程.pdf',
      '公司章程.docx',
      '任职文件.pdf',
      '任职文件.docx',
    ])
    const articles = files.find(({ name }) => name === '公司章程.docx')!
    const xml = partOf(articles, 'word/document.xml')
    for (const words of ['沈抚示范区小满时餐饮管理有限公司', '人民币壹佰万元整', '70%', '2030年12月31日前'])
      expect(xml).toContain(words)
    expect(Object.keys(unzipSync(articles.bytes)).some(name => name.endsWith('.png'))).toBe(true)
    const pdf = files.find(({ name }) => name === '公司章程.pdf')!
    const head = Buffer.from(pdf.bytes).toString('latin1')
    expect(head).toMatch(/^%PDF-/)
    expect(head).toContain('/Subtype /Image')
  })

  it('a signature of other facts is on no paper', async () => {
    const printed: PrintedDocument[] = []
    const spy = { print: async (document: PrintedDocument) => new Uint8Array(printed.push(document)) }
    await printRegistration(line, { ...signed, tradeName: '谷雨时' }, { pdf: spy, docx: spy }, ['pdf'])
    const images = printed.flatMap(({ blocks }) =>
      blocks.flatMap(block => (block.is === 'signatures' ? (block.images ?? []) : [])),
    )
    expect(images.every(image => image === null)).toBe(true)
  })
})
