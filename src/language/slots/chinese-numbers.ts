/** A number as written in digits or in Chinese characters, for use inside other expressions. */
export const NUMBER = '(?:\\d{1,4}|[零〇一二两三四五六七八九十百]{1,5})'

const DIGITS: Record<string, number> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}

/** The value of what `NUMBER` matches: `12`, `十二`, `二十`, `两百零三`, `二〇二四`. NaN when it is no number. */
export function numberOf(written: string): number {
  if (/^\d+$/.test(written)) return Number(written)
  if (!/[十百]/.test(written)) {
    const digits = [...written].map(char => DIGITS[char])
    return digits.every(digit => digit !== undefined) && digits.length > 0
      ? Number(digits.join(''))
      : Number.NaN
  }
  const match = /^(?:(.)百零?)?(?:(.?)十)?(.?)$/u.exec(written)
  if (!match) return Number.NaN
  const [, hundreds, tens, ones] = match
  const value = (char: string | undefined, whenEmpty: number) =>
    char ? (DIGITS[char] ?? Number.NaN) : whenEmpty
  return value(hundreds, 0) * 100 + (tens === undefined ? 0 : value(tens, 1) * 10) + value(ones, 0)
}
