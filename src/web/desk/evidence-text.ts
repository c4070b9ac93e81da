export interface Evidence {
  feature: string
  weight: number
}

/** A piece of the caller's words; `strength` 0 to 1 says how much it decided. */
export interface Piece {
  text: string
  strength: number
}

/**
 * Cuts the caller's own words where evidence stands in them. The evidence is of the normalised text, so what was normalised
 * away (typos, Traditional characters) is not found here and only listed beside it.
 */
export function highlight(words: string, evidence: readonly Evidence[]): Piece[] {
  const speaking = evidence.filter(({ weight, feature }) => weight > 0 && feature !== '')
  const strongest = Math.max(...speaking.map(({ weight }) => weight), 0)
  const strengths = new Array<number>(words.length).fill(0)
  const lower = words.toLowerCase()
  for (const { feature, weight } of speaking) {
    const wanted = feature.toLowerCase()
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length)) {
      for (let index = at; index < at + wanted.length; index++)
        strengths[index] = Math.max(strengths[index]!, weight / strongest)
    }
  }
  return piecesOf(words, strengths)
}

function piecesOf(words: string, strengths: readonly number[]): Piece[] {
  const pieces: Piece[] = []
  for (let index = 0; index < words.length; index++) {
    const last = pieces.at(-1)
    if (last && last.strength === strengths[index]) last.text += words[index]
    else pieces.push({ text: words[index]!, strength: strengths[index]! })
  }
  return pieces
}
