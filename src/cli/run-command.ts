import { InputError } from '../adapters/disk/read-rows.ts'

/**
 * Runs a command and leaves its exit code: what `run` returns; 2 with one line on stderr when the arguments or an input file
 * are wrong. A bug is thrown on.
 */
export async function runCommand(run: () => number | Promise<number>): Promise<void> {
  // A reader that has seen enough, such as head, closes the pipe; that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  try {
    process.exitCode = await run()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  }
}

/** How far long work is: to stderr, so that stdout holds results only. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}
