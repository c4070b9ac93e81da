import { type Features, KIND, kindOf } from './features.ts'

/** A text as a sparse vector: ids of known features, ascending by first occurrence, with their values. */
export interface SparseVector {
  ids: Int32Array
  values: Float32Array
  /** For each entry, the index of its first occurrence in the features it was made from. */
  occurrences: Int32Array
  /** How much of the text is made of known features, 0 to 1: little is known of a text of strange words. */
  familiarity: number
}

/** Known features (by hash) with their weight by rarity. */
export class Vocabulary {
  readonly hashes: Uint32Array
  /** In how many documents each feature was seen. */
  readonly counts: Uint16Array
  /** How many documents it was learned from. */
  readonly documents: number
  /** A factor for each feature's weight; undefined when all are 1. */
  readonly emphasis: Float32Array | undefined
  readonly #idf: Float32Array
  readonly #strangeness: number
  /** Open addressing; hash and id lie side by side, so that a look-up touches memory once. */
  readonly #slots: Uint32Array
  readonly #mask: number
  // Scratch, so that a message allocates next to nothing.
  readonly #tally: Uint32Array
  #strangers = 0
  #touched = new Int32Array(1024)
  #firsts = new Int32Array(1024)

  constructor(hashes: Uint32Array, counts: Uint16Array, documents: number, emphasis?: Float32Array) {
    this.hashes = hashes
    this.counts = counts
    this.documents = documents
    this.emphasis = emphasis
    this.#idf = Float32Array.from(counts, (count, id) => rarity(count, documents) * (emphasis?.[id] ?? 1))
    this.#strangeness = rarity(0, documents) ** 2
    this.#tally = new Uint32Array(hashes.length)
    let size = 16
    while (size < hashes.length * 2) size *= 2
    this.#slots = new Uint32Array(2 * size)
    this.#mask = size - 1
    for (let id = 0; id < hashes.length; id++) {
      let slot = (hashes[id]! >>> 2) & this.#mask
      while (this.#slots[2 * slot] !== 0) slot = (slot + 1) & this.#mask
      this.#slots[2 * slot] = hashes[id]!
      this.#slots[2 * slot + 1] = id
    }
  }

  /** The same with these features only, in the order given. */
  only(ids: readonly number[]): Vocabulary {
    return new Vocabulary(
      Uint32Array.from(ids, id => this.hashes[id]!),
      Uint16Array.from(ids, id => this.counts[id]!),
      this.documents,
      this.emphasis && Float32Array.from(ids, id => this.emphasis![id]!),
    )
  }

  get size(): number {
    return this.hashes.length
  }

  /** The id of a feature, or -1. */
  idOf(hash: number): number {
    let slot = (hash >>> 2) & this.#mask
    for (;;) {
      const found = this.#slots[2 * slot]!
      if (found === hash) return this.#slots[2 * slot + 1]!
      if (found === 0) return -1
      slot = (slot + 1) & this.#mask
    }
  }

  /** The ids of a text's features. */
  idsOf({ hashes, length }: Features): Int32Array {
    const ids = new Int32Array(length)
    for (let i = 0; i < length; i++) ids[i] = this.idOf(hashes[i]!)
    return ids
  }

  /** TF-IDF with damped counts, of length 1, out of the ids of a text's features. Unknown ones only make it less familiar. */
  vectorise(features: Int32Array): SparseVector {
    const size = this.#count(features)
    const ids = this.#touched.slice(0, size)
    const occurrences = this.#firsts.slice(0, size)
    const values = new Float32Array(size)
    let square = 0
    for (let i = 0; i < size; i++) {
      const id = ids[i]!
      const count = this.#tally[id]!
      this.#tally[id] = 0
      const value = (count === 1 ? 1 : 1 + Math.log(count)) * this.#idf[id]!
      values[i] = value
      square += value * value
    }
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0
    for (let i = 0; i < size; i++) values[i]! *= scale
    const familiarity = square > 0 ? Math.sqrt(square / (square + this.#strangers * this.#strangeness)) : 0
    return { ids, values, occurrences, familiarity }
  }

  /** Counts known features into the scratch arrays, which the caller leaves zeroed; returns how many differ. */
  #count(features: Int32Array): number {
    if (this.#touched.length < features.length) {
      this.#touched = new Int32Array(features.length * 2)
      this.#firsts = new Int32Array(features.length * 2)
    }
    let size = 0
    this.#strangers = 0
    for (let i = 0; i < features.length; i++) {
      const id = features[i]!
      if (id === -1) {
        this.#strangers++
        continue
      }
      if (this.#tally[id] === 0) {
        this.#touched[size] = id
        this.#firsts[size++] = i
      }
      this.#tally[id]!++
    }
    return size
  }
}

function rarity(count: number, documents: number): number {
  return Math.log((1 + documents) / (1 + count)) + 1
}

/** In how many documents a feature must occur to be learned: words, and everything else. */
export interface LeastCounts {
  words: number
  others: number
}

/** Learns which features exist and how rare they are. */
export function learnVocabulary(documents: readonly Features[], least: LeastCounts): Vocabulary {
  const counts = new Tally(documents.reduce((sum, features) => sum + features.length, 0))
  documents.forEach((features, document) => {
    for (let i = 0; i < features.length; i++) counts.see(features.hashes[i]!, document)
  })
  const kept = counts.atLeast(least)
  return new Vocabulary(
    Uint32Array.from(kept, key => key % HASHES),
    Uint16Array.from(kept, key => MOST_COUNT - Math.floor(key / HASHES)),
    documents.length,
  )
}

const HASHES = 2 ** 32
const MOST_COUNT = 0xffff

/** In how many documents each hash occurs. Open addressing: a Map of a million numbers takes seconds. */
class Tally {
  readonly #mask: number
  readonly #hashes: Uint32Array
  readonly #counts: Uint32Array
  readonly #lastSeen: Int32Array

  constructor(most: number) {
    let size = 16
    while (size < most * 1.5) size *= 2
    this.#mask = size - 1
    this.#hashes = new Uint32Array(size)
    this.#counts = new Uint32Array(size)
    this.#lastSeen = new Int32Array(size).fill(-1)
  }

  see(hash: number, document: number): void {
    let slot = (hash >>> 2) & this.#mask
    while (this.#hashes[slot] !== 0 && this.#hashes[slot] !== hash) slot = (slot + 1) & this.#mask
    this.#hashes[slot] = hash
    if (this.#lastSeen[slot] === document) return
    this.#lastSeen[slot] = document
    this.#counts[slot]!++
  }

  /** Counts and hashes as one number each, the most frequent first: what most texts ask for then lies together in memory. */
  atLeast({ words, others }: LeastCounts): Float64Array {
    const kept: number[] = []
    this.#counts.forEach((count, slot) => {
      const hash = this.#hashes[slot]!
      if (count > 0 && count >= (kindOf(hash) === KIND.word ? words : others))
        kept.push((MOST_COUNT - Math.min(count, MOST_COUNT)) * HASHES + hash)
    })
    return Float64Array.from(kept).sort()
  }
}
