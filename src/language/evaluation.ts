import { calibrationError, coverageAt, type Outcome } from './calibration.ts'

/** One judged test message. */
export interface Judged {
  label: string
  predicted: string
  confidence: number
}

/** How well a classifier does on messages that it has not seen. */
export interface Scores {
  n: number
  accuracy: number
  /** The mean of the labels' F1, each label counting alike. */
  macroF1: number
  /** Expected calibration error: how far confidence and share of right answers lie apart. */
  ece: number
  /** The share of messages that can be answered with 95 % of the answers right. */
  coverageAt95: number
  /** The share of messages with a confidence of 0.9 or more, and the share of these that are right. */
  sure: { share: number; right: number }
  perLabel: { label: string; n: number; precision: number; recall: number; f1: number }[]
  /** The most frequent mistakes. */
  confusions: { label: string; predicted: string; n: number }[]
}

/** Scores over the labels that occur in the test. */
export function scoresOfJudged(judged: readonly Judged[]): Scores {
  const labels = [...new Set(judged.map(({ label }) => label))].sort()
  const perLabel = labels.map(label => labelScores(label, judged))
  const outcomes = judged.map(({ label, predicted, confidence }) => ({
    confidence,
    isRight: label === predicted,
  }))
  return {
    n: judged.length,
    accuracy: outcomes.filter(({ isRight }) => isRight).length / Math.max(1, judged.length),
    macroF1: perLabel.reduce((sum, { f1 }) => sum + f1, 0) / Math.max(1, labels.length),
    ece: calibrationError(outcomes),
    coverageAt95: coverageAt(outcomes, 0.95).coverage,
    sure: sureShare(outcomes),
    perLabel,
    confusions: confusions(judged),
  }
}

function sureShare(outcomes: readonly Outcome[]): Scores['sure'] {
  const sure = outcomes.filter(({ confidence }) => confidence >= 0.9)
  const right = sure.filter(({ isRight }) => isRight).length
  return { share: sure.length / Math.max(1, outcomes.length), right: right / Math.max(1, sure.length) }
}

function labelScores(label: string, judged: readonly Judged[]): Scores['perLabel'][number] {
  const n = judged.filter(one => one.label === label).length
  const named = judged.filter(one => one.predicted === label).length
  const right = judged.filter(one => one.label === label && one.predicted === label).length
  return {
    label,
    n,
    precision: named > 0 ? right / named : 0,
    recall: n > 0 ? right / n : 0,
    f1: n + named > 0 ? (2 * right) / (n + named) : 0,
  }
}

function confusions(judged: readonly Judged[]): Scores['confusions'] {
  const counts = new Map<string, Scores['confusions'][number]>()
  for (const { label, predicted } of judged) {
    if (label === predicted) continue
    const key = `${label}\n${predicted}`
    const entry = counts.get(key) ?? { label, predicted, n: 0 }
    entry.n++
    counts.set(key, entry)
  }
  return [...counts.values()].sort((a, b) => b.n - a.n).slice(0, 12)
}
