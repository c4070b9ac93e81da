import { localDateOf, type WorkingCalendar } from '../clocks/working-calendar.ts'
import { DAY } from '../kernel/clock.ts'
import type { StewardRules } from './steward-rules.ts'

/** What was between an enterprise and its steward, as far as it counts for the quiet. */
export interface Contacts {
  /** When the steward wrote unasked, in any order. */
  unasked: readonly Date[]
  /** Since when the enterprise does not want to be written to unasked; null: it never said so. */
  quietSince: Date | null
  /** The last question of the enterprise that nobody has answered; null: none is open. */
  askedAt: Date | null
}

/** May the steward write now, and if not, why; `from` is the first moment at which the hours would allow it. */
export type MayContact =
  | { may: true; because: 'asked' | 'allowed' }
  | { may: false; because: 'unwanted' }
  | { may: false; because: 'outside-hours'; from: Date }
  | { may: false; because: 'too-often' | 'too-soon' }

/**
 * 有求必应、无需不扰: who asks is always answered; who does not is written to rarely, in working hours, and never again after a no.
 * @param calendar that of the quiet rules' own hours
 */
export function mayContact(
  now: Date,
  { unasked, quietSince, askedAt }: Contacts,
  { mostAMonth, daysBetween }: StewardRules['quiet'],
  calendar: WorkingCalendar,
): MayContact {
  if (askedAt !== null) return { may: true, because: 'asked' }
  if (quietSince !== null) return { may: false, because: 'unwanted' }
  const from = calendar.nextWorkingMoment(now)
  if (from > now) return { may: false, because: 'outside-hours', from }
  const month = monthOf(now)
  if (unasked.filter(at => monthOf(at) === month).length >= mostAMonth)
    return { may: false, because: 'too-often' }
  const isFresh = unasked.some(at => now.getTime() - at.getTime() < daysBetween * DAY)
  return isFresh ? { may: false, because: 'too-soon' } : { may: true, because: 'allowed' }
}

function monthOf(at: Date): string {
  return localDateOf(at).slice(0, 7)
}
