import { leastSurprising } from './calibration.ts'
import {
  type Classifier,
  type ClassifierBank,
  classifierIn,
  type Look,
  type Ranked,
  ranking,
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
  /** The share of every top-level (1) or second-level (2) subject that is worth naming. */
  shares(exhibit: Look, level: 1 | 2): Map<string, number>
}

/** Below a top of less than this share no leaf is worth looking at. */
const LEAST_TOP = 0.01
/** How much the margin classifiers' opinion counts beside that of the leaves' centres, whose sharpness is fitted to it. */
const MARGIN_WEIGHT = 0.6

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
  leavesOf: Map<string, Classifier | undefined>
  centres: Classifier
  columns: Map<string, number>
  /** Of each leaf the ids of its top and its second level. */
  lines: Map<string, [string, string]>
}

function partsOf(bank: ClassifierBank): Parts | undefined {
  const top = classifierIn(bank, classifierNames.top)
  const centres = classifierIn(bank, classifierNames.centres)
  if (!top || !centres) return undefined
  return {
    top,
    leavesOf: new Map(top.labels.map(label => [label, classifierIn(bank, classifierNames.leavesOf(label))])),
    centres,
    columns: new Map(centres.labels.map((label, i) => [label, centres.first + i])),
    lines: new Map(centres.labels.map(label => [label, [idAtLevel(label, 1), idAtLevel(label, 2)]])),
  }
}

/**
 * The leaves with their shares. Two opinions are multiplied: what parts a leaf from the others (top first, then leaf given top), and
 * how near the text is to the leaf's centre. Nothing known, nothing to be guessed.
 */
function rankLeaves(parts: Parts, seen: Look): Ranked[] {
  if (seen.vector.ids.length === 0) return []
  return blend(candidatesOf(parts, seen), parts.centres.sharpness).filter(([label]) => label !== NOTHING)
}

interface Candidate {
  label: string
  margin: number
  nearness: number
}

function candidatesOf({ top, leavesOf, columns }: Parts, seen: Look): Candidate[] {
  const nearness = (label: string) => seen.scores[columns.get(label) ?? -1] ?? 0
  return ranking(top, seen)
    .filter(([, share]) => share >= LEAST_TOP)
    .flatMap(([label, share]): Candidate[] => {
      const leaves = leavesOf.get(label)
      const ranked: Ranked[] = leaves ? ranking(leaves, seen) : [[label, 1]]
      return ranked.map(([leaf, part]) => ({
        label: leaf,
        margin: MARGIN_WEIGHT * Math.log(share * part + 1e-9),
        nearness: seen.vector.familiarity * nearness(leaf),
      }))
    })
}

function blend(candidates: readonly Candidate[], sharpness: number): Ranked[] {
  const logits = candidates.map(({ margin, nearness }) => margin + sharpness * nearness)
  const largest = Math.max(...logits)
  const powers = logits.map(logit => Math.exp(logit - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return candidates.map(({ label }, i) => [label, powers[i]! / sum])
}

const MOST_SHARPNESS = 400

/** How sharply nearness to a centre must count for held-out messages to be least surprising. */
export function fitBlend(bank: ClassifierBank, heldOut: readonly HeldOutLook[]): void {
  const partsIn = new Map([...new Set(heldOut.map(({ look }) => look.bank))].map(one => [one, partsOf(one)]))
  const cases = heldOut.flatMap(({ look, labels }) => {
    const parts = partsIn.get(look.bank)
    const label = labels.get(classifierNames.centres)
    if (!parts || label === undefined) return []
    const candidates = candidatesOf(parts, look)
    return [{ candidates, target: candidates.findIndex(candidate => candidate.label === label) }]
  })
  const centres = classifierIn(bank, classifierNames.centres)
  if (!centres || cases.length === 0) return
  centres.sharpness = leastSurprising(MOST_SHARPNESS, sharpness =>
    cases.reduce((surprise, { candidates, target }) => {
      const share = blend(candidates, sharpness)[target]?.[1] ?? 0
      return surprise - Math.log(Math.max(1e-6, share))
    }, 0),
  )
}
