import type { Anchor, DayHead } from '../cases/anchor.ts'

/** An anchor as it is found: null heads when somebody made of them what no anchor can be. */
export type StoredAnchor = Anchor | (Omit<Anchor, 'heads'> & { heads: null })

/** One anchor a local day over all cases, and the rest that an audit asks for. */
export interface AnchorStore {
  last(): Promise<Pick<Anchor, 'day' | 'hash'> | null>
  /** When the first case was filed. */
  firstFiling(): Promise<Date | null>
  /** The last event of each case on a local day, as its events are now. */
  headsOf(day: string): Promise<DayHead[]>
  /** False when that day has one already. */
  add(anchor: Anchor): Promise<boolean>
  /** In order of the days. */
  each(): AsyncIterable<StoredAnchor>
  /** The first event of each case that is gone itself. */
  eventsWithoutCase(): Promise<Pick<DayHead, 'caseId' | 'seq'>[]>
  countLooks(): Promise<number>
}
