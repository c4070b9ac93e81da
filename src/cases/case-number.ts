/**
 * Case numbers: `YYMMDD`, a five-digit sequence of that day, and a check digit by ISO/IEC 7064 MOD 11,10
 * (GB/T 17710), which catches every single wrong digit: 12 digits, e.g. `261124000010`.
 */
const LENGTH = 12

/** Highest sequence of a day. */
export const MAX_SEQUENCE = 99_999

/** @param localDate e.g. `2026-11-24`  @param sequence 1 to 99999 */
export function caseNumber(localDate: string, sequence: number): string {
  if (sequence < 1 || sequence > MAX_SEQUENCE) throw new RangeError(`case sequence ${sequence} out of range`)
  const body = localDate.slice(2).replaceAll('-', '') + String(sequence).padStart(5, '0')
  return body + checkDigit(body)
}

/** Is this a number that the line can have given out? Blanks and dashes must be gone. */
export function isCaseNumber(text: string): boolean {
  return text.length === LENGTH && /^\d+$/.test(text) && checkDigit(text.slice(0, -1)) === text.at(-1)
}

function checkDigit(body: string): string {
  let product = 10
  for (const digit of body) {
    const sum = (product + Number(digit)) % 10 || 10
    product = (sum * 2) % 11
  }
  return String((11 - product) % 10)
}

/** For people: `261124 00001 0`. */
export function formatCaseNumber(number: string): string {
  return `${number.slice(0, 6)} ${number.slice(6, 11)} ${number.slice(11)}`
}
