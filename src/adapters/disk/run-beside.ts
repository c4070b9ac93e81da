import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a program that runs beside the line sends. */
export type Sent<Progress, Result> = { progress: Progress } | { result: Result }

/**
 * Runs a program of ours as a process of its own, so that no answer waits for it, and returns the result that it sends. A process and
 * not a thread: a native library that does not like to be stopped then harms nobody. It gets none of the settings.
 * @param order what it is told: plain data and bytes
 * @throws the signal's reason when it is to stop: it is killed wherever it is; an Error when it ends without a result
 */
export async function runBeside<Progress, Result>(
  program: URL,
  order: object,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (progress: Progress) => void } = {},
): Promise<Result> {
  signal?.throwIfAborted()
  const child = fork(fileURLToPath(program), { serialization: 'advanced', env: {} })
  const { promise, resolve, reject } = Promise.withResolvers<Result>()
  child.on('message', (sent: Sent<Progress, Result>) => {
    if ('result' in sent) resolve(sent.result)
    else onProgress?.(sent.progress)
  })
  child.on('error', reject)
  child.on('exit', (code, by) =>
    reject(new Error(`${program.pathname} ended with ${by ?? code} and no result`)),
  )
  const onAbort = () => reject(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    child.send(order)
    return await promise
  } finally {
    signal?.removeEventListener('abort', onAbort)
    child.kill('SIGKILL')
  }
}

/**
 * The other side: does the work for the one order and sends what comes of it. A line that is gone wants nothing any more, so the process
 * ends with it.
 */
export function workForLine<Order, Progress, Result>(
  work: (order: Order, tell: (progress: Progress) => void) => Promise<Result>,
): void {
  const send = (sent: Sent<Progress, Result>) => process.send!(sent)
  process.once('disconnect', () => process.exit(1))
  process.once('message', async (order: Order) => {
    send({ result: await work(order, progress => send({ progress })) })
  })
}
