import { type Classifier, classifierIn, type Ranked, ranking } from './classifier-bank.ts'
import { type Bar, type Exhibit, evidenceFor, judge, noJudgement } from './judgement.ts'
import type { Model } from './model.ts'
import { idAtLevel } from './subject-tree.ts'
import { classifierNames, NOTHING } from './train-shipped.ts'
import type { Judgement } from './understanding.ts'

/** Judges what a text is about. */
export interface SubjectJudge {
  /** Among the leaves: P(top) × P(leaf given top), over the likely tops. */
  leaf(exhibit: Exhibit): Judgement
  /** The share of every second-level subject that is worth naming. */
  groups(exhibit: Exhibit): Map<string, number>
}

/** Below a top of less than this share no leaf is worth looking at. */
const LEAST_TOP = 0.03

/** Makes a judge out of a model. What is about no subject lowers the confidence of all of them. */
export function createSubjectJudge(model: Model, bar: Bar): SubjectJudge {
  const bank = model.banks.topical
  const top = bank && classifierIn(bank, classifierNames.top)
  if (!bank || !top) return { leaf: noJudgement, groups: () => new Map() }
  const below = new Map(
    top.labels.map(label => [label, classifierIn(bank, classifierNames.leavesOf(label))] as const),
  )
  const rank = (exhibit: Exhibit) => rankLeaves(top, below, exhibit)
  return {
    leaf: exhibit => {
      const judgement = judge(rank(exhibit), bar)
      const best = judgement.candidates[0]?.label
      if (best === undefined) return judgement
      return { ...judgement, evidence: evidenceFor(top, idAtLevel(best, 1), exhibit) }
    },
    groups: exhibit => {
      const shares = new Map<string, number>()
      for (const [leaf, share] of rank(exhibit)) {
        const group = idAtLevel(leaf, 2)
        shares.set(group, (shares.get(group) ?? 0) + share)
      }
      return shares
    },
  }
}

function rankLeaves(top: Classifier, below: Map<string, Classifier | undefined>, exhibit: Exhibit): Ranked[] {
  // Nothing known, nothing to be guessed.
  if (exhibit.vector.ids.length === 0) return []
  return ranking(top, exhibit)
    .filter(([label, share]) => label !== NOTHING && share >= LEAST_TOP)
    .flatMap(([label, share]): Ranked[] => {
      const leaves = below.get(label)
      if (!leaves) return [[label, share]]
      return ranking(leaves, exhibit).map(([leaf, part]) => [leaf, share * part])
    })
}
