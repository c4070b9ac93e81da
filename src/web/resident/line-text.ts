/** A piece of a text; `call` is what to dial when it is tapped. */
export interface Piece {
  text: string
  call: string | null
}

// Land lines with an area code, mobile numbers, and the short numbers that everybody knows. Never a piece of a longer number.
const PHONE = /(^|[^\d-])(0\d{2,3}-\d{7,8}|1[3-9]\d{9}|110|119|120|122|12345|8890)(?![\d-])/g
// Before a letter these are a name (8890便民服务热线), not a number to call.
const NAMES = ['12345', '8890']

/** Splits what the line says so that phone numbers can be tapped. */
export function linkPhones(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(PHONE)) {
    const number = match[2]!
    const start = match.index + match[1]!.length
    if (NAMES.includes(number) && /^\p{L}/u.test(text.slice(start + number.length))) continue
    if (start > end) pieces.push({ text: text.slice(end, start), call: null })
    pieces.push({ text: number, call: number.replace(/\D/g, '') })
    end = start + number.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), call: null })
  return pieces
}
