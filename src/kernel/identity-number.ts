/** First two digits: provinces, autonomous regions, municipalities, and the three regions of 71, 81 and 82. */
const REGIONS =
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(
    ' ',
  )
const SHAPE = /^(?<region>\d{2})\d{4}(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})\d{3}[\dX]$/
const CHECK_CHARACTERS = '10X98765432'
const EARLIEST_YEAR = 1880

/**
 * Is it a citizen identification number (公民身份号码, GB 11643-1999): region, a date that exists, check character by ISO 7064
 * MOD 11-2? With `today` (a local date, `2026-11-24`) whoever is not born yet has none.
 */
export function isIdentityNumber(text: string, today?: string): boolean {
  const parts = SHAPE.exec(text)?.groups
  if (!parts || !REGIONS.includes(parts.region!)) return false
  const born = `${parts.year}-${parts.month}-${parts.day}`
  if (Number(parts.year) < EARLIEST_YEAR || !isDate(born) || (today !== undefined && born > today))
    return false
  return checkCharacter(text) === text.at(-1)
}

/** Of the first 17 digits: weights are the powers of two, modulo eleven. */
function checkCharacter(text: string): string {
  const sum = [...text.slice(0, 17)].reduce((left, digit) => (left + Number(digit)) * 2, 0)
  return CHECK_CHARACTERS[sum % 11]!
}

function isDate(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}
