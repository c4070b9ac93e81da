import { checkName } from './check-name.ts'
import { checkPeople, checkSignatures } from './check-people.ts'
import { checkRoles } from './check-roles.ts'
import { checkScope } from './check-scope.ts'
import { checkShares } from './check-shares.ts'
import type { Draft } from './facts.ts'
import { type Problem, stop } from './problem.ts'
import type { Registry } from './rules.ts'

/** A house number, a room: without one nobody is found there. */
const NUMBERED = /[\d０-９一二三四五六七八九十百]+\s*(号|室|栋|幢|层|单元|组|院)/

/**
 * Everything that is not right, all at once (一次性告知), in the order of the page; nothing when it may be handed in.
 * @param version of what is on the screen, which the signatures must be of
 */
export function checkDraft(
  draft: Draft,
  registry: Registry,
  { today, version }: { today: string; version: string },
): Problem[] {
  return [
    ...checkPeople(draft, today),
    ...checkName(draft, registry),
    ...checkScope(draft, registry),
    ...checkShares(draft, registry, today),
    ...checkRoles(draft),
    ...checkAddress(draft, registry),
    ...checkSignatures(draft, version),
  ]
}

function checkAddress({ address: { street, detail, right } }: Draft, { streets }: Registry): Problem[] {
  const problems: Problem[] = []
  if (!streets.has(street)) problems.push(stop('address.street', 'street-missing'))
  if (detail === '') problems.push(stop('address.detail', 'address-missing'))
  else if (!NUMBERED.test(detail)) problems.push(stop('address.detail', 'address-without-number'))
  if (right === '') problems.push(stop('address.right', 'right-missing'))
  return problems
}
