import { AlignmentType, Document, Footer, Packer, PageNumber, Paragraph, Tab, TextRun } from 'docx'
import type { DocumentPrinter, PrintedDocument } from '../../usecases/printed-document.ts'
import { BODY, CHINESE, SIZES } from './page-style.ts'
import { writeBlock } from './write-block.ts'

/**
 * Prints DOCX of the same blocks as the PDF, to be edited on: Chinese type for ideographs and Latin for the rest, first lines two
 * characters in, the page's number at the foot. Breaking lines is the reader's matter, which knows where no stop may stand.
 */
export function createDocxPrinter(): DocumentPrinter {
  return {
    async print(document) {
      return Packer.toBuffer(wholeDocument(document))
    },
  }
}

function wholeDocument(document: PrintedDocument): Document {
  const { title, author, footer, size, blocks } = document
  return new Document({
    title,
    creator: author,
    styles: {
      default: { document: { run: { font: CHINESE, size: BODY, language: { eastAsia: 'zh-CN' } } } },
    },
    sections: [
      {
        properties: { page: SIZES[size] },
        footers: { default: new Footer({ children: [footerLine(footer)] }) },
        children: blocks.flatMap(writeBlock),
      },
    ],
  })
}

function footerLine(text: string): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [
      new TextRun({ children: [text, new Tab()], size: 18 }),
      new TextRun({ children: ['第', PageNumber.CURRENT, '页　共', PageNumber.TOTAL_PAGES, '页'], size: 18 }),
    ],
  })
}
