import type { Clock } from '../kernel/clock.ts'

/** Work whose answer is good for a while, kept by key; who asks while it is being done waits for the same. */
export function keptFor<Answer>(clock: Clock, lifeMs: number) {
  const kept = new Map<string, { at: number; answer: Promise<Answer> }>()
  return (key: string, work: () => Promise<Answer>): Promise<Answer> => {
    const now = clock.now().getTime()
    const known = kept.get(key)
    if (known && now >= known.at && now < known.at + lifeMs) return known.answer
    const answer = work()
    kept.set(key, { at: now, answer })
    // What went wrong is tried again.
    answer.catch(() => kept.get(key)?.answer === answer && kept.delete(key))
    return answer
  }
}
