import { describe, expect, it } from 'vitest'
import { authorise, whoMay } from '../../../src/guidance/authority.ts'
import { shippedContent } from '../../support/test-line.ts'

const { authority, items } = await shippedContent()
const item = (id: string) => items.find(each => each.id === id)!
const market = 'market-supervision'

describe('who holds the authority decides; who does not, cannot', () => {
  it('a clerk takes in, and does not decide', () => {
    const food = item('food-business')
    expect(
      authorise(authority, { department: market, post: 'clerk', act: 'accept', item: food }).isAllowed,
    ).toBe(true)
    expect(authorise(authority, { department: market, post: 'clerk', act: 'decide', item: food })).toEqual({
      isAllowed: false,
      because: 'no-grant',
    })
  })

  it.each([
    [3000, true],
    [3001, false],
  ])('an approver decides on a shop of %d m²: %s', (area, isAllowed) => {
    const amounts = { 'floor-area': area }
    const wanted = {
      department: market,
      post: 'approver',
      act: 'decide' as const,
      item: item('food-business'),
      amounts,
    }
    expect(authorise(authority, wanted).isAllowed).toBe(isAllowed)
    if (!isAllowed) {
      expect(authorise(authority, wanted)).toMatchObject({
        because: 'beyond',
        measure: 'floor-area',
        upTo: 3000,
      })
      expect(whoMay(authority, wanted)).toEqual([{ department: market, post: 'head' }])
    }
  })

  it('a size that is not known counts as too large', () => {
    const wanted = {
      department: market,
      post: 'approver',
      act: 'decide' as const,
      item: item('food-business'),
    }
    expect(authorise(authority, wanted)).toMatchObject({ isAllowed: false, because: 'beyond' })
  })

  it('another department has none, unless the item is named for it', () => {
    const wanted = { department: 'health', post: 'head', act: 'decide' as const, item: item('food-business') }
    expect(authorise(authority, wanted).isAllowed).toBe(false)
    const relief = item('temporary-relief')
    const worker = { department: 'lishi-street', post: 'community-worker', item: relief }
    expect(authorise(authority, { ...worker, act: 'accept' }).isAllowed).toBe(true)
    expect(authorise(authority, { ...worker, act: 'decide' }).isAllowed).toBe(false)
  })
})
