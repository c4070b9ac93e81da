/** Turns scores into probabilities: softmax of `sharpness` × score. */
export function probabilities(scores: Float32Array, sharpness: number): Float32Array {
  const result = new Float32Array(scores.length)
  const largest = largestOf(scores)
  let sum = 0
  for (let i = 0; i < scores.length; i++) {
    result[i] = Math.exp(sharpness * (scores[i]! - largest))
    sum += result[i]!
  }
  for (let i = 0; i < result.length; i++) result[i]! /= sum
  return result
}

function largestOf(scores: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < scores.length; i++) if (scores[i]! > largest) largest = scores[i]!
  return largest
}

/** The logarithms of those probabilities, however small. */
export function logProbabilities(scores: Float32Array, sharpness: number): Float32Array {
  const result = new Float32Array(scores.length)
  const largest = largestOf(scores)
  let sum = 0
  for (let i = 0; i < scores.length; i++) sum += Math.exp(sharpness * (scores[i]! - largest))
  const rest = Math.log(sum)
  for (let i = 0; i < scores.length; i++) result[i] = sharpness * (scores[i]! - largest) - rest
  return result
}

/** Scores that a classifier gave to texts it was not trained on, with the index of the true label. */
export interface HeldOut {
  scores: Float32Array[]
  targets: ArrayLike<number>
}

/** The sharpness under which held-out texts are least surprising. */
export function fitSharpness({ scores, targets }: HeldOut, most = MOST_SHARPNESS): number {
  return leastSurprising(most, sharpness => {
    let surprise = 0
    for (let i = 0; i < scores.length; i++) {
      surprise -= Math.log(Math.max(1e-12, probabilities(scores[i]!, sharpness)[targets[i]!]!))
    }
    return surprise
  })
}

/** The sharpness of the least surprise (log loss), by golden-section search. */
function leastSurprising(most: number, surpriseAt: (sharpness: number) => number): number {
  const loss = (logSharpness: number) => surpriseAt(Math.exp(logSharpness))
  const ratio = (Math.sqrt(5) - 1) / 2
  let low = Math.log(LEAST_SHARPNESS)
  let high = Math.log(most)
  let left = high - ratio * (high - low)
  let right = low + ratio * (high - low)
  let atLeft = loss(left)
  let atRight = loss(right)
  for (let step = 0; step < 14; step++) {
    if (atLeft < atRight) {
      high = right
      ;[right, atRight] = [left, atLeft]
      left = high - ratio * (high - low)
      atLeft = loss(left)
    } else {
      low = left
      ;[left, atLeft] = [right, atRight]
      right = low + ratio * (high - low)
      atRight = loss(right)
    }
  }
  return Math.exp((low + high) / 2)
}

const LEAST_SHARPNESS = 0.2
const MOST_SHARPNESS = 50

/** One judged text: how sure, and was it right? */
export interface Outcome {
  confidence: number
  isRight: boolean
}

/** Expected calibration error over ten bins of equal width. */
export function calibrationError(outcomes: readonly Outcome[]): number {
  const bins = Array.from({ length: 10 }, () => ({ n: 0, confidence: 0, right: 0 }))
  for (const { confidence, isRight } of outcomes) {
    const bin = bins[Math.min(9, Math.floor(confidence * 10))]!
    bin.n++
    bin.confidence += confidence
    if (isRight) bin.right++
  }
  return (
    bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / Math.max(1, outcomes.length)
  )
}

/** The largest share of texts, surest first, that can be answered with the given precision; and from where on. */
export function coverageAt(
  outcomes: readonly Outcome[],
  precision: number,
): { coverage: number; threshold: number } {
  const sorted = [...outcomes].sort((a, b) => b.confidence - a.confidence)
  let right = 0
  let best = { coverage: 0, threshold: 1 }
  sorted.forEach(({ confidence, isRight }, i) => {
    if (isRight) right++
    if (right / (i + 1) >= precision) best = { coverage: (i + 1) / sorted.length, threshold: confidence }
  })
  return best
}
