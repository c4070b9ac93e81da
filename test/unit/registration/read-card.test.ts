import { describe, expect, it } from 'vitest'
import { readCard } from '../../../src/registration/read-card.ts'
import { FOUNDER } from '../../support/sample-registration.ts'

const address = '辽宁省抚顺市新抚区样例街1号'

describe('what a card reader types', () => {
  it.each([
    `赵一满|${FOUNDER}|${address}|20160501-20360501`,
    `${FOUNDER}, 赵一满, ${address}, 2016.05.01-2036.05.01`,
    `赵一满\t${address}\t${FOUNDER.toLowerCase()}\t2036-05-01`,
  ])('is put in its place: %s', typed => {
    expect(readCard(typed)).toEqual({ name: '赵一满', idNumber: FOUNDER, address, validUntil: '2036-05-01' })
  })

  it('knows a card without an end, and leaves out what is not there', () => {
    expect(readCard(`${FOUNDER}|长期`)).toEqual({ idNumber: FOUNDER, validUntil: 'long' })
    expect(readCard('hello')).toEqual({})
  })
})
