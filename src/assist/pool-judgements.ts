import { type Bar, judge } from '../language/judgement.ts'
import type { Judgement } from '../language/understanding.ts'

/** Of a candidate with less than this nothing is taken. */
const NOISE = 0.1

/**
 * One judgement of several about the same thing: each speaks for its candidates as far as it weighs (0 to 1), and none speaks against
 * those of the others, because most of what is said in a talk is not about the matter. Of a single one of weight 1 it is that one.
 */
export function poolJudgements(
  all: readonly { judgement: Judgement; weight: number }[],
  bar: Bar,
): Judgement {
  const doubt = new Map<string, number>()
  for (const { judgement, weight } of all)
    for (const { label, confidence } of judgement.candidates)
      if (confidence >= NOISE) doubt.set(label, (doubt.get(label) ?? 1) * (1 - weight * confidence))
  const pooled = judge(
    [...doubt].map(([label, left]) => [label, 1 - left] as const),
    bar,
  )
  const best = pooled.candidates[0]?.label
  const speaker = all
    .filter(({ judgement }) => judgement.candidates[0]?.label === best)
    .toSorted((a, b) => b.judgement.confidence * b.weight - a.judgement.confidence * a.weight)[0]
  return { ...pooled, evidence: speaker?.judgement.evidence ?? [] }
}
