import { probabilities } from './calibration.ts'
import type { Features } from './features.ts'
import { evidenceFor, judge, noJudgement } from './judgement.ts'
import type { Model } from './model.ts'
import type { Token } from './segment.ts'
import { idAtLevel } from './subject-tree.ts'
import { scoresOf, type TextClassifier } from './text-classifier.ts'
import { classifierNames } from './train-shipped.ts'
import type { Judgement } from './understanding.ts'

/** What a judge is shown: the words and their topical features. */
export interface Exhibit {
  tokens: readonly Token[]
  features: Features
}

/** Judges what a text is about. */
export interface SubjectJudge {
  /** Among the top-level subjects. */
  top(exhibit: Exhibit): Judgement
  /** Among the leaves: P(top) × P(leaf given top), over the most likely tops. */
  leaf(exhibit: Exhibit): Judgement
  /** The share of every second-level subject that is worth naming. */
  groups(exhibit: Exhibit): Map<string, number>
}

/** Below a top of less than this share no leaf is worth looking at. */
const LEAST_TOP = 0.04
const MOST_TOPS = 4

/** Makes a judge out of a model. */
export function createSubjectJudge(model: Model, threshold: number): SubjectJudge {
  const top = model.classifiers.get(classifierNames.top)
  if (!top) return { top: noJudgement, leaf: noJudgement, groups: () => new Map() }
  const rank = (exhibit: Exhibit) => ranking(top, exhibit.features)
  return {
    top: exhibit => {
      const judgement = judge(rank(exhibit), threshold)
      return withEvidence(judgement, top, judgement.candidates[0]?.label, exhibit)
    },
    leaf: exhibit => {
      const tops = rank(exhibit)
      const judgement = judge(leafRanking(model, tops, exhibit.features), threshold)
      const best = judgement.candidates[0]?.label
      return withEvidence(judgement, top, best?.split('/')[0], exhibit)
    },
    groups: exhibit => {
      const shares = new Map<string, number>()
      for (const [leaf, share] of leafRanking(model, rank(exhibit), exhibit.features)) {
        const group = idAtLevel(leaf, 2)
        shares.set(group, (shares.get(group) ?? 0) + share)
      }
      return shares
    },
  }
}

function withEvidence(
  judgement: Judgement,
  classifier: TextClassifier,
  label: string | undefined,
  exhibit: Exhibit,
): Judgement {
  if (label === undefined) return judgement
  return { ...judgement, evidence: evidenceFor(classifier, label, exhibit) }
}

function* leafRanking(
  model: Model,
  tops: [string, number][],
  features: Features,
): Generator<[string, number]> {
  const likely = tops.filter(([, share]) => share >= LEAST_TOP).sort((a, b) => b[1] - a[1])
  for (const [top, share] of likely.slice(0, MOST_TOPS)) {
    const classifier = model.classifiers.get(classifierNames.leavesOf(top))
    if (!classifier) yield [top, share]
    else for (const [leaf, part] of ranking(classifier, features)) yield [leaf, share * part]
  }
}

/** Every label with its probability. A text without a known word is equally likely to be anything. */
export function ranking(classifier: TextClassifier, features: Features): [string, number][] {
  const vector = classifier.vocabulary.vectorise(features)
  const scores = scoresOf(classifier, vector)
  const shares =
    vector.ids.length === 0
      ? new Float32Array(scores.length).fill(1 / scores.length)
      : probabilities(scores, classifier.sharpness)
  return classifier.labels.map((label, i) => [label, shares[i]!])
}
