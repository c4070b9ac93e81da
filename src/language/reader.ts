import { type Normalised, normalise } from './normalise.ts'
import { createRewriter } from './rewriting.ts'
import type { Lexicon } from './schemas.ts'
import { createSegmenter, type Token } from './segment.ts'

/** A text made readable: cleaned, typos and dialect mapped, cut into words. */
export interface Reading {
  normalised: Normalised
  /** Offsets into `normalised.text`. */
  tokens: Token[]
}

/** Reads texts with one lexicon. */
export type Reader = (text: string) => Reading

/** Builds a reader; it holds the segmenter's dictionary, so one is shared by training and understanding. */
export function createReader(lexicon: Lexicon, moreWords: Iterable<string> = []): Reader {
  const segmenter = createSegmenter([...lexicon.words, ...lexicon.synonyms.flat(), ...moreWords])
  const rewrite = createRewriter(lexicon)
  return text => {
    const normalised = rewrite(normalise(text))
    return { normalised, tokens: segmenter.cut(normalised.text) }
  }
}
