export { formatCaseNumber, isCaseNumber } from '../../cases/case-number.ts'

/** What a person typed or pasted, reduced to digits: full-width digits, blanks and dashes allowed. */
export function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '')
}
