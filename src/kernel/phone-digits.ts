/** A phone as digits only, without the country's own code before a mobile and with `00` for another's; null when it is none. */
export function phoneDigits(said: string): string | null {
  const digits = said.replace(/[\s().-]/g, '').replace(/^(?:\+|00)?86(?=1[3-9]\d{9}$)/, '')
  return /^\+?\d{5,15}$/.test(digits) ? digits.replace('+', '00') : null
}
