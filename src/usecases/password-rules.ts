import { AppError } from '../kernel/errors.ts'

/** Characters of a password at least. Length is what helps; signs and capitals only make it harder to keep in mind. */
export const SHORTEST_PASSWORD = 10

/** Of what people choose most, as far as it is long enough; compared without case. Digits in rows are found apart. */
const COMMON = new Set([
  'password01',
  'password12',
  'password123',
  'password1234',
  'passw0rd123',
  'p@ssword123',
  'p@ssw0rd123',
  'admin12345',
  'admin123456',
  'admin@12345',
  'administrator',
  'qwertyuiop',
  'qwerty12345',
  'qwerty123456',
  'qwer123456',
  '1q2w3e4r5t',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  '1qaz@wsx3edc',
  'qazwsxedcrfv',
  'asdfghjkl123',
  'zxcvbnm123',
  'abcd123456',
  'abc1234567',
  'a123456789',
  'aa123456789',
  'woaini1314',
  'woaini520520',
  'woaini5201314',
  'iloveyou123',
  'welcome123',
  'changeme123',
  'letmein123',
  'guanliyuan',
  'zhengfu12345',
  'shizhang12345',
  'china12345',
  'beijing2008',
])

const RISING = '01234567890123456789'
const FALLING = [...RISING].reverse().join('')

/** @throws AppError `password-too-short`, `password-known` when it is the login, much used, or one sign or a row of digits */
export function checkNewPassword(password: string, login: string): void {
  const plain = password.normalize('NFKC').trim().toLowerCase()
  if ([...plain].length < SHORTEST_PASSWORD)
    throw new AppError('password-too-short', { shortest: SHORTEST_PASSWORD })
  if (isGuessed(plain, login.toLowerCase())) throw new AppError('password-known')
}

function isGuessed(plain: string, login: string): boolean {
  const withoutLogin = plain.replaceAll(login, '')
  // The login and a year, or the login twice, is the login.
  const isLogin = plain.includes(login) && /^\d{0,4}$/.test(withoutLogin)
  const isOneSign = new Set(plain).size === 1
  return isLogin || isOneSign || RISING.includes(plain) || FALLING.includes(plain) || COMMON.has(plain)
}
