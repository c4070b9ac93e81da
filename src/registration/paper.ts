import { chineseOrdinal } from './chinese-date.ts'
import { type Draft, personOf, shareholdersOf } from './facts.ts'
import type { Flag, Template, TemplateBlock } from './template.ts'
import type { Fields, Paper, PaperBlock, Span } from './told-registration.ts'

const BLANK = '＿＿＿＿'

/** Fills a template; whatever is not yet said stays a line to be seen. */
export function writePaper(template: Template, draft: Draft, fields: Fields): Paper {
  const flags = flagsOf(draft)
  const count = shareholdersOf(draft).length
  const numbers = { article: 0, chapter: 0 }
  const blocks = template.blocks
    .filter(block => isShown(block, flags))
    .flatMap(block => writeBlock(block, { draft, flags, fields, count, numbers }))
  const below = template.below ? spansOf(template.below, fields) : []
  const used = [...below, ...blocks.flatMap(spansIn)].flatMap(({ field }) => field ?? [])
  return { id: template.id, title: template.title, below, blocks, fields: [...new Set(used)] }
}

/** The templates whose papers this company needs. */
export function neededTemplates(templates: readonly Template[], draft: Draft): Template[] {
  const flags = flagsOf(draft)
  return templates.filter(template => isShown(template, flags))
}

function isShown({ when }: { when?: Flag | undefined }, flags: ReadonlySet<Flag>): boolean {
  return when === undefined || flags.has(when)
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
  flags: ReadonlySet<Flag>
  fields: Fields
  count: number
  numbers: { article: number; chapter: number }
}

function writeBlock(block: TemplateBlock, writing: Writing): PaperBlock[] {
  const { draft, flags, fields, count, numbers } = writing
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
    const { head = null, widths, each } = block.table
    const rows = block.table.rows.flatMap(row =>
      Array.isArray(row) ? [row] : isShown(row, flags) ? [row.cells] : [],
    )
    const written = rowsFor(each, count).flatMap(i =>
      rows.map(row => row.map(cell => spansOf(cell, fields, i))),
    )
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
