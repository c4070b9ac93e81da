import { z } from 'zod'
import type { Span } from '../language/understanding.ts'

const words = z.array(z.string().min(1).toLowerCase()).min(1)

/** `intents/talk.yaml`: words of talk. */
export const talkWordsSchema = z.strictObject({
  /** A clause with one of these says what is hoped for. */
  wanted: words,
  /** Opens another matter. */
  another: words,
  /** A clause with one of these tells nothing of the matter. */
  smallTalk: words,
})
export type TalkWords = z.infer<typeof talkWordsSchema>

/** What one of the two said in one breath, or what an agent typed of it. */
export interface Utterance {
  id: string
  role: 'resident' | 'agent'
  text: string
}

/** Words of an utterance, by UTF-16 offsets into it. */
export interface TalkSpan extends Span {
  utterance: string
}

/** A part of an utterance that belongs to one matter. */
export interface Piece {
  utterance: string
  role: Utterance['role']
  /** Where it begins in its utterance. */
  start: number
  text: string
}

/** Pieces as one text, a line each, and the way back. */
export class JoinedPieces {
  readonly text: string
  readonly #pieces: readonly Piece[]

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces
    this.text = pieces.map(({ text }) => text).join('\n')
  }

  /** Where words of the whole stand in the utterances; several places when they reach over the end of a line. */
  locate({ start, end }: Span): TalkSpan[] {
    const found: TalkSpan[] = []
    let offset = 0
    for (const piece of this.#pieces) {
      const from = Math.max(start, offset)
      const to = Math.min(end, offset + piece.text.length)
      if (from < to) {
        const shift = piece.start - offset
        found.push({ utterance: piece.utterance, start: from + shift, end: to + shift })
      }
      offset += piece.text.length + 1
    }
    return found
  }
}

const CLAUSE = /[^，。！？；,!?;\n]+?(?:\.(?=\s|$)|[，。！？；,!?;\n]|$)/gu

/** Clauses of a text with where they stand, without the marks around them. */
export function clausesOf(text: string): (Span & { text: string })[] {
  return [...text.matchAll(CLAUSE)].flatMap(match => {
    const bare = match[0].replace(/[\s，。！？；,.!?;]+$/u, '')
    const lead = bare.length - bare.trimStart().length
    const start = match.index + lead
    return bare.trim() === '' ? [] : [{ text: bare.trim(), start, end: match.index + bare.length }]
  })
}

/** Does one of the words, without capitals, stand in a text? */
export function holdsOneOf(text: string, some: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return some.some(word => lower.includes(word))
}
