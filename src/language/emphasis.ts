import type { SparseVector } from './vocabulary.ts'

/** How much the telling features are emphasised: 0 not at all, 1 fully. */
const SHARE = 0.3
/** A feature whose odds differ by this (natural logarithm) keeps its weight. */
const EVEN = 2
const SMOOTHING = 0.5

/**
 * How telling each feature is, as a factor for its weight: the largest log ratio of its odds with a label to its odds without (after
 * the naive-Bayes weights of Wang & Manning 2012). A word that is as frequent everywhere is rare in vain.
 */
export function emphasisOf(
  vectors: readonly SparseVector[],
  targets: ArrayLike<number>,
  size: { labels: number; features: number },
): Float32Array {
  const { labels, features } = size
  const seen = new Float32Array(features * labels).fill(SMOOTHING)
  const documents = new Float64Array(labels)
  vectors.forEach(({ ids }, i) => {
    documents[targets[i]!]!++
    for (const id of ids) seen[id * labels + targets[i]!]!++
  })
  const all = vectors.length
  return Float32Array.from({ length: features }, (_, id) => {
    let total = 0
    for (let label = 0; label < labels; label++) total += seen[id * labels + label]!
    let most = 0
    for (let label = 0; label < labels; label++) {
      const own = seen[id * labels + label]!
      const ratio = own / documents[label]! / ((total - own) / (all - documents[label]!))
      most = Math.max(most, Math.abs(Math.log(ratio)))
    }
    return 1 - SHARE + (SHARE * most) / EVEN
  })
}
