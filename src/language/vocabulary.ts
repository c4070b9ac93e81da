import { type Features, KIND, kindOf } from './features.ts'

/** A text as a sparse vector: ids of known features, ascending by first occurrence, with their values. */
export interface SparseVector {
  ids: Int32Array
  values: Float32Array
  /** For each entry, the index of its first occurrence in the features it was made from. */
  occurrences: Int32Array
}

/** Known features (by hash) with their weight by rarity. */
export class Vocabulary {
  readonly hashes: Uint32Array
  readonly idf: Float32Array
  readonly #slots: Int32Array
  readonly #mask: number

  constructor(hashes: Uint32Array, idf: Float32Array) {
    this.hashes = hashes
    this.idf = idf
    let size = 16
    while (size < hashes.length * 2) size *= 2
    this.#slots = new Int32Array(size).fill(-1)
    this.#mask = size - 1
    for (let id = 0; id < hashes.length; id++) {
      let slot = (hashes[id]! >>> 2) & this.#mask
      while (this.#slots[slot] !== -1) slot = (slot + 1) & this.#mask
      this.#slots[slot] = id
    }
  }

  get size(): number {
    return this.hashes.length
  }

  /** The id of a feature, or -1. */
  idOf(hash: number): number {
    let slot = (hash >>> 2) & this.#mask
    for (;;) {
      const id = this.#slots[slot]!
      if (id === -1 || this.hashes[id] === hash) return id
      slot = (slot + 1) & this.#mask
    }
  }

  /** TF-IDF with damped counts, of length 1. Features that nobody has seen are left out. */
  vectorise(features: Features): SparseVector {
    const { seen, order } = this.#count(features)
    const ids = new Int32Array(order.length)
    const values = new Float32Array(order.length)
    const occurrences = new Int32Array(order.length)
    let square = 0
    for (let i = 0; i < order.length; i++) {
      const at = order[i]!
      const id = at.id
      const value = (1 + Math.log(seen.get(id)!)) * this.idf[id]!
      ids[i] = id
      occurrences[i] = at.occurrence
      values[i] = value
      square += value * value
    }
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0
    for (let i = 0; i < values.length; i++) values[i]! *= scale
    return { ids, values, occurrences }
  }

  #count(features: Features) {
    const seen = new Map<number, number>()
    const order: { id: number; occurrence: number }[] = []
    for (let i = 0; i < features.length; i++) {
      const id = this.idOf(features.hashes[i]!)
      if (id === -1) continue
      const count = seen.get(id)
      if (count === undefined) {
        order.push({ id, occurrence: i })
        seen.set(id, 1)
      } else seen.set(id, count + 1)
    }
    return { seen, order }
  }
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
    Uint32Array.from(kept, ([hash]) => hash),
    Float32Array.from(kept, ([, count]) => Math.log((1 + documents.length) / (1 + count)) + 1),
  )
}

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

  atLeast({ words, others }: LeastCounts): [hash: number, count: number][] {
    const kept: [number, number][] = []
    this.#counts.forEach((count, slot) => {
      const hash = this.#hashes[slot]!
      if (count > 0 && count >= (kindOf(hash) === KIND.word ? words : others)) kept.push([hash, count])
    })
    return kept
  }
}
