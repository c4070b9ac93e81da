import { probabilities } from './calibration.ts'

/** What two judges say of the same labels, in the same order. */
export interface Opinions {
  /** Logarithms of shares. */
  margins: Float32Array
  /** Cosines. */
  nearness: Float32Array
}

/** How much each opinion counts. */
export type BlendWeights = { [Judge in keyof Opinions]: number }

/** The labels' shares when both opinions are multiplied. */
export function blend({ margins, nearness }: Opinions, weights: BlendWeights): Float32Array {
  const scores = new Float32Array(margins.length)
  for (let i = 0; i < scores.length; i++)
    scores[i] = weights.margins * margins[i]! + weights.nearness * nearness[i]!
  return probabilities(scores, 1)
}

/** Far enough: the surprise has one lowest point, which Newton's method reaches in about six steps. */
const STEPS = 12
/** Keeps the step small where the cases say nothing about a judge. */
const RIDGE = 1e-3

/** The weights under which the true labels surprise least (log loss); both at once, as the judges agree a lot. */
export function fitBlend(cases: readonly { opinions: Opinions; target: number }[]): BlendWeights {
  let weights: BlendWeights = { margins: 0.5, nearness: 10 }
  for (let step = 0; step < STEPS; step++) weights = newtonStep(cases, weights)
  return weights
}

function newtonStep(cases: Parameters<typeof fitBlend>[0], weights: BlendWeights): BlendWeights {
  let [a, b] = [0, 0]
  let [aa, ab, bb] = [RIDGE, 0, RIDGE]
  for (const { opinions, target } of cases) {
    const { margins, nearness } = opinions
    const shares = blend(opinions, weights)
    let [meanA, meanB, squareA, product, squareB] = [0, 0, 0, 0, 0]
    for (let i = 0; i < shares.length; i++) {
      const [share, x, y] = [shares[i]!, margins[i]!, nearness[i]!]
      meanA += share * x
      meanB += share * y
      squareA += share * x * x
      product += share * x * y
      squareB += share * y * y
    }
    a += margins[target]! - meanA
    b += nearness[target]! - meanB
    aa += squareA - meanA * meanA
    ab += product - meanA * meanB
    bb += squareB - meanB * meanB
  }
  const determinant = aa * bb - ab * ab
  return {
    margins: Math.max(0, weights.margins + (bb * a - ab * b) / determinant),
    nearness: Math.max(0, weights.nearness + (aa * b - ab * a) / determinant),
  }
}
