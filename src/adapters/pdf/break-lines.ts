/** No line begins with these (GB/T 15834: closing marks, stops), nor ends with those that open. */
const NEVER_FIRST = '，。、；：？！）》〉」』】〕”’…—·％℃,.;:?!)]}%'
const NEVER_LAST = '（《〈「『【〔“‘([{'

/**
 * Breaks a text into lines of at most a width, as Chinese is set: between any two ideographs, words of other scripts whole, never
 * with a stop at the beginning or an opening mark at the end of a line. A word longer than a line is cut.
 * @param measure width of a text in the same unit as `width`
 */
export function breakLines(text: string, width: number, measure: (text: string) => number): string[] {
  return text.split('\n').flatMap(paragraph => breakParagraph(paragraph, width, measure))
}

function breakParagraph(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of piecesOf(text).flatMap(each => cutToFit(each, width, measure))) {
    if (line !== '' && measure((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd())
      line = piece.trimStart()
    } else line += piece
  }
  return [...lines, line.trimEnd()]
}

/** What stays together: an ideograph or a word, with the marks that may not part from it. */
function piecesOf(text: string): string[] {
  const units = text.match(/[\p{Script=Latin}\p{N}_@#/&+'’.-]*[\p{Script=Latin}\p{N}]|\s+|./gu) ?? []
  const pieces: string[] = []
  let isHeld = false
  for (const unit of units) {
    const sticks = isHeld || [...unit].every(sign => NEVER_FIRST.includes(sign))
    if (sticks && pieces.length > 0) pieces[pieces.length - 1] += unit
    else pieces.push(unit)
    isHeld = NEVER_LAST.includes(unit)
  }
  return pieces
}

function cutToFit(piece: string, width: number, measure: (text: string) => number): string[] {
  if (measure(piece) <= width) return [piece]
  const parts: string[] = []
  let part = ''
  for (const sign of piece) {
    if (part !== '' && measure(part + sign) > width) {
      parts.push(part)
      part = ''
    }
    part += sign
  }
  return [...parts, part]
}
