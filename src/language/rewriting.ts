import type { Normalised } from './normalise.ts'
import type { Lexicon } from './schemas.ts'

/** Replaces typos and dialect by what is meant; spans still lead back to the person's own text. */
export type Rewriter = (normalised: Normalised) => Normalised

/** Builds the rewriter out of the lexicon. At each place the longest entry wins. */
export function createRewriter(lexicon: Pick<Lexicon, 'dialect' | 'typos'>): Rewriter {
  const byFirst = new Map<string, [from: string, to: string][]>()
  for (const [from, to] of [...Object.entries(lexicon.dialect), ...Object.entries(lexicon.typos)]) {
    if (from === to || from.length < 2) continue
    const group = byFirst.get(from[0]!) ?? []
    group.push([from, to])
    byFirst.set(from[0]!, group)
  }
  for (const group of byFirst.values()) group.sort((a, b) => b[0].length - a[0].length)
  const firsts = new Uint8Array(0x10000)
  for (const first of byFirst.keys()) firsts[first.charCodeAt(0)] = 1
  return normalised => rewrite(normalised, { firsts, byFirst })
}

/** By first character; most characters of a text begin nothing, which is looked up without making a string. */
interface Entries {
  firsts: Uint8Array
  byFirst: Map<string, [from: string, to: string][]>
}

function rewrite(normalised: Normalised, { firsts, byFirst }: Entries): Normalised {
  const { text } = normalised
  const edits: { at: number; from: string; to: string }[] = []
  for (let at = 0; at < text.length; at++) {
    if (firsts[text.charCodeAt(at)] === 0) continue
    const found = byFirst.get(text[at]!)?.find(([from]) => text.startsWith(from, at))
    if (!found) continue
    edits.push({ at, from: found[0], to: found[1] })
    at += found[0].length - 1
  }
  if (edits.length === 0) return normalised
  const pieces: string[] = []
  const from: number[] = []
  const to: number[] = []
  let copied = 0
  const keepUntil = (end: number) => {
    pieces.push(text.slice(copied, end))
    for (; copied < end; copied++) {
      from.push(copied)
      to.push(copied + 1)
    }
  }
  for (const edit of edits) {
    keepUntil(edit.at)
    pieces.push(edit.to)
    copied = edit.at + edit.from.length
    for (let i = 0; i < edit.to.length; i++) {
      from.push(edit.at)
      to.push(copied)
    }
  }
  keepUntil(text.length)
  return {
    ...normalised,
    text: pieces.join(''),
    toOriginal: ({ start, end }) =>
      normalised.toOriginal({
        start: from[start] ?? text.length,
        end: end > start ? (to[end - 1] ?? text.length) : (from[start] ?? text.length),
      }),
  }
}
