import { describe, expect, test } from 'vitest'
import { isAppError } from '../../../src/kernel/errors.ts'
import { checkNewPassword } from '../../../src/usecases/password-rules.ts'

function refusalOf(password: string, login = 'li.wei.2026'): string | null {
  try {
    checkNewPassword(password, login)
    return null
  } catch (error) {
    return isAppError(error) ? error.code : String(error)
  }
}

describe('a new password', () => {
  test.each([
    ['', 'password-too-short'],
    ['十个字以内不行', 'password-too-short'],
    ['123456789', 'password-too-short'],
    ['         a', 'password-too-short'],
    ['1234567890', 'password-known'],
    ['9876543210', 'password-known'],
    ['aaaaaaaaaaaa', 'password-known'],
    ['Password123', 'password-known'],
    ['ｐａｓｓｗｏｒｄ１２３', 'password-known'],
    ['QWERTYUIOP', 'password-known'],
    ['Li.Wei.2026', 'password-known'],
    ['li.wei.20261234', 'password-known'],
    ['li.wei.2026li.wei.2026', 'password-known'],
  ])('%j is refused: %s', (password, code) => {
    expect(refusalOf(password)).toBe(code)
  })

  test.each(['路灯坏了三天没人来修啊', 'correct horse battery', 'li.wei.2026 mows the lawn', 'K7MPQ2XABC'])(
    '%j is taken',
    password => {
      expect(refusalOf(password)).toBeNull()
    },
  )
})
