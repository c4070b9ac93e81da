/** What stands on paper, in the order in which it is read; how it looks is the printer's matter. */
export type PrintedBlock =
  | { is: 'title'; text: string; above?: string; below?: string }
  | { is: 'heading'; text: string }
  | { is: 'paragraph'; text: string; isSmall?: boolean; isIndented?: boolean }
  /** Rows of cells; the first cell of each is a name where `hasNames`. `widths`: shares of the page's width. */
  | { is: 'table'; head?: string[]; rows: string[][]; widths: number[]; hasNames?: boolean }
  /** Things to tick off, each with what is to be known of it in small type. */
  | { is: 'checklist'; items: { text: string; notes: string[] }[] }
  /** A QR code with lines beside it. */
  | { is: 'code'; content: string; lines: string[] }
  /** Lines to sign on, side by side, each with what was drawn on it (PNG) or null. */
  | { is: 'signatures'; names: string[]; images?: (Uint8Array | null)[] }

/** A document for print: a checklist, a notice, a certificate, a form. */
export interface PrintedDocument {
  /** Language tag of the text, for readers aloud. */
  language: string
  title: string
  author: string
  size: 'A4' | 'A5'
  /** At the foot of every page, left; the page's number stands right. */
  footer: string
  madeAt: Date
  blocks: PrintedBlock[]
}

/** Makes a file of it that prints alike everywhere, its letters inside. */
export interface DocumentPrinter {
  print(document: PrintedDocument): Promise<Uint8Array>
}
