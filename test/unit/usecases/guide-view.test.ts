import { describe, expect, it } from 'vitest'
import { allSituations } from '../../../src/guidance/situation.ts'
import { LOCALES } from '../../../src/language/understanding.ts'
import { searchGuides } from '../../../src/usecases/find-guides.ts'
import { answersOfCode } from '../../../src/usecases/guide.ts'
import { viewGuide } from '../../../src/usecases/guide-view.ts'
import type { Store } from '../../../src/usecases/ports.ts'
import { printGuide } from '../../../src/usecases/print-guide.ts'
import type { PrintedDocument } from '../../../src/usecases/printed-document.ts'
import { createTestLine } from '../../support/test-line.ts'

const line = await createTestLine({} as Store)
const shop = { trade: 'drinks', place: 'rent', size: 'small', 'signboard.light': 'no' }

describe('what one person needs, in words', () => {
  it('can be told of every item in every situation and language, with no key showing', () => {
    for (const item of line.content.items)
      for (const answers of allSituations(item.questions).slice(0, 4))
        for (const locale of LOCALES) {
          const told = JSON.stringify(viewGuide(line, item.id, answers, locale))
          expect(told, `${item.id} ${locale}`).not.toMatch(/guide\.|\{\{|undefined|NaN/)
        }
  })

  it('says of each document why it is asked for', () => {
    const { documents } = viewGuide(
      line,
      'food-business',
      { trade: 'drinks', place: 'rent', licence: 'yes' },
      'zh-Hans',
    )
    const lease = documents.find(({ id }) => id === 'lease')!
    expect(lease.notes).toContain('因为您说：店面是谁的？租的')
  })

  it('is Traditional where that is read', () => {
    expect(viewGuide(line, 'household-birth', {}, 'zh-Hant').name).toBe('新生兒落戶')
  })

  it('a code brings the answers back, of items and of bundles', () => {
    const view = viewGuide(line, 'open-shop', shop, 'en')
    expect(view.question).toBeNull()
    expect(answersOfCode(line, 'open-shop', view.code)).toEqual(shop)
    expect(() => answersOfCode(line, 'open-shop', 'ZZZZZZ')).toThrow('guide-code-invalid')
    expect(() => answersOfCode(line, 'nothing', view.code)).toThrow('guide-not-found')
  })

  it('the words of the issue find what they mean', () => {
    const first = (words: string) => searchGuides(line, words, 'zh-Hans')[0]?.id
    expect(first('娃上户口')).toBe('household-birth')
    expect(first('摆摊')).toBe('stall-place')
    expect(first('开个奶茶店')).toBe('open-shop')
  })

  it('on paper: the documents, a code that leads back, and that it is a sample', async () => {
    const printed: PrintedDocument[] = []
    const printer = {
      async print(document: PrintedDocument) {
        printed.push(document)
        return new Uint8Array()
      },
    }
    const base = 'https://line.example/'
    await printGuide(line, { id: 'open-shop', answers: shop, locale: 'zh-Hans', base }, printer)
    const [{ blocks, footer }] = printed as [PrintedDocument]
    const code = blocks.find(({ is }) => is === 'code') as { content: string }
    expect(code.content).toBe(
      `https://line.example/guide/open-shop#${viewGuide(line, 'open-shop', shop, 'en').code}`,
    )
    const list = blocks.find(({ is }) => is === 'checklist') as { items: { text: string }[] }
    expect(list.items.map(({ text }) => text)).toContain('房屋租赁合同')
    expect(footer).toContain('示例数据')
  })
})
