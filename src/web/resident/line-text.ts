/** A piece of a text; `href` is where a tap leads: a number to dial, or a page of ours. */
export interface Piece {
  text: string
  href: string | null
}

// Land lines with an area code, mobile numbers, and the short numbers that everybody knows. Never a piece of a longer number.
const PHONE = /(^|[^\d-])(0\d{2,3}-\d{7,8}|1[3-9]\d{9}|110|119|120|122|12345|8890)(?![\d-])/g
// Only pages of our own are made links: what stands before the path is the address that people know us by.
const PAGE =
  /(?:https?:\/\/[^\s/]+)?(\/(?:(?:guide|apply)\/[a-z0-9-]+|book)(?:#[0-9A-Z]+)?|\/ticket#[0-9A-Z]+|\/hall(?![a-z/]))/g
// Before a letter these are a name (8890便民服务热线), not a number to call.
const NAMES = ['12345', '8890']

/** Splits what the line says so that phone numbers and our pages can be tapped. */
export function linkText(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(PAGE)) {
    pieces.push(...linkPhones(text.slice(end, match.index)), { text: match[0], href: match[1]! })
    end = match.index + match[0].length
  }
  return [...pieces, ...linkPhones(text.slice(end))]
}

function linkPhones(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(PHONE)) {
    const number = match[2]!
    const start = match.index + match[1]!.length
    if (NAMES.includes(number) && /^\p{L}/u.test(text.slice(start + number.length))) continue
    if (start > end) pieces.push({ text: text.slice(end, start), href: null })
    pieces.push({ text: number, href: `tel:${number.replace(/\D/g, '')}` })
    end = start + number.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null })
  return pieces
}
