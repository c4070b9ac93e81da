import { chineseOrdinal } from './chinese-date.ts'
import { type Draft, personOf, shareholdersOf } from './facts.ts'
import type { Fields } from './fields.ts'
import type { Flag, Template, TemplateBlock } from './template.ts'

/** A run of text; with `field` it was generated from that field, and `isBlank` while nobody has said it. */
export interface Span {
  text: string
  field?: string
  isBlank?: boolean
}

/** A part of a paper, every generated value still knowing its field. */
export type PaperBlock =
  | { is: 'heading'; spans: Span[] }
  | { is: 'paragraph'; spans: Span[]; isIndented: boolean }
  | { is: 'table'; head: string[] | null; widths: number[]; rows: Span[][][] }
  | { is: 'signatures'; people: { id: string; name: string }[] }

/** One generated paper. */
export interface Paper {
  id: string
  title: string
  below: Span[]
  blocks: PaperBlock[]
  /** Fields that stand in it. */
  fields: string[]
}

const BLANK = '＿＿＿＿'

/** Fills a template; whatever is not yet said stays a line to be seen. */
export function writePaper(template: Template, draft: Draft, fields: Fields): Paper {
  const flags = flagsOf(draft)
  const count = shareholdersOf(draft).length
  const numbers = { article: 0, chapter: 0 }
  const blocks = template.blocks
    .filter(({ when }) => when === undefined || flags.has(when))
    .flatMap(block => writeBlock(block, { draft, fields, count, numbers }))
  const below = template.below ? spansOf(template.below, fields) : []
  const used = [...below, ...blocks.flatMap(spansIn)].flatMap(({ field }) => field ?? [])
  return { id: template.id, title: template.title, below, blocks, fields: [...new Set(used)] }
}

/** Every span of a block, in order. */
export function spansIn(block: PaperBlock): Span[] {
  if (block.is === 'signatures') return []
  return block.is === 'table' ? block.rows.flat(2) : block.spans
}

function flagsOf(draft: Draft): Set<Flag> {
  const isAlone = shareholdersOf(draft).length === 1
  return new Set([
    isAlone ? 'one-shareholder' : 'several-shareholders',
    draft.hasNoSupervisor ? 'no-supervisor' : 'supervisor',
  ])
}

interface Writing {
  draft: Draft
  fields: Fields
  count: number
  numbers: { article: number; chapter: number }
}

function writeBlock(block: TemplateBlock, writing: Writing): PaperBlock[] {
  const { draft, fields, count, numbers } = writing
  if ('heading' in block) return [{ is: 'heading', spans: spansOf(block.heading, fields) }]
  if ('chapter' in block) {
    const number = `第${chineseOrdinal(++numbers.chapter)}章　`
    return [{ is: 'heading', spans: [{ text: number }, ...spansOf(block.chapter, fields)] }]
  }
  if ('article' in block) {
    const number = `第${chineseOrdinal(++numbers.article)}条　`
    const spans = [{ text: number }, ...spansOf(block.article, fields)]
    return [{ is: 'paragraph', spans, isIndented: true }]
  }
  if ('signatures' in block) return [{ is: 'signatures', people: signersIn(block.signatures, draft) }]
  if ('table' in block) {
    const { head = null, widths, rows, each } = block.table
    const written = rowsFor(each, count).flatMap(i => rows.map(row => row.map(cell => spansOf(cell, fields, i))))
    return [{ is: 'table', head, widths, rows: written }]
  }
  const isIndented = block.plain !== true
  return rowsFor(block.each, count).map(i => ({
    is: 'paragraph' as const,
    spans: spansOf(block.text, fields, i),
    isIndented,
  }))
}

/** Once, or once for each shareholder. */
function rowsFor(each: 'shareholders' | undefined, count: number): (number | null)[] {
  return each === undefined ? [null] : Array.from({ length: count }, (_, i) => i)
}

function signersIn(who: 'shareholders' | 'legalRepresentative', draft: Draft) {
  const people =
    who === 'shareholders'
      ? shareholdersOf(draft).map(({ person }) => person)
      : [personOf(draft, draft.roles.legalRepresentative)].filter(person => person !== undefined)
  return people.map(({ id, name }) => ({ id, name }))
}

function spansOf(text: string, fields: Fields, index: number | null = null): Span[] {
  return text
    .split(/(\{\w+\})/)
    .filter(part => part !== '')
    .map(part => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1]
      if (name === undefined) return { text: part }
      const own = `shareholders.${index}.${name}`
      const field = index !== null && own in fields ? own : name
      const value = fields[field]?.value ?? ''
      return value === '' ? { text: BLANK, field, isBlank: true } : { text: value, field }
    })
}

/** Fields whose value is another than before: what has to be generated anew, and is marked. */
export function changedFields(before: Fields, after: Fields): Set<string> {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return new Set([...keys].filter(key => before[key]?.value !== after[key]?.value))
}
