import { signersOf } from '../registration/check-people.ts'
import type { Draft } from '../registration/facts.ts'
import type { Paper, PaperBlock, Span } from '../registration/told-registration.ts'
import type { Line } from './line.ts'
import type { DocumentPrinter, PrintedBlock, PrintedDocument } from './printed-document.ts'
import { versionOf, writeRegistration } from './view-registration.ts'

/** One file to hand over: `公司章程.docx`. */
export interface PrintedFile {
  name: string
  bytes: Uint8Array
}

export const FORMATS = ['pdf', 'docx'] as const
export type Format = (typeof FORMATS)[number]
export type Printers = Readonly<Record<Format, DocumentPrinter>>

/** Signatures that stand side by side. */
const SIGNATURES_IN_ROW = 2

/** Every paper of a draft in each format, with the signatures that hold for what stands in it now. */
export async function printRegistration(
  line: Line,
  draft: Draft,
  printers: Printers,
  formats: readonly Format[] = FORMATS,
): Promise<PrintedFile[]> {
  const { papers, fields } = writeRegistration(line, draft)
  const about = { line, company: fields.companyName?.value ?? '', drawn: drawnOf(draft) }
  const files = papers.flatMap(paper =>
    formats.map(async format => ({
      name: `${paper.title}.${format}`,
      bytes: await printers[format].print(printedPaper(paper, about)),
    })),
  )
  return Promise.all(files)
}

interface About {
  line: Line
  company: string
  drawn: ReadonlyMap<string, Uint8Array>
}

/** Only what was signed for the facts as they are. */
function drawnOf(draft: Draft): ReadonlyMap<string, Uint8Array> {
  const version = versionOf(draft)
  const valid = signersOf(draft).flatMap(({ id }) => {
    const signature = draft.signatures[id]
    return signature?.of === version ? [[id, Buffer.from(signature.png, 'base64')] as const] : []
  })
  return new Map(valid)
}

function printedPaper({ title, below, blocks }: Paper, { line, company, drawn }: About): PrintedDocument {
  const subtitle = textOf(below)
  return {
    language: 'zh-Hans',
    title,
    author: line.names.line('zh-Hans'),
    size: 'A4',
    footer: company,
    madeAt: line.clock.now(),
    blocks: [
      { is: 'title', text: title, ...(subtitle ? { below: subtitle } : {}) },
      ...blocks.flatMap(block => printedBlock(block, drawn)),
    ],
  }
}

function printedBlock(block: PaperBlock, drawn: About['drawn']): PrintedBlock[] {
  switch (block.is) {
    case 'heading':
      return [{ is: 'heading', text: textOf(block.spans) }]
    case 'paragraph':
      return [{ is: 'paragraph', text: textOf(block.spans), isIndented: block.isIndented }]
    case 'table': {
      const { head, widths } = block
      const rows = block.rows.map(row => row.map(textOf))
      return [{ is: 'table', rows, widths, ...(head ? { head } : { hasNames: true }) }]
    }
    case 'signatures':
      return rowsOf(block.people).map(people => ({
        is: 'signatures',
        names: people.map(({ name }) => name),
        images: people.map(({ id }) => drawn.get(id) ?? null),
      }))
  }
}

function rowsOf<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / SIGNATURES_IN_ROW)
  return Array.from({ length: count }, (_, i) =>
    all.slice(i * SIGNATURES_IN_ROW, (i + 1) * SIGNATURES_IN_ROW),
  )
}

const textOf = (spans: readonly Span[]) => spans.map(({ text }) => text).join('')
