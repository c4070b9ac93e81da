import type { Problem } from './problem.ts'

/** Where a field of a paper comes from. `from` are paths of the draft, or parts of the content. */
export interface Source {
  is: 'card' | 'answer' | 'content' | 'computed' | 'clock'
  from: string[]
}

/** One value that papers show. */
export interface Field {
  value: string
  source: Source
}

/** By the name that templates know it by; those of one shareholder as `shareholders.0.name`. */
export type Fields = Readonly<Record<string, Field>>

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

/** A paper with a stamp of what stands in it: the same stamp, the same paper. */
export interface StampedPaper extends Paper {
  stamp: string
}

/** What a draft makes: its name, what is wrong, its papers and where each value in them comes from. */
export interface RegistrationView {
  /** Of the facts without signatures; what is signed is signed for it. */
  version: string
  companyName: string
  problems: Problem[]
  fields: Record<string, Field>
  /** Only papers that the asker does not have yet. */
  papers: StampedPaper[]
  /** All papers, in order, as they are now. */
  stamps: { id: string; title: string; stamp: string }[]
  signers: { id: string; name: string }[]
}
