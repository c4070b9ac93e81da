/** What became of one case of many. */
export type BulkState = 'waiting' | 'running' | 'done' | 'refused' | 'unknown' | 'stopped'

export interface BulkResult {
  state: BulkState
  /** Why not, in the person's language. */
  because: string
}

/** How a try at one case ended. `unknown`: nobody answered, so it may have been done or not. */
export type BulkOutcome =
  | { is: 'done' }
  | { is: 'refused'; because: string }
  | { is: 'unknown'; because: string }

/** Tries at one case before it is left open how it went. */
const TRIES = 2

/**
 * Does one thing to many cases, one after another, each for itself: what is refused stops nobody else, and a repeat bears the same
 * key, so that nothing is done twice.
 */
export async function runBulk<T extends { id: string }>(
  cases: readonly T[],
  perform: (one: T, key: string) => Promise<BulkOutcome>,
  watch: {
    /** Of the whole run: a second run of the same work bears the same. */
    runKey: string
    isStopped(): boolean
    onChange(id: string, result: BulkResult): void
  },
): Promise<void> {
  for (const one of cases) {
    if (watch.isStopped()) {
      watch.onChange(one.id, { state: 'stopped', because: '' })
      continue
    }
    watch.onChange(one.id, { state: 'running', because: '' })
    let outcome: BulkOutcome = { is: 'unknown', because: '' }
    for (let tried = 0; tried < TRIES && outcome.is === 'unknown'; tried++)
      outcome = await perform(one, `${watch.runKey}-${one.id}`)
    watch.onChange(one.id, {
      state: outcome.is,
      because: outcome.is === 'done' ? '' : outcome.because,
    })
  }
}
