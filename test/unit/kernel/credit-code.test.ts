import { expect, test } from 'vitest'
import { isCreditCode } from '../../../src/kernel/credit-code.ts'

test.each(['91350100M000100Y43', '91210100MA0P1XXXXE', '912101127000000019'])(
  '%s is a unified social credit code',
  code => {
    expect(isCreditCode(code)).toBe(true)
  },
)

test.each([
  ['a wrong check character', '91350100M000100Y44'],
  ['two characters that changed places', '91350100M000010Y43'],
  ['a letter that there is not', '91350100M0001O0Y43'],
  ['small letters', '91350100m000100y43'],
  ['too short', '91350100M000100Y4'],
  ['too long', '91350100M000100Y433'],
  ['nothing', ''],
  ['half a character', `91350100M000100Y4\ud800`],
])('%s makes it none', (_, code) => {
  expect(isCreditCode(code)).toBe(false)
})

test('any one character that is read wrongly is noticed', () => {
  const code = '91350100M000100Y43'
  for (let i = 0; i < code.length; i++)
    for (const other of '0123456789ABCDEFGHJKLMNPQRTUWXY')
      if (other !== code[i]) expect(isCreditCode(code.slice(0, i) + other + code.slice(i + 1))).toBe(false)
})
