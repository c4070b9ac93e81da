import { HELP_KINDS, type HelpKind } from '../assist/help-kinds.ts'
import { AppError } from '../kernel/errors.ts'
import type { HelpCount, HelpWeek } from './help-ports.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'

/** How much the help to agents is used. */
export interface HelpReport {
  /** Each kind over all agents and weeks; those that were never shown, too. */
  kinds: (HelpCount & { isOff: boolean })[]
  weeks: HelpWeek[]
}

const READERS: readonly Account['role'][] = ['supervisor', 'admin', 'arbiter']

/**
 * What became of the help between two instants, by agent and week; agents see their own.
 * @throws AppError `action-forbidden`
 */
export async function countHelp(
  line: Line,
  account: Account,
  { from, to }: { from: Date; to: Date },
): Promise<HelpReport> {
  const isOwnOnly = account.role === 'agent'
  if (!isOwnOnly && !READERS.includes(account.role))
    throw new AppError('action-forbidden', { role: account.role })
  const { city, assist } = line.content
  const all = await line.store.help.weeks(from, to, city.timeZone)
  const weeks = isOwnOnly ? all.filter(({ accountId }) => accountId === account.id) : all
  const counts = weeks.flatMap(week => week.counts)
  return {
    weeks,
    kinds: HELP_KINDS.map(kind => ({ ...sumOf(kind, counts), isOff: assist.off.includes(kind) })),
  }
}

function sumOf(kind: HelpKind, counts: readonly HelpCount[]): HelpCount {
  const sum: HelpCount = { kind, used: 0, edited: 0, ignored: 0 }
  for (const each of counts) {
    if (each.kind !== kind) continue
    sum.used += each.used
    sum.edited += each.edited
    sum.ignored += each.ignored
  }
  return sum
}
