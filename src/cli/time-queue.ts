/** Something that is to happen to a case. */
export interface TimedCase {
  /** Milliseconds since 1970. */
  at: number
  caseId: string
}

/** A heap: the earliest is first; of the same moment the one that was added first. */
export class TimeQueue {
  readonly #heap: (TimedCase & { order: number })[] = []
  #order = 0

  get first(): TimedCase | undefined {
    return this.#heap[0]
  }

  add(timed: TimedCase): void {
    const heap = this.#heap
    const added = { ...timed, order: this.#order++ }
    let at = heap.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (isBefore(heap[parent]!, added)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = added
  }

  /** Takes the first one out. */
  take(): TimedCase | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!last || heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (isBefore(last, heap[child]!)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return first
  }
}

function isBefore(a: { at: number; order: number }, b: { at: number; order: number }): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
