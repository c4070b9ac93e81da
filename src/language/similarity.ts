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

/**
 * BM25 with constants chosen on questions and answers of a public message board (docs/understanding.md): repetition counts for
 * long, length is held against a document in full, and rarity counts more than by the book.
 */
const SATURATION = 2
const RARITY_POWER = 1.5
/** How fast repetition in what is asked stops counting. */
const ASKED_SATURATION = 2
/** A term of more documents than this share tells nothing of a large collection and costs the most. */
const COMMON = 0.2
const LARGE = 1000
/** Letters of a longer word are no code. */
const LONGEST_CODE = 3

/** Where a term is: `documents[starts[term]]` up to `starts[term + 1]`, with what it counts there. */
interface Postings {
  terms: Map<string, number>
  starts: Uint32Array
  documents: Uint32Array
  /** Score of the term in that document, rarity included. */
  weights: Float32Array
}

/** Builds an index over words and pairs of characters. Cost of a search grows with the postings it touches only. */
export function createIndex(documents: readonly Findable[], options: IndexOptions): SimilarityIndex {
  const count = createTermCounter(options)
  const ids = documents.map(({ id }) => id)
  return new PostingsSearch(ids, weigh(collect(documents, count), documents.length), count)
}

class PostingsSearch implements SimilarityIndex {
  readonly #ids: readonly string[]
  readonly #postings: Postings
  readonly #count: TermCounter
  readonly #scores: Float64Array
  readonly #held: Float64Array
  /** Documents with a score, the first `#reached` of the list. */
  readonly #touched: Uint32Array
  #reached = 0

  constructor(ids: readonly string[], postings: Postings, count: TermCounter) {
    this.#ids = ids
    this.#postings = postings
    this.#count = count
    this.#scores = new Float64Array(ids.length)
    this.#held = new Float64Array(ids.length)
    this.#touched = new Uint32Array(ids.length)
  }

  search(text: string, top: number): Hit[] {
    let asked = 0
    for (const [term, times] of askedTerms(text, this.#count)) asked += this.#add(term, times)
    return this.#harvest(asked, top)
  }

  /** Scores every document that holds the term. Returns the term's rarity. */
  #add(term: string, times: number): number {
    const { terms, starts, documents, weights } = this.#postings
    const known = terms.get(term)
    const [from, to] = known === undefined ? [0, 0] : [starts[known]!, starts[known + 1]!]
    const rarity = rarityOf(to - from, this.#ids.length)
    if (this.#ids.length > LARGE && to - from > this.#ids.length * COMMON) return rarity
    const weight = (times * (ASKED_SATURATION + 1)) / (times + ASKED_SATURATION)
    for (let at = from; at < to; at++) {
      const document = documents[at]!
      if (this.#held[document] === 0) this.#touched[this.#reached++] = document
      this.#scores[document]! += weight * weights[at]!
      this.#held[document]! += rarity
    }
    return rarity
  }

  /** The best of the scored documents; nothing is left of the search. */
  #harvest(asked: number, top: number): Hit[] {
    const hits: Hit[] = []
    for (let i = 0; i < this.#reached; i++) {
      const document = this.#touched[i]!
      const share = this.#held[document]! / asked
      if (top > 0) offer(hits, { id: this.#ids[document]!, score: this.#scores[document]!, share }, top)
      this.#scores[document] = 0
      this.#held[document] = 0
    }
    this.#reached = 0
    return hits
  }
}

/** Of what is asked a first line of several says the most: it counts twice. */
function askedTerms(text: string, count: TermCounter): Map<string, number> {
  const counts = new Map<string, number>()
  count(text, counts)
  const line = text.trim().indexOf('\n')
  if (line > 0) count(text.trim().slice(0, line), counts)
  return counts
}

/** Adds how often each term is in a text: content words by their meaning, and pairs of characters. */
export type TermCounter = (text: string, into: Map<string, number>) => void

export function createTermCounter({ read, synonyms = [] }: IndexOptions): TermCounter {
  const meaning = meanings(synonyms)
  return (text, into) => countTerms(read(text).tokens, meaning, into)
}

/** Every term of every document, in order of documents. */
interface Collected {
  terms: Map<string, number>
  /** Of each pair: its term and how often it is there. */
  termOf: Numbers
  timesOf: Numbers
  /** Pairs before each document; one more at the end. */
  ends: Uint32Array
  lengths: Float64Array
}

function collect(documents: readonly Findable[], count: TermCounter): Collected {
  const terms = new Map<string, number>()
  const termOf = new Numbers()
  const timesOf = new Numbers()
  const ends = new Uint32Array(documents.length + 1)
  const lengths = new Float64Array(documents.length)
  const counts = new Map<string, number>()
  for (const [document, { text }] of documents.entries()) {
    counts.clear()
    count(text, counts)
    for (const [term, times] of counts) {
      const id = terms.get(term) ?? terms.size
      if (id === terms.size) terms.set(term, id)
      termOf.push(id)
      timesOf.push(times)
      lengths[document]! += times
    }
    ends[document + 1] = termOf.length
  }
  return { terms, termOf, timesOf, ends, lengths }
}

/** Turns the lists around, from documents to terms, and works out what each pair scores. */
function weigh({ terms, termOf, timesOf, ends, lengths }: Collected, size: number): Postings {
  const starts = new Uint32Array(terms.size + 1)
  for (let pair = 0; pair < termOf.length; pair++) starts[termOf.at(pair) + 1]!++
  for (let term = 0; term < terms.size; term++) starts[term + 1]! += starts[term]!
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, size) || 1
  const next = starts.slice()
  const documents = new Uint32Array(termOf.length)
  const weights = new Float32Array(termOf.length)
  for (let document = 0; document < size; document++) {
    const lengthening = SATURATION * (lengths[document]! / mean)
    for (let pair = ends[document]!; pair < ends[document + 1]!; pair++) {
      const term = termOf.at(pair)
      const times = timesOf.at(pair)
      const rarity = rarityOf(starts[term + 1]! - starts[term]!, size) ** RARITY_POWER
      const at = next[term]!++
      documents[at] = document
      weights[at] = (rarity * times * (SATURATION + 1)) / (times + lengthening)
    }
  }
  return { terms, starts, documents, weights }
}

/** Inverse document frequency as in BM25, never negative. */
function rarityOf(found: number, size: number): number {
  return Math.log(1 + (size - found + 0.5) / (found + 0.5))
}

/** Keeps the best `top` hits in order; of equals the smaller id comes first. */
function offer(hits: Hit[], hit: Hit, top: number): void {
  if (hits.length === top && !isBefore(hit, hits[top - 1]!)) return
  if (hits.length === top) hits.pop()
  let at = hits.length
  while (at > 0 && isBefore(hit, hits[at - 1]!)) at--
  hits.splice(at, 0, hit)
}

function isBefore(one: Hit, other: Hit): boolean {
  return one.score > other.score || (one.score === other.score && one.id < other.id)
}

/** A list of whole numbers that grows without a box for each. */
class Numbers {
  #items = new Uint32Array(1024)
  length = 0

  push(value: number): void {
    if (this.length === this.#items.length) {
      const larger = new Uint32Array(this.#items.length * 2)
      larger.set(this.#items)
      this.#items = larger
    }
    this.#items[this.length++] = value
  }

  at(index: number): number {
    return this.#items[index]!
  }
}

/** Chinese, and the short codes and numbers in it ("人民路3号", "A座"); pairs of letters of an English word say nothing. */
function isInRun(text: string): boolean {
  return text >= '\u2e80' || text.length <= LONGEST_CODE
}

/** Each word of a group stands for the group's first. */
function meanings(groups: readonly (readonly string[])[]): Map<string, string> {
  return new Map(
    groups.flatMap(group => group.map(word => [word.toLowerCase(), group[0]!.toLowerCase()] as const)),
  )
}

/** Content words by meaning, and the pairs of characters inside and across them. */
function countTerms(
  tokens: readonly Token[],
  meaning: Map<string, string>,
  counts: Map<string, number>,
): void {
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
      if (isInRun(text)) run += text
    }
  }
  endRun()
}
