import { describe, expect, it } from 'vitest'
import { createReader } from '../../../src/language/reader.ts'
import { lexiconSchema } from '../../../src/language/schemas.ts'
import { createIndex } from '../../../src/language/similarity.ts'

const read = createReader(lexiconSchema.parse({ words: ['居住证'] }))
const index = createIndex(
  [
    { id: 'heating', text: '供暖期和室温标准，暖气不热找谁' },
    { id: 'permit', text: '居住证申领需要哪些材料' },
    { id: 'dogs', text: '养犬登记，狗证怎么办' },
  ],
  { read, synonyms: [['暖气', '供热', '采暖']] },
)

describe('similarity', () => {
  it.each([
    ['居住证怎么办', 'permit'],
    ['居住證需要什麼材料', 'permit'],
    ['采暖什么时候开始', 'heating'],
    ['狗证在哪办', 'dogs'],
  ])('%s finds %s first', (text, id) => {
    expect(index.search(text, 3)[0]?.id).toBe(id)
  })

  it('finds nothing where no word is shared, and no more than was asked for', () => {
    expect(index.search('飞机', 3)).toEqual([])
    expect(index.search('供暖 居住证 养犬登记', 2)).toHaveLength(2)
  })

  it('the same search twice gives the same scores', () => {
    expect(index.search('居住证材料', 3)).toEqual(index.search('居住证材料', 3))
  })
})
