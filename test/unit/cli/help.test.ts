import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runProgram } from '../../support/run-program.ts'

const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
  scripts: Record<string, string>
}
const programs = new Set(
  Object.values(scripts).flatMap(script =>
    [...script.matchAll(/src\/cli\/([a-z-]+)\.ts/g)].map(([, name]) => name!),
  ),
)

const SLOWLY = 60_000

describe('every command', () => {
  test.each([...programs])(
    '%s says its usage when it is asked for help',
    async name => {
      const { code, out, err } = await runProgram(name, ['--help'])
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(out).toMatch(/^Usage: \S/)
    },
    SLOWLY,
  )

  test.each(['verify-audit', 'check-content'])(
    '%s names an argument that it does not know',
    async name => {
      const { code, out, err } = await runProgram(name, ['--nonsense'])
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(/--nonsense[\s\S]*\nUsage: \S/)
    },
    SLOWLY,
  )
})
