import type { Standing, Standings, Suggested } from './suggestions.ts'

/** So much surer another value must be to take the place of one that is shown. */
export const CLEARLY_BETTER = 0.15

/** Less sure than this, a value that is shown has nothing to stand on any more. */
const GROUNDLESS = 0.15

/** All that speaks for a value of a field now. */
export interface Ranked {
  /** The best first. */
  candidates: readonly Suggested[]
  /** How sure the best must be to be shown where nothing is. */
  bar: number
  /** By how many times it must outdo the second. */
  lead?: number
}

/**
 * What a field shows next, calmly: what a person accepted, edited or refused stays; a value that is shown stays until another is
 * clearly better, says the same more exactly, or its own words are gone.
 */
export function steady(before: Standing | undefined, ranked: Ranked): Suggested {
  const best = bestOf(ranked)
  if (!before) return best
  if (before.is === 'refused') return otherThan(before.value, ranked)
  const same = ranked.candidates.find(({ value }) => value === before.value)
  if (before.is !== 'shown') return { value: before.value, confidence: 1, evidence: same?.evidence ?? [] }
  if (before.value === null || !same || same.confidence < GROUNDLESS) return best
  const isBetter = best.confidence >= same.confidence + CLEARLY_BETTER
  return isBetter || isWithin(before.value, best.value) ? best : same
}

const NOTHING: Suggested = { value: null, confidence: 0, evidence: [] }

function bestOf({ candidates, bar, lead = 1 }: Ranked): Suggested {
  const [first, second] = candidates
  const isGiven = first && first.confidence >= bar && first.confidence >= lead * (second?.confidence ?? 0)
  return isGiven ? first : NOTHING
}

function otherThan(refused: string | null, { candidates, bar }: Ranked): Suggested {
  const other = candidates.find(({ value }) => value !== refused && !isWithin(value, refused))
  return other && other.confidence >= bar ? other : NOTHING
}

/** Is one text a part of the other: the same place, said with less? */
function isWithin(part: string | null, whole: string | null): boolean {
  return part !== null && whole?.includes(part) === true
}

/** The same for several fields. */
export function steadyAll<F extends string>(
  fields: readonly F[],
  before: Standings<F> | undefined,
  ranked: Record<F, Ranked>,
): Record<F, Suggested> {
  return Object.fromEntries(
    fields.map(field => [field, steady(before?.[field], ranked[field])] as const),
  ) as Record<F, Suggested>
}
