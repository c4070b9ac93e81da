import PDFDocument from 'pdfkit'
import qrcode from 'qrcode'
import type { PrintedBlock, PrintedDocument } from '../../usecases/printed-document.ts'
import { breakLines } from './break-lines.ts'

/** The two cuts of the typeface that documents are set in. */
export interface Fonts {
  regular: Uint8Array
  bold: Uint8Array
}

type Pdf = InstanceType<typeof PDFDocument>
type Block<Kind extends PrintedBlock['is']> = Extract<PrintedBlock, { is: Kind }>

/** Sizes in points, by the page; lines stand 1.55 of the type apart, as Chinese needs. */
const SIZES = {
  A4: { body: 11, small: 9.5, heading: 13, title: 20, margin: 56 },
  A5: { body: 9.5, small: 8, heading: 11, title: 16, margin: 36 },
}
const LEADING = 1.55
const INK = '#111111'
const SOFT = '#555555'
const RULE = '#999999'
const CODE_SIZE = 92
const CELL_PADDING = 5

/** Sets one document, block by block, from the top down. */
export class PageWriter {
  readonly #pdf: Pdf
  readonly #sizes: (typeof SIZES)['A4']
  readonly #document: PrintedDocument
  #y: number

  constructor(document: PrintedDocument, fonts: Fonts) {
    this.#document = document
    this.#sizes = SIZES[document.size]
    const { title, author, size, language, madeAt } = document
    this.#pdf = new PDFDocument({
      size,
      margin: this.#sizes.margin,
      bufferPages: true,
      lang: language,
      displayTitle: true,
      info: { Title: title, Author: author, CreationDate: madeAt },
    })
    this.#pdf.registerFont('regular', Buffer.from(fonts.regular))
    this.#pdf.registerFont('bold', Buffer.from(fonts.bold))
    this.#y = this.#sizes.margin
  }

  /** The finished file. */
  async finish(): Promise<Uint8Array> {
    this.#writeFooters()
    const chunks: Uint8Array[] = []
    const ended = new Promise<void>((resolve, reject) => {
      this.#pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk))
      this.#pdf.on('end', resolve)
      this.#pdf.on('error', reject)
    })
    this.#pdf.end()
    await ended
    return Buffer.concat(chunks)
  }

  write(block: PrintedBlock): void {
    switch (block.is) {
      case 'title':
        return this.#title(block)
      case 'heading':
        return this.#heading(block)
      case 'paragraph':
        return this.#paragraph(block)
      case 'table':
        return this.#table(block)
      case 'checklist':
        return this.#checklist(block)
      case 'code':
        return this.#code(block)
      case 'signatures':
        return this.#signatures(block)
    }
  }

  get #width(): number {
    return this.#pdf.page.width - 2 * this.#sizes.margin
  }

  get #bottom(): number {
    return this.#pdf.page.height - this.#sizes.margin - 2 * this.#sizes.small
  }

  #title({ text, above, below }: Block<'title'>): void {
    const { title, body } = this.#sizes
    if (above) this.#lines(above, { size: body, color: SOFT, isCentred: true })
    this.#lines(text, { size: title, font: 'bold', isCentred: true })
    if (below) this.#lines(below, { size: body, color: SOFT, isCentred: true })
    this.#y += body * 0.6
    this.#rule(INK, 1.2)
    this.#y += body * 0.6
  }

  #heading({ text }: Block<'heading'>): void {
    const { heading, body } = this.#sizes
    this.#y += body * 0.6
    // A heading never stands alone at the foot of a page.
    this.#makeRoom(heading * LEADING + body * LEADING * 2)
    this.#lines(text, { size: heading, font: 'bold' })
    this.#y += body * 0.15
  }

  #paragraph({ text, isSmall, isIndented }: Block<'paragraph'>): void {
    this.#lines(
      isIndented ? `　　${text}` : text,
      isSmall ? { size: this.#sizes.small, color: SOFT } : { size: this.#sizes.body },
    )
    this.#y += this.#sizes.body * 0.25
  }

  #checklist({ items }: Block<'checklist'>): void {
    const { body, small } = this.#sizes
    const indent = body * 2
    for (const { text, notes } of items) {
      this.#makeRoom(body * LEADING + notes.length * small * LEADING)
      this.#pdf
        .rect(this.#sizes.margin, this.#y + body * 0.28, body * 0.95, body * 0.95)
        .lineWidth(0.9)
        .stroke(INK)
      this.#lines(text, { size: body, indent, font: 'bold' })
      for (const note of notes) this.#lines(note, { size: small, indent, color: SOFT })
      this.#y += body * 0.35
    }
  }

  #table({ head, rows, widths, hasNames }: Block<'table'>): void {
    const sum = widths.reduce((all, each) => all + each, 0)
    const columns = widths.map(each => (each / sum) * this.#width)
    const all = head ? [head, ...rows] : rows
    for (const [i, row] of all.entries()) {
      const isHead = head !== undefined && i === 0
      const fontOf = (column: number) => (isHead || (hasNames && column === 0) ? 'bold' : 'regular')
      const cells = columns.map((width, column) =>
        this.#broken(row[column] ?? '', width - 2 * CELL_PADDING, this.#sizes.small + 0.5, fontOf(column)),
      )
      this.#row(cells, columns, { isHead, fontOf })
    }
    this.#y += this.#sizes.body * 0.6
  }

  #row(
    cells: readonly string[][],
    columns: readonly number[],
    { isHead, fontOf }: { isHead: boolean; fontOf(column: number): 'regular' | 'bold' },
  ): void {
    const size = this.#sizes.small + 0.5
    const height = Math.max(...cells.map(lines => lines.length)) * size * LEADING + 2 * CELL_PADDING
    this.#makeRoom(height)
    let x = this.#sizes.margin
    for (const [column, lines] of cells.entries()) {
      const width = columns[column]!
      if (isHead) this.#pdf.rect(x, this.#y, width, height).fill('#eeeeee')
      this.#pdf.rect(x, this.#y, width, height).lineWidth(0.6).stroke(RULE)
      this.#pdf.font(fontOf(column)).fontSize(size).fillColor(INK)
      for (const [n, line] of lines.entries())
        this.#put(line, x + CELL_PADDING, this.#y + CELL_PADDING + n * size * LEADING, size)
      x += width
    }
    this.#y += height
  }

  #code({ content, lines }: Block<'code'>): void {
    const { body, margin } = this.#sizes
    this.#y += body * 0.6
    this.#makeRoom(CODE_SIZE)
    const { data, size } = qrcode.create(content, { errorCorrectionLevel: 'M' }).modules
    const module = CODE_SIZE / size
    for (let i = 0; i < data.length; i++)
      if (data[i])
        // A hair wider than its place, else printers leave white lines between.
        this.#pdf.rect(
          margin + (i % size) * module,
          this.#y + Math.floor(i / size) * module,
          module + 0.05,
          module + 0.05,
        )
    this.#pdf.fill('#000000')
    const top = this.#y
    for (const line of lines) this.#lines(line, { size: body, indent: CODE_SIZE + 16 })
    this.#y = Math.max(this.#y, top + CODE_SIZE) + body * 0.5
  }

  #signatures({ names, images = [] }: Block<'signatures'>): void {
    const { body, margin } = this.#sizes
    const width = this.#width / names.length
    this.#makeRoom(body * 5)
    this.#y += body * 2.5
    for (const [i, name] of names.entries()) {
      const x = margin + i * width
      this.#pdf.font('regular').fontSize(body).fillColor(INK)
      this.#put(name, x, this.#y, body)
      const from = x + this.#pdf.widthOfString(name) + 6
      this.#pdf.moveTo(from, this.#y + body * 1.4).lineTo(x + width - 16, this.#y + body * 1.4)
      this.#pdf.lineWidth(0.7).stroke(INK)
      const image = images[i]
      // Drawn on the line, a little into it, as by hand.
      if (image)
        this.#pdf.image(Buffer.from(image), from, this.#y - body * 1.9, {
          fit: [width - 24 - (from - x), body * 3.2],
        })
    }
    this.#y += body * 2.5
  }

  #lines(
    text: string,
    style: { size: number; font?: 'regular' | 'bold'; color?: string; indent?: number; isCentred?: boolean },
  ): void {
    const { size, font = 'regular', color = INK, indent = 0, isCentred = false } = style
    for (const line of this.#broken(text, this.#width - indent, size, font)) {
      this.#makeRoom(size * LEADING)
      this.#pdf.font(font).fontSize(size).fillColor(color)
      const spare = isCentred ? (this.#width - this.#pdf.widthOfString(line)) / 2 : 0
      this.#put(line, this.#sizes.margin + indent + spare, this.#y, size)
      this.#y += size * LEADING
    }
  }

  #broken(text: string, width: number, size: number, font: 'regular' | 'bold'): string[] {
    this.#pdf.font(font).fontSize(size)
    return breakLines(text, width, each => this.#pdf.widthOfString(each))
  }

  /** One line in the middle of its line height. */
  #put(line: string, x: number, y: number, size: number): void {
    this.#pdf.text(line, x, y + (size * LEADING) / 2, { lineBreak: false, baseline: 'middle' })
  }

  #rule(color: string, width: number): void {
    const { margin } = this.#sizes
    this.#pdf
      .moveTo(margin, this.#y)
      .lineTo(margin + this.#width, this.#y)
      .lineWidth(width)
      .stroke(color)
  }

  #makeRoom(height: number): void {
    if (this.#y + height <= this.#bottom) return
    this.#pdf.addPage()
    this.#y = this.#sizes.margin
  }

  #writeFooters(): void {
    const { start, count } = this.#pdf.bufferedPageRange()
    const { small, margin } = this.#sizes
    for (let page = start; page < start + count; page++) {
      this.#pdf.switchToPage(page)
      // What is written below the margin would else begin a page.
      this.#pdf.page.margins.bottom = 0
      const y = this.#pdf.page.height - margin
      const number = `${page + 1} / ${count}`
      this.#pdf.font('regular').fontSize(small).fillColor(SOFT)
      const right = margin + this.#width - this.#pdf.widthOfString(number)
      const [footer = ''] = breakLines(this.#document.footer, right - margin - 12, each =>
        this.#pdf.widthOfString(each),
      )
      this.#put(footer, margin, y, small)
      this.#put(number, right, y, small)
    }
  }
}
