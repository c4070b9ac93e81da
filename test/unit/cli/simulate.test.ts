import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lastLineOf, runProgram, type Scratch, scratchFolder } from '../../support/run-program.ts'

/** The first start makes a database, and the machine may be busy. */
const SLOWLY = 240_000
const CASES = 60

let scratch: Scratch
beforeAll(() => {
  scratch = scratchFolder()
})
afterAll(() => scratch.remove())

const run = (name: string, ...args: string[]) =>
  runProgram(name, args, {
    env: { DATA_DIR: join(scratch.path, 'data'), DATABASE_URL: '', CITY: 'cities/shenfu' },
  })

describe('simulate and replay from the command line', () => {
  test.each([
    ['simulate', []],
    ['simulate', ['--cases', '0']],
    ['simulate', ['--cases', 'many']],
    ['simulate', ['--cases', '10', '--seed', '-1']],
    ['simulate', ['--cases', '10', '--from', '2025-02-30']],
    ['simulate', ['--cases', '10', '--from', '2999-01-01']],
    ['simulate', ['--case', '10']],
    ['replay', ['--from', '2025-01-01', '--to', '2025-01-31']],
    ['replay', ['--from', '2025-02-01', '--to', '2025-01-31', '--city', 'cities/shenfu']],
    ['replay', ['--from', 'January', '--to', '2025-01-31', '--city', 'cities/shenfu']],
  ])('%s %j is refused in words, with 2', async (name, args) => {
    const { code, out, err } = await run(name, ...args)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).not.toMatch(/\n\s+at /)
    expect(err.length).toBeGreaterThan(10)
  })

  test('the problems of another city are listed as the content check lists them, with 1', async () => {
    const { code, out, err } = await run(
      'replay',
      '--from',
      '2025-01-01',
      '--to',
      '2025-01-31',
      '--city',
      'cities/none',
    )
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toContain('cities/none/service-levels.yaml:1: this file is missing')
  })

  test('a year goes into the store, is whole, is replayed, and is not played over itself', {
    timeout: SLOWLY,
  }, async () => {
    const year = await run('simulate', '--cases', String(CASES), '--seed', '3', '--json')
    expect(year.err).toContain(`${CASES} cases`)
    expect(year.code).toBe(0)
    const counts = lastLineOf(year) as {
      cases: number
      seed: number
      stages: Record<string, number>
      seconds: number
    }
    expect(counts).toMatchObject({ cases: CASES, seed: 3, seconds: expect.any(Number) })
    expect(Object.values(counts.stages).reduce((sum, count) => sum + count, 0)).toBe(CASES)
    expect(year.out).toContain('| 住房和城乡建设局 |')

    const audit = await run('verify-audit')
    expect(audit.out).toContain(`${CASES} cases`)
    expect(audit.code).toBe(0)

    const replayed = await run(
      'replay',
      '--from',
      '2025-01-01',
      '--to',
      '2025-12-31',
      '--city',
      'cities/shenfu',
      '--json',
    )
    const { total, undispatched } = lastLineOf(replayed) as {
      total: { cases: number; late: number; otherLate: number }
      undispatched: number
    }
    expect(total.cases + undispatched).toBe(CASES)
    expect(total.otherLate).toBe(total.late)

    const again = await run('simulate', '--cases', '5', '--seed', '3')
    expect(again.code).toBe(2)
    expect(again.err).toContain('anchored until 2025-12-30')
  })
})
