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
export function steady(before: Standing | undefined, { candidates, bar, lead = 1 }: Ranked): Suggested {
  const nothing: Suggested = { value: null, confidence: 0, evidence: [] }
  const [first = nothing, second] = candidates
  const isGiven = first.confidence >= bar && first.confidence >= lead * (second?.confidence ?? 0)
  const best = isGiven ? first : nothing
  if (!before) return best
  const same = candidates.find(({ value }) => value === before.value)
  if (before.is === 'accepted' || before.is === 'edited')
    return { value: before.value, confidence: 1, evidence: same?.evidence ?? [] }
  if (before.is === 'refused') {
    const other = candidates.find(({ value }) => value !== before.value && !isWithin(value, before.value))
    return other && other.confidence >= bar ? other : nothing
  }
  if (before.value === null || !same || same.confidence < GROUNDLESS) return best
  if (best.value !== before.value && isWithin(before.value, best.value)) return best
  return best.confidence >= same.confidence + CLEARLY_BETTER ? best : same
}

/** Is one text a part of the other: the same place, said with less? */
function isWithin(part: string | null, whole: string | null): boolean {
  return part !== null && whole !== null && whole.includes(part)
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
