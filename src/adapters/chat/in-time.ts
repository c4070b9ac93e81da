/** Which of the two it was. */
export type InTime<T> = { isInTime: true; value: T } | { isInTime: false; later: Promise<T> }

/** Waits for the work, but no longer than that; the work goes on. Throws what it throws in time. */
export async function inTime<T>(work: Promise<T>, budgetMs: number): Promise<InTime<T>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<InTime<T>>(resolve => {
    timer = setTimeout(() => resolve({ isInTime: false, later: work }), budgetMs)
  })
  try {
    return await Promise.race([work.then((value): InTime<T> => ({ isInTime: true, value })), late])
  } finally {
    clearTimeout(timer)
  }
}
