import type { Logger } from '../../kernel/logger.ts'

/**
 * Runs `work` again and again, `milliseconds` after it has finished, until stopped. A failure is logged and does not end it.
 * @returns stops it and waits for a running one
 */
export function repeat(
  milliseconds: number,
  work: () => Promise<unknown>,
  logger: Logger,
): () => Promise<void> {
  let isStopped = false
  let wake: () => void = () => {}
  const pause = () =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, milliseconds)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const running = (async () => {
    while (!isStopped) {
      await work().catch(error =>
        logger.warn({ err: error }, 'a repeated task failed and will be tried again'),
      )
      if (!isStopped) await pause()
    }
  })()
  return () => {
    isStopped = true
    wake()
    return running
  }
}
