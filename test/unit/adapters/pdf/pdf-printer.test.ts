import { describe, expect, it } from 'vitest'
import { createPdfPrinter } from '../../../../src/adapters/pdf/pdf-printer.ts'
import type { PrintedDocument } from '../../../../src/usecases/printed-document.ts'

const printer = createPdfPrinter()
const document = (blocks: PrintedDocument['blocks']): PrintedDocument => ({
  language: 'zh-Hans',
  title: '办事清单',
  author: '一号',
  size: 'A4',
  footer: '示例',
  madeAt: new Date('2026-11-24T02:00:00Z'),
  blocks,
})
const textOf = (file: Uint8Array) => Buffer.from(file).toString('latin1')

describe('documents in PDF', () => {
  it('carry their own typeface, so that they read the same everywhere', async () => {
    const file = textOf(await printer.print(document([{ is: 'title', text: '食品经营许可、裡面、臺灣' }])))
    expect(file.startsWith('%PDF-1.')).toBe(true)
    expect(file).toMatch(/\/FontFile2 /)
    expect(file).toMatch(/NotoSansSC/)
    expect(file).toMatch(/\/Lang \(zh-Hans\)/)
  })

  it('hold every kind of block, and go on over pages', async () => {
    const many = Array.from({ length: 80 }, (_, i) => ({ text: `材料${i}`, notes: ['原件1份'] }))
    const file = await printer.print(
      document([
        { is: 'heading', text: '材料' },
        { is: 'paragraph', text: '小字', isSmall: true },
        { is: 'checklist', items: many },
        { is: 'table', head: ['步骤', '时限'], rows: [['受理', '1天']], widths: [1, 2] },
        { is: 'code', content: 'https://example.cn/guide/x#1AB', lines: ['扫码接着看'] },
        { is: 'signatures', names: ['申请人：', '日期：'] },
      ]),
    )
    expect(textOf(file)).toMatch(/\/Count [4-9]\b/)
    expect(file.length, 'only the glyphs that are used').toBeLessThan(200_000)
  })
})
