import {
  AlignmentType,
  ImageRun,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx'
import type { PrintedBlock } from '../../usecases/printed-document.ts'
import { HEADING, INDENT, LINE, SMALL, STRONG, TEXT_WIDTH, TITLE } from './page-style.ts'

type Block<Kind extends PrintedBlock['is']> = Extract<PrintedBlock, { is: Kind }>

/** Pixels in which a drawn signature stands. */
const SIGNATURE = { width: 120, height: 45 }

/** One block in the order of the page. A code's picture is for paper alone: here stands what it leads to. */
export function writeBlock(block: PrintedBlock): (Paragraph | Table)[] {
  switch (block.is) {
    case 'title':
      return titleLines(block)
    case 'heading':
      return [
        line(block.text, { size: HEADING, font: STRONG }, { keepNext: true, spacing: spacingOf(240, 80) }),
      ]
    case 'paragraph':
      return [
        line(block.text, block.isSmall ? { size: SMALL } : {}, {
          alignment: AlignmentType.BOTH,
          spacing: spacingOf(0, 40),
          ...(block.isIndented ? { indent: { firstLine: INDENT } } : {}),
        }),
      ]
    case 'table':
      return [tableOf(block), line('', { size: 12 })]
    case 'checklist':
      return block.items.flatMap(({ text, notes }) => [
        line(`□　${text}`, { font: STRONG }),
        ...notes.map(note => line(note, { size: SMALL }, { indent: { left: INDENT } })),
      ])
    case 'code':
      return [...block.lines, block.content].map(text => line(text))
    case 'signatures':
      return signatureLines(block)
  }
}

type RunStyle = { size?: number; font?: typeof STRONG }
type LineStyle = Partial<ConstructorParameters<typeof Paragraph>[0] & object>

function line(text: string, run: RunStyle = {}, style: LineStyle = {}): Paragraph {
  return new Paragraph({ spacing: spacingOf(0, 0), ...style, children: [new TextRun({ text, ...run })] })
}

const spacingOf = (before: number, after: number) => ({ before, after, line: LINE })

function titleLines({ text, above, below }: Block<'title'>): Paragraph[] {
  const centred = { alignment: AlignmentType.CENTER }
  return [
    ...(above ? [line(above, {}, centred)] : []),
    line(text, { size: TITLE, font: STRONG }, { ...centred, spacing: spacingOf(0, 120) }),
    ...(below ? [line(below, {}, { ...centred, spacing: spacingOf(0, 240) })] : []),
  ]
}

function tableOf({ head, rows, widths, hasNames }: Block<'table'>): Table {
  const sum = widths.reduce((all, each) => all + each, 0)
  const columns = widths.map(each => Math.round((each / sum) * TEXT_WIDTH))
  const rowOf = (cells: readonly string[], isHead: boolean) =>
    new TableRow({
      tableHeader: isHead,
      cantSplit: true,
      children: columns.map((width, i) =>
        cellOf(cells[i] ?? '', width, { isHead, isName: isHead || (hasNames === true && i === 0) }),
      ),
    })
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: TEXT_WIDTH, type: WidthType.DXA },
    columnWidths: columns,
    rows: [...(head ? [rowOf(head, true)] : []), ...rows.map(row => rowOf(row, false))],
  })
}

function cellOf(
  text: string,
  width: number,
  { isHead, isName }: { isHead: boolean; isName: boolean },
): TableCell {
  return new TableCell({
    width: { size: width, type: WidthType.DXA },
    verticalAlign: VerticalAlign.CENTER,
    margins: { top: 60, bottom: 60, left: 100, right: 100 },
    ...(isHead ? { shading: { type: ShadingType.CLEAR, fill: 'EEEEEE' } } : {}),
    children: [
      new Paragraph({
        spacing: { line: 300 },
        children: [new TextRun({ text, size: 21, ...(isName ? { font: STRONG } : {}) })],
      }),
    ],
  })
}

function signatureLines({ names, images = [] }: Block<'signatures'>): Paragraph[] {
  return names.map((name, i) => {
    const image = images[i]
    const drawn = image
      ? new ImageRun({ type: 'png', data: Buffer.from(image), transformation: SIGNATURE })
      : new TextRun({ text: '＿＿＿＿＿＿＿＿' })
    return new Paragraph({
      keepLines: true,
      spacing: { before: 160, after: 40 },
      children: [new TextRun({ text: `${name}（签名）：` }), drawn],
    })
  })
}
