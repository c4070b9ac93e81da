import type { Steward } from './steward-rules.ts'

/**
 * Who shall look after an enterprise of a sector: of those who have room whoever knows the sector, then whoever has most room left in
 * proportion, then whoever stands first in the content. Null: nobody has room, and the supervisor must see to it.
 * @param load how many enterprises each has, by login
 */
export function assignSteward(
  sector: string,
  stewards: readonly Steward[],
  load: ReadonlyMap<string, number>,
): Steward | null {
  const share = ({ login, most }: Steward) => (load.get(login) ?? 0) / most
  const free = stewards.filter(steward => share(steward) < 1)
  const knowing = free.filter(({ sectors }) => sectors.includes(sector))
  const open = free.filter(({ sectors }) => sectors.length === 0)
  const candidates = [knowing, open, free].find(some => some.length > 0) ?? []
  return candidates.toSorted((a, b) => share(a) - share(b))[0] ?? null
}
