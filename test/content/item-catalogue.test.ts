import { describe, expect, it } from 'vitest'
import { shippedContent } from '../support/test-line.ts'

const { items, catalogue, bundles } = await shippedContent()
const on = (platform: string) =>
  catalogue.categories.filter(category => category.platform === platform).map(({ id }) => id)

describe('the catalogue holds what the article names', () => {
  it('8 categories with 82 items at the community', () => {
    expect(on('community')).toHaveLength(8)
    expect(items.filter(({ category }) => on('community').includes(category))).toHaveLength(82)
  })

  it('items of the enterprise platform, and delegated rights of four kinds', () => {
    expect(items.filter(({ category }) => on('enterprise').includes(category)).length).toBeGreaterThan(50)
    const kinds = new Set(items.filter(({ delegated }) => delegated).map(({ kind }) => kind))
    expect([...kinds].toSorted()).toEqual(['confirmation', 'levy', 'licence', 'other'])
  })

  it('several lives’ moments as one thing', () => {
    expect(bundles.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['open-shop', 'birth', 'retirement', 'passing']),
    )
  })
})
