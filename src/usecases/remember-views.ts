import type { Locale } from '../language/understanding.ts'
import type { Line } from './line.ts'
import type { PublicCase } from './public-case-ports.ts'
import type { PublicRequest } from './show-public-case.ts'

type Show = (line: Line, current: PublicCase, locale: Locale) => PublicRequest

/** About a kilobyte each. */
const MOST_VIEWS = 10_000

/**
 * The same views, each worked out once while the case is as it is: a list holds up to a thousand, anybody may ask for it as often as the
 * limits allow, and reading a place takes a tenth of a millisecond. The oldest are forgotten.
 */
export function rememberViews(show: Show): Show {
  const known = new Map<string, PublicRequest>()
  return (line, current, locale) => {
    const { id, changedAt, dueAt } = current
    const key = [id, changedAt.getTime(), dueAt?.getTime(), locale].join(' ')
    const view = known.get(key) ?? show(line, current, locale)
    known.delete(key)
    known.set(key, view)
    if (known.size > MOST_VIEWS) known.delete(known.keys().next().value!)
    return view
  }
}
