import type { Help, HelpKind, HelpOutcome } from '../assist/help-kinds.ts'

/** The help of one filing, and who filed. */
export interface FiledHelp extends Help {
  accountId: string
  at: Date
  cases: number
}

/** How often a kind of help was shown, and what became of it. */
export interface HelpCount extends Record<HelpOutcome, number> {
  kind: HelpKind
}

/** One agent's filings of one week. */
export interface HelpWeek {
  /** Local date of its Monday. */
  week: string
  accountId: string
  displayName: string
  filings: number
  cases: number
  medianSeconds: number
  medianKeys: number
  counts: HelpCount[]
}

export interface HelpStore {
  /** Weeks in the city's time, the newest first, agents by name. */
  weeks(from: Date, to: Date, timeZone: string): Promise<HelpWeek[]>
}

/** What a transaction writes of it. */
export interface HelpTransaction {
  add(help: FiledHelp): void
}
