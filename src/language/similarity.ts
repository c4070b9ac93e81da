import type { Reader } from './reader.ts'
import type { Token } from './segment.ts'
import { stopWords } from './stop-words.ts'

/** Something to be found: a knowledge article, an item, an earlier case. */
export interface Findable {
  id: string
  text: string
}

/** A found document; scores compare only within one search. */
export interface Hit {
  id: string
  score: number
  /** How much of what was asked the document holds, rare words counting more: 0 to 1, compares across searches. */
  share: number
}

/** Finds the documents that are closest to a text, best first; documents without a common word are left out. */
export interface SimilarityIndex {
  search(text: string, top: number): Hit[]
}

export interface IndexOptions {
  read: Reader
  /** Groups of words that mean the same; searched for as one. */
  synonyms?: readonly (readonly string[])[]
}

// The usual constants of BM25: how fast repetition stops counting, and how much length is held against a document.
const SATURATION = 1.2
const LENGTH_WEIGHT = 0.75

/** Builds an index over words and pairs of characters (BM25). Cost of a search grows with the postings it touches only. */
export function createIndex(documents: readonly Findable[], options: IndexOptions): SimilarityIndex {
  const meaning = meanings(options.synonyms ?? [])
  const termsOf = (text: string) => terms(options.read(text).tokens, meaning)
  const postings = new Map<string, [document: number, count: number][]>()
  const lengths = documents.map(({ text }, document) => {
    const counts = termsOf(text)
    let length = 0
    for (const [term, count] of counts) {
      length += count
      const list = postings.get(term)
      if (list) list.push([document, count])
      else postings.set(term, [[document, count]])
    }
    return length
  })
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, documents.length) || 1
  const scores = new Float64Array(documents.length)
  const held = new Float64Array(documents.length)
  const rarityOf = (found: number) => Math.log(1 + (documents.length - found + 0.5) / (found + 0.5))

  return {
    search(text, top) {
      const touched = new Set<number>()
      let asked = 0
      for (const term of termsOf(text).keys()) {
        const list = postings.get(term) ?? []
        const rarity = rarityOf(list.length)
        asked += rarity
        for (const [document, count] of list) {
          const lengthening = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * (lengths[document]! / mean)
          scores[document]! += (rarity * count * (SATURATION + 1)) / (count + SATURATION * lengthening)
          held[document]! += rarity
          touched.add(document)
        }
      }
      const hits = Array.from(touched, document => ({
        id: documents[document]!.id,
        score: scores[document]!,
        share: held[document]! / asked,
      }))
      for (const document of touched) {
        scores[document] = 0
        held[document] = 0
      }
      return hits.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, top)
    },
  }
}

/** Each word of a group stands for the group's first. */
function meanings(groups: readonly (readonly string[])[]): Map<string, string> {
  return new Map(
    groups.flatMap(group => group.map(word => [word.toLowerCase(), group[0]!.toLowerCase()] as const)),
  )
}

/** Content words by meaning, and the pairs of characters inside and across them. */
function terms(tokens: readonly Token[], meaning: Map<string, string>): Map<string, number> {
  const counts = new Map<string, number>()
  const count = (term: string) => counts.set(term, (counts.get(term) ?? 0) + 1)
  let run = ''
  const endRun = () => {
    for (let i = 0; i + 2 <= run.length; i++) count(`${run.slice(i, i + 2)}~`)
    run = ''
  }
  for (const { text } of tokens) {
    if (!/[\p{L}\p{N}]/u.test(text) || stopWords.has(text)) endRun()
    else {
      count(meaning.get(text) ?? text)
      if (text >= '\u2e80') run += text
    }
  }
  endRun()
  return counts
}
