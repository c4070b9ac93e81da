import { blend, fitBlend, type Opinions } from './blend.ts'
import {
  type Classifier,
  type ClassifierBank,
  classifierIn,
  type Look,
  logShares,
  type Ranked,
} from './classifier-bank.ts'
import { classifierNames, NOTHING } from './classifier-names.ts'
import { type Bar, type Exhibit, evidenceFor, judge, noJudgement } from './judgement.ts'
import type { Model } from './model.ts'
import { idAtLevel } from './subject-tree.ts'
import type { HeldOutLook } from './train-bank.ts'
import type { Judgement } from './understanding.ts'

/** Judges what a text is about. What is about no subject lowers the confidence of all of them. */
export interface SubjectJudge {
  /** Among the leaves. */
  leaf(exhibit: Exhibit): Judgement
  /** The share of every subject of a level: 1 top, 2 second, 3 leaf. */
  shares(exhibit: Look, level: 1 | 2 | 3): Map<string, number>
}

/** Makes a judge out of a model. */
export function createSubjectJudge(model: Model, bar: Bar): SubjectJudge {
  const bank = model.banks.topical
  const parts = bank && partsOf(bank)
  if (!parts) return { leaf: noJudgement, shares: () => new Map() }
  return {
    leaf: exhibit => {
      const judgement = judge(rankLeaves(parts, exhibit), bar)
      const best = judgement.candidates[0]?.label
      if (best === undefined) return judgement
      return { ...judgement, evidence: evidenceFor(parts.top, idAtLevel(best, 1), exhibit) }
    },
    shares: (exhibit, level) => {
      const shares = new Map<string, number>()
      for (const [leaf, share] of rankLeaves(parts, exhibit)) {
        const id = parts.lines.get(leaf)![level - 1]!
        shares.set(id, (shares.get(id) ?? 0) + share)
      }
      return shares
    },
  }
}

interface Parts {
  top: Classifier
  centres: Classifier
  branches: Branch[]
  /** The leaves and NOTHING, branch after branch. */
  labels: string[]
  /** Of each label its ids at the three levels. */
  lines: Map<string, [string, string, string]>
}

/** A top-level subject, or NOTHING, which has no leaves. */
interface Branch {
  leaves: Classifier | undefined
  /** Columns of the labels' centres; -1 for none. */
  columns: number[]
}

function partsOf(bank: ClassifierBank): Parts | undefined {
  const top = classifierIn(bank, classifierNames.top)
  const centres = classifierIn(bank, classifierNames.centres)
  if (!top || !centres) return undefined
  const columns = new Map(centres.labels.map((label, i) => [label, centres.first + i]))
  const labels: string[] = []
  const branches = top.labels.map((label): Branch => {
    const leaves = classifierIn(bank, classifierNames.leavesOf(label))
    const own = leaves?.labels ?? [label]
    labels.push(...own)
    return { leaves, columns: own.map(leaf => columns.get(leaf) ?? -1) }
  })
  const line = (label: string) =>
    [idAtLevel(label, 1), idAtLevel(label, 2), label] as [string, string, string]
  return { top, centres, branches, labels, lines: new Map(labels.map(label => [label, line(label)])) }
}

/**
 * The leaves with their shares. Two opinions are multiplied: what parts a leaf from the others (top first, then leaf given top), and
 * how near the text is to the leaf's centre. Nothing known, nothing to be guessed.
 */
function rankLeaves(parts: Parts, seen: Look): Ranked[] {
  if (seen.vector.ids.length === 0) return []
  const { marginWeight = 1, sharpness } = parts.centres
  const shares = blend(opinionsOn(parts, seen), { margins: marginWeight, nearness: sharpness })
  const ranked: Ranked[] = []
  parts.labels.forEach((label, i) => {
    if (label !== NOTHING) ranked.push([label, shares[i]!])
  })
  return ranked
}

/** No label is left out, however unlikely: the last one left would look certain. */
function opinionsOn({ top, branches, labels }: Parts, seen: Look): Opinions {
  const margins = new Float32Array(labels.length)
  const nearness = new Float32Array(labels.length)
  const tops = logShares(top, seen)
  let at = 0
  branches.forEach(({ leaves, columns }, i) => {
    const within = leaves && logShares(leaves, seen)
    columns.forEach((column, j) => {
      margins[at] = tops[i]! + (within?.[j] ?? 0)
      nearness[at++] = column < 0 ? 0 : seen.vector.familiarity * seen.scores[column]!
    })
  })
  return { margins, nearness }
}

/** Learns from held-out messages how much both opinions count. */
export function fitSubjectBlend(bank: ClassifierBank, heldOut: readonly HeldOutLook[]): void {
  const partsIn = new Map([...new Set(heldOut.map(({ look }) => look.bank))].map(one => [one, partsOf(one)]))
  const cases = heldOut.flatMap(({ look, labels }) => {
    const parts = partsIn.get(look.bank)
    const target = parts?.labels.indexOf(labels.get(classifierNames.centres) ?? '') ?? -1
    return parts && target >= 0 && labels.get(classifierNames.centres) !== NOTHING
      ? [{ opinions: opinionsOn(parts, look), target }]
      : []
  })
  const centres = classifierIn(bank, classifierNames.centres)
  if (!centres || cases.length === 0) return
  const weights = fitBlend(cases)
  centres.marginWeight = weights.margins
  centres.sharpness = weights.nearness
}
