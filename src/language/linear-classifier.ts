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
 * Trains one linear SVM a label (L2 loss, dual coordinate descent after Hsieh et al. 2008), all labels side by side: a document's
 * features are looked up once for all of them, and the weights of a feature lie next to each other in memory. The order of visits
 * is shuffled from the seed, so the same input gives the same weights to the bit.
 */
export function trainLinear(set: TrainingSet, options: TrainingOptions = {}): LinearWeights {
  const { cost = 1, rounds = 12, seed = 1 } = options
  const n = set.vectors.length
  const model = {
    labels: set.labels,
    weights: new Float32Array(set.features * set.labels),
    offsets: new Float32Array(set.labels),
  }
  const visit = createVisit(set, model, cost)
  const order = Int32Array.from({ length: n }, (_, i) => i)
  const rest = new Uint8Array(n)
  const random = xorshift(seed * 7919)
  for (let round = 0; round < rounds; round++) {
    shuffle(order, random)
    let largest = 0
    for (const i of order) {
      // What needed next to no mending is left alone for a round or two: most of the work is done on few documents.
      if (rest[i]! > 0) {
        rest[i]!--
        continue
      }
      const violation = visit(i)
      if (violation < CALM) rest[i] = REST
      largest = Math.max(largest, violation)
    }
    if (largest < ENOUGH) break
  }
  return model
}

/** No label's weights move more than this any longer. */
const ENOUGH = 0.01
const CALM = 0.05
const REST = 2

/** Plain loops over typed arrays: this is where training spends its time. Returns the largest violation that it mended. */
function createVisit(
  set: TrainingSet,
  { weights, offsets }: LinearWeights,
  cost: number,
): (i: number) => number {
  const { vectors, targets, importance, labels } = set
  const alphas = new Float64Array(vectors.length * labels)
  const norms = Float64Array.from(vectors, squaredNorm)
  const scores = new Float64Array(labels)
  const steps = new Float64Array(labels)
  const moved = new Int32Array(labels)

  return i => {
    const { ids, values } = vectors[i]!
    scores.set(offsets)
    for (let j = 0; j < ids.length; j++) {
      const base = ids[j]! * labels
      const value = values[j]!
      for (let label = 0; label < labels; label++) scores[label]! += weights[base + label]! * value
    }
    const softness = 1 / (2 * cost * (importance ? importance[i]! : 1))
    const scale = 1 / (norms[i]! + softness)
    let largest = 0
    let moves = 0
    for (let label = 0; label < labels; label++) {
      const at = i * labels + label
      const sign = targets[i] === label ? 1 : -1
      const before = alphas[at]!
      const gradient = sign * scores[label]! - 1 + softness * before
      const after = Math.max(0, before - gradient * scale)
      if (after === before) continue
      const step = (after - before) * sign
      alphas[at] = after
      offsets[label]! += step
      largest = Math.max(largest, Math.abs(gradient))
      steps[moves] = step
      moved[moves++] = label
    }
    if (moves === 0) return 0
    for (let j = 0; j < ids.length; j++) {
      const base = ids[j]! * labels
      const value = values[j]!
      for (let k = 0; k < moves; k++) weights[base + moved[k]!]! += steps[k]! * value
    }
    return largest
  }
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
