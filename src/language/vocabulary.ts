import type { Features } from './features.ts'

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
      let slot = hashes[id]! & this.#mask
      while (this.#slots[slot] !== -1) slot = (slot + 1) & this.#mask
      this.#slots[slot] = id
    }
  }

  get size(): number {
    return this.hashes.length
  }

  /** The id of a feature, or -1. */
  idOf(hash: number): number {
    let slot = hash & this.#mask
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

/** Learns which features exist; those in fewer than `atLeast` documents are left out. */
export function learnVocabulary(documents: readonly Features[], atLeast: number): Vocabulary {
  const counts = new Map<number, number>()
  for (const features of documents) {
    const unique = new Set<number>()
    for (let i = 0; i < features.length; i++) unique.add(features.hashes[i]!)
    for (const hash of unique) counts.set(hash, (counts.get(hash) ?? 0) + 1)
  }
  const kept = [...counts].filter(([, count]) => count >= atLeast)
  return new Vocabulary(
    Uint32Array.from(kept, ([hash]) => hash),
    Float32Array.from(kept, ([, count]) => Math.log((1 + documents.length) / (1 + count)) + 1),
  )
}
