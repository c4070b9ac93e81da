import type { SparseVector } from './vocabulary.ts'

/** One weight per feature and label, feature by feature, and one offset per label. */
export interface LinearWeights {
  labels: number
  weights: Float32Array
  offsets: Float32Array
}

/** What to learn from. */
export interface TrainingSet {
  vectors: readonly SparseVector[]
  /** For each vector the index of its label. */
  targets: Int32Array
  labels: number
  features: number
  /** How much each vector counts; 1 when left out. */
  importance?: Float32Array
}

export interface TrainingOptions {
  /** Cost of a mistake against simplicity of the weights. */
  cost?: number
  rounds?: number
  seed?: number
}

/**
 * Trains one linear SVM a label (L2 loss, dual coordinate descent after Hsieh et al. 2008). The order of
 * visits is shuffled from the seed, so the same input gives the same weights to the bit.
 */
export function trainLinear(set: TrainingSet, options: TrainingOptions = {}): LinearWeights {
  const { cost = 1, rounds = 12, seed = 1 } = options
  const { features, labels } = set
  const weights = new Float32Array(features * labels)
  const offsets = new Float32Array(labels)
  const norms = Float64Array.from(set.vectors, squaredNorm)
  for (let label = 0; label < set.labels; label++) {
    const column = trainOne({ set, label, cost, rounds, seed: seed * 7919 + label, norms })
    for (let f = 0; f < features; f++) weights[f * labels + label] = column[f]!
    offsets[label] = column[features]!
  }
  return { labels, weights, offsets }
}

interface OneLabel {
  set: TrainingSet
  label: number
  cost: number
  rounds: number
  seed: number
  norms: Float64Array
}

/** Plain loops over typed arrays: this is where training spends its time. */
function trainOne({ set, label, cost, rounds, seed, norms }: OneLabel): Float32Array {
  const { vectors, targets, importance, features } = set
  const n = vectors.length
  const w = new Float32Array(features + 1)
  const alpha = new Float64Array(n)
  const order = Int32Array.from({ length: n }, (_, i) => i)
  const random = xorshift(seed)
  for (let round = 0; round < rounds; round++) {
    shuffle(order, random)
    let largest = 0
    for (let k = 0; k < n; k++) {
      const i = order[k]!
      const { ids, values } = vectors[i]!
      const sign = targets[i] === label ? 1 : -1
      const softness = 1 / (2 * cost * (importance ? importance[i]! : 1))
      let score = w[features]!
      for (let j = 0; j < ids.length; j++) score += w[ids[j]!]! * values[j]!
      const gradient = sign * score - 1 + softness * alpha[i]!
      if (alpha[i] === 0 && gradient >= 0) continue
      const before = alpha[i]!
      const after = Math.max(0, before - gradient / (norms[i]! + softness))
      const step = (after - before) * sign
      if (step === 0) continue
      alpha[i] = after
      largest = Math.max(largest, Math.abs(gradient))
      for (let j = 0; j < ids.length; j++) w[ids[j]!]! += step * values[j]!
      w[features]! += step
    }
    if (largest < 0.01) break
  }
  return w
}

/** With the constant feature that carries the offset. */
function squaredNorm(vector: SparseVector): number {
  let sum = 1
  for (const value of vector.values) sum += value * value
  return sum
}

/** The score of every label. */
export function scoreLinear(model: LinearWeights, vector: SparseVector): Float32Array {
  const { labels, weights } = model
  const scores = Float32Array.from(model.offsets)
  for (let j = 0; j < vector.ids.length; j++) {
    const base = vector.ids[j]! * labels
    const value = vector.values[j]!
    for (let label = 0; label < labels; label++) scores[label]! += weights[base + label]! * value
  }
  return scores
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = random() % (i + 1)
    const held = order[i]!
    order[i] = order[j]!
    order[j] = held
  }
}

/** A repeatable stream of 32-bit numbers. */
export function xorshift(seed: number): () => number {
  let state = Math.imul(seed | 0, 0x9e3779b1) || 0x6d2b79f5
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
