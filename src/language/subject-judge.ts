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
import { doubtPlace, placeShare } from './place-evidence.ts'
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
      const ranked = rankLeaves(parts, exhibit)
      const judgement = judge(ranked, bar)
      const best = judgement.candidates[0]?.label
      if (best === undefined) return judgement
      const evidence = evidenceFor(parts.top, idAtLevel(best, 1), exhibit)
      const place = placeShare(evidence)
      return { ...(place > 0 ? judge(doubtPlace(ranked, place), bar) : judgement), evidence }
    },
    shares: (exhibit, level) => sharesOf(parts, exhibit, level),
  }
}

interface Parts {
  top: Classifier
  centres: Classifier
  branches: Branch[]
  /** The leaves and NOTHING, branch after branch. */
  labels: string[]
  /** For each level the ids, and of each label the index among them; -1 for NOTHING. */
  levels: Record<1 | 2 | 3, { ids: string[]; index: Int32Array }>
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
  const levels = { 1: levelOf(labels, 1), 2: levelOf(labels, 2), 3: levelOf(labels, 3) }
  return { top, centres, branches, labels, levels }
}

function levelOf(labels: readonly string[], level: 1 | 2 | 3): Parts['levels'][1] {
  const ids = [...new Set(labels.map(label => idAtLevel(label, level)))].filter(id => id !== NOTHING)
  return { ids, index: Int32Array.from(labels, label => ids.indexOf(idAtLevel(label, level))) }
}

function rankLeaves(parts: Parts, seen: Look): Ranked[] {
  const shares = leafShares(parts, seen)
  const ranked: Ranked[] = []
  parts.labels.forEach((label, i) => {
    if (shares && label !== NOTHING) ranked.push([label, shares[i]!])
  })
  return ranked
}

function sharesOf(parts: Parts, seen: Look, level: 1 | 2 | 3): Map<string, number> {
  const { ids, index } = parts.levels[level]
  const shares = leafShares(parts, seen)
  if (!shares) return new Map()
  const sums = new Float64Array(ids.length)
  for (let i = 0; i < index.length; i++) if (index[i]! >= 0) sums[index[i]!]! += shares[i]!
  return new Map(ids.map((id, i) => [id, sums[i]!]))
}

/**
 * Of every label its share. Two opinions are multiplied: what parts a leaf from the others (top first, then leaf given top), and how
 * near the text is to the leaf's centre. Nothing known, nothing to be guessed.
 */
function leafShares(parts: Parts, seen: Look): Float32Array | undefined {
  if (seen.vector.ids.length === 0) return undefined
  const { marginWeight = 1, sharpness } = parts.centres
  return blend(opinionsOn(parts, seen), { margins: marginWeight, nearness: sharpness })
}

/** No label is left out, however unlikely: the last one left would look certain. */
function opinionsOn({ top, branches, labels }: Parts, seen: Look): Opinions {
  const margins = new Float32Array(labels.length)
  const nearness = new Float32Array(labels.length)
  const tops = logShares(top, seen)
  let at = 0
  for (let i = 0; i < branches.length; i++) {
    const { leaves, columns } = branches[i]!
    const within = leaves && logShares(leaves, seen)
    for (let j = 0; j < columns.length; j++) {
      const column = columns[j]!
      margins[at] = tops[i]! + (within ? within[j]! : 0)
      nearness[at++] = column < 0 ? 0 : seen.vector.familiarity * seen.scores[column]!
    }
  }
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
