import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** What a program did. */
export interface Ran {
  code: number
  out: string
  err: string
}

/** Runs a program of `src/cli`; with `isRead: false` nobody reads what it prints. */
export function runProgram(
  name: string,
  args: readonly string[],
  { isRead = true, env = {} }: { isRead?: boolean; env?: Record<string, string> } = {},
): Promise<Ran> {
  const program = resolve(import.meta.dirname, '../../src/cli', `${name}.ts`)
  return new Promise(done => {
    const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...env } })
    let out = ''
    let err = ''
    if (isRead) child.stdout.on('data', data => (out += data))
    else child.stdout.destroy()
    child.stderr.on('data', data => (err += data))
    child.on('close', code => done({ code: code ?? -1, out, err }))
  })
}

/** The last line of what a program printed, as JSON. */
export function lastLineOf({ out }: Ran): unknown {
  return JSON.parse(out.trim().split('\n').at(-1)!)
}

/** A folder of files for programs to read. */
export interface Scratch {
  path: string
  /** Writes a file and returns its path; rows become JSON lines. */
  file(name: string, content: string | Uint8Array | readonly object[]): string
  remove(): void
}

export function scratchFolder(): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'yihao-program-'))
  return {
    path,
    file(name, content) {
      const file = join(path, name)
      const isRows = Array.isArray(content)
      writeFileSync(file, isRows ? content.map(row => JSON.stringify(row)).join('\n') : (content as string))
      return file
    },
    remove: () => rmSync(path, { recursive: true }),
  }
}
