/** A number that waits, as the queue sees it. */
export interface Waiting {
  id: string
  group: string
  takenAt: Date
  /** So many minutes it is served as if it had been taken earlier: the elderly, whoever has an appointment, whoever was sent on. */
  creditMinutes: number
  /** Only this window may call it: it was sent there. */
  onlyWindow?: string
}

/** A window and what it serves. */
export interface Window {
  id: string
  groups: readonly string[]
  /** Somebody is at it. */
  isOpen: boolean
  /** When nobody will be, as far as is known: lunch, the end of the day. */
  breaks?: readonly { from: Date; to: Date }[]
}

/** When a number counts as taken. */
export function rankOf({ takenAt, creditMinutes }: Waiting): number {
  return takenAt.getTime() - creditMinutes * 60_000
}

/** The order in which numbers are called: by when they count as taken, and of two at the same moment the one with the lower id. */
export function inOrder<T extends Waiting>(waiting: readonly T[]): T[] {
  return waiting.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1))
}

/** Whom a window calls next; undefined when nobody waits for what it serves. */
export function nextFor<T extends Waiting>(window: Window, ordered: readonly T[]): T | undefined {
  return window.isOpen ? ordered.find(each => mayCall(each, window)) : undefined
}

/** May this window call it? */
function mayCall({ group, onlyWindow }: Waiting, { id, groups }: Window): boolean {
  return groups.includes(group) && (onlyWindow === undefined || onlyWindow === id)
}

/**
 * How many are called before this one: all before it in the order that a window may take which serves its group, too. One that no window
 * takes away from it is not before it.
 */
export function howManyBefore(
  mine: Waiting,
  waiting: readonly Waiting[],
  windows: readonly Window[],
): number {
  const mineTo = windows.filter(window => window.isOpen && mayCall(mine, window))
  const competes = (other: Waiting) => mineTo.some(window => mayCall(other, window))
  const ordered = inOrder([...waiting.filter(({ id }) => id !== mine.id), mine])
  return ordered.slice(0, ordered.indexOf(mine)).filter(competes).length
}
