import PorterStemmer from 'natural/lib/natural/stemmers/porter_stemmer.js'
import type { Token } from './segment.ts'
import { stopWords } from './stop-words.ts'
import type { Span } from './understanding.ts'

/**
 * What a classifier sees of a text: hashed features, each with the span that it stands for.
 * Only hashes are stored in a model; the words that decided are read back from the text by these spans.
 */
export interface Features {
  hashes: Uint32Array
  /** Offsets into the normalised text, two numbers a feature. */
  spans: Uint32Array
  length: number
}

/**
 * `topical`: content words, their pairs, and character n-grams over them (what is it about?).
 * `pragmatic`: all words and character n-grams with the text's ends marked (what does the person want of us?).
 */
export type View = 'topical' | 'pragmatic'

const HAN = /[\u4e00-\u9fff]/u
const LATIN = /^[a-z][a-z'’]*$/
/** The private characters mark values that were hidden. */
const WORD = /[\p{L}\p{N}\ue000-\ue003]/u
const NUMBER = /^[\d.,:%/-]+$/

/** Kinds of feature: the word 噪音 and the characters 噪音 are told apart. Kept in a hash's lowest two bits. */
export const KIND = { word: 0, pair: 1, characters: 2, edge: 3 } as const
const LONGEST_RUN = 3
/** A text beyond this length has said what it is about; the rest costs time and changes nothing. */
const MOST_TOKENS = 4000

/** Collects features; grows as needed. */
class Collector implements Features {
  hashes: Uint32Array
  spans: Uint32Array
  length = 0
  /** Sets what is added from here on apart from what was added before. */
  salt = 0

  constructor(expected: number) {
    this.hashes = new Uint32Array(expected)
    this.spans = new Uint32Array(2 * expected)
  }

  add(hash: number, start: number, end: number): void {
    if (this.length === this.hashes.length) this.#grow()
    this.hashes[this.length] = this.salt === 0 ? hash : salted(hash, this.salt)
    this.spans[2 * this.length] = start
    this.spans[2 * this.length + 1] = end
    this.length++
  }

  #grow(): void {
    const hashes = new Uint32Array(this.hashes.length * 2)
    hashes.set(this.hashes)
    this.hashes = hashes
    const spans = new Uint32Array(this.spans.length * 2)
    spans.set(this.spans)
    this.spans = spans
  }
}

/** The features of a segmented text. */
export function extractFeatures(tokens: readonly Token[], view: View): Features {
  const kept = tokens.slice(0, MOST_TOKENS).filter(token => isKept(token.text, view))
  const collector = new Collector(8 * kept.length + 16)
  addWords(collector, kept)
  addCharacters(collector, kept)
  if (view === 'pragmatic') addEdges(collector, kept)
  return collector
}

/** How many words with an ideograph begin a message. */
const OPENING_WORDS = 12
const OPENING = 0x5bd1e994

/**
 * The topical features of a message, those of its opening words a second time and apart: there people say what it is about, as in a
 * subject line, whether there is one or not.
 */
export function extractMessageFeatures(tokens: readonly Token[]): Features {
  const kept = tokens.slice(0, MOST_TOKENS).filter(token => isKept(token.text, 'topical'))
  const collector = new Collector(8 * kept.length + 128)
  addWords(collector, kept)
  addCharacters(collector, kept)
  const opening = openingOf(tokens).filter(token => isKept(token.text, 'topical'))
  collector.salt = OPENING
  addWords(collector, opening)
  addCharacters(collector, opening)
  return collector
}

function openingOf(tokens: readonly Token[]): readonly Token[] {
  let words = 0
  const end = tokens.findIndex(({ text }) => HAN.test(text) && ++words === OPENING_WORDS)
  return end < 0 ? tokens : tokens.slice(0, end + 1)
}

/** The features that lie within a span of the text, with their ids: those that its words alone would give. */
export function featuresWithin(
  { hashes, spans, length }: Features,
  ids: Int32Array,
  { start, end }: Span,
): { features: Features; ids: Int32Array } {
  const own = { hashes: new Uint32Array(length), spans: new Uint32Array(2 * length), length: 0 }
  const ownIds = new Int32Array(length)
  for (let i = 0; i < length; i++) {
    if (spans[2 * i]! < start || spans[2 * i + 1]! > end) continue
    own.hashes[own.length] = hashes[i]!
    own.spans[2 * own.length] = spans[2 * i]!
    own.spans[2 * own.length + 1] = spans[2 * i + 1]!
    ownIds[own.length++] = ids[i]!
  }
  return { features: own, ids: ownIds.subarray(0, own.length) }
}

function isKept(word: string, view: View): boolean {
  if (view === 'pragmatic') return WORD.test(word) || /^[?!]+$/.test(word)
  return !stopWords.has(word) && WORD.test(word) && !NUMBER.test(word)
}

// Stemming is slow; what people write repeats itself.
const stems = new Map<string, string>()

/** English words by their stem, so that "leaks" and "leaking" meet; others as they are. */
function stem(word: string): string {
  if (word.length < 3 || word.charCodeAt(0) > 0x7a || !LATIN.test(word)) return word
  const known = stems.get(word)
  if (known !== undefined) return known
  const found = PorterStemmer.stem(word)
  if (stems.size > 20_000) stems.clear()
  stems.set(word, found)
  return found
}

function addWords(collector: Collector, tokens: readonly Token[]): void {
  let before = 0
  let beforeStart = 0
  for (const token of tokens) {
    const end = token.start + token.text.length
    const hash = hashOf(stem(token.text), KIND.word)
    collector.add(hash, token.start, end)
    if (before !== 0) collector.add(mix(before, hash, KIND.pair), beforeStart, end)
    before = hash
    beforeStart = token.start
  }
}

/** Single characters and runs of two and three: what jieba parts wrongly or never saw is found all the same. */
function addCharacters(collector: Collector, tokens: readonly Token[]): void {
  const codes: number[] = []
  const places: number[] = []
  for (const token of tokens) {
    // Latin words are features of their own; their letters would only be noise.
    if (token.text.charCodeAt(0) < 0x2e80) continue
    for (let i = 0; i < token.text.length; i++) {
      codes.push(token.text.charCodeAt(i))
      places.push(token.start + i)
    }
  }
  for (let i = 0; i < codes.length; i++) {
    let hash = 0x811c9dc5
    for (let n = 1; n <= LONGEST_RUN && i + n <= codes.length; n++) {
      hash = Math.imul(hash ^ codes[i + n - 1]!, 0x01000193)
      collector.add(finish(hash + n, KIND.characters), places[i]!, places[i + n - 1]! + 1)
    }
  }
}

/** The first and the last word count apart: "吗" at the end asks, "算了" alone cancels. */
function addEdges(collector: Collector, tokens: readonly Token[]): void {
  const first = tokens[0]
  const last = tokens.at(-1)
  if (!first || !last) return
  collector.add(hashOf(`^${first.text}`, KIND.edge), first.start, first.start + first.text.length)
  collector.add(hashOf(`${last.text}$`, KIND.edge), last.start, last.start + last.text.length)
  if (tokens.length <= 3) {
    const whole = tokens.map(token => token.text).join('')
    collector.add(hashOf(`^${whole}$`, KIND.edge), first.start, last.start + last.text.length)
  }
}

function hashOf(text: string, kind: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return finish(hash, kind)
}

function mix(a: number, b: number, kind: number): number {
  return finish(Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b), kind)
}

/** Spreads the bits (murmur3's finaliser); never 0, which marks an empty slot. */
function finish(hash: number, kind: number): number {
  let h = hash >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (((h ^ (h >>> 16)) & ~3) | kind) >>> 0 || 4
}

function salted(hash: number, salt: number): number {
  return (((hash ^ salt) & ~3) | (hash & 3)) >>> 0 || 4
}

/** The kind of feature that a hash stands for. */
export function kindOf(hash: number): number {
  return hash & 3
}
