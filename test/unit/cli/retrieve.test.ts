import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lastLineOf, runProgram, type Scratch, scratchFolder } from '../../support/run-program.ts'

const DOCUMENTS = [
  { id: 'd1', text: '您反映的路灯不亮，照明所已更换灯泡。' },
  { id: 'd2', text: '关于停水：主管爆裂，当晚八点恢复供水。' },
  { id: 'd3', text: '居住证满半年可以申领，带身份证和租房合同。' },
]
const QUERIES = [
  { id: 'q1', text: '小区停水\n家里停水两天了，什么时候来水' },
  { id: 2, text: '居住证怎么申领' },
  { id: 'q3', text: 'xyz' },
]

let scratch: Scratch
let documents: string
let queries: string
beforeAll(() => {
  scratch = scratchFolder()
  documents = scratch.file('d.jsonl', DOCUMENTS)
  queries = scratch.file('q.jsonl', QUERIES)
})
afterAll(() => scratch.remove())

describe('retrieve', () => {
  it('ranks the ids for each query, and as the last line of --json one object', async () => {
    const ran = await runProgram('retrieve', ['--documents', documents, '--queries', queries, '--json'])
    expect(ran.code).toBe(0)
    const { results } = lastLineOf(ran) as { results: { id: string; ranked: string[] }[] }
    expect(results.map(({ id }) => id)).toEqual(['q1', '2', 'q3'])
    expect(results.map(({ ranked }) => ranked[0])).toEqual(['d2', 'd3', undefined])
  })

  it('prints a line a query, of at most as many ids as asked for', async () => {
    const ran = await runProgram('retrieve', ['--documents', documents, '--queries', queries, '--top', '1'])
    expect(ran.out).toBe('q1: d2\n2: d3\nq3: (nothing)\n')
  })

  it.each<[string, () => string[], string]>([
    ['nothing', () => [], 'Usage: retrieve'],
    [
      'a file that is not there',
      () => ['--documents', '/nowhere', '--queries', queries],
      '/nowhere: cannot be read',
    ],
    ['an empty file', () => ['--documents', scratch.file('e', ''), '--queries', queries], 'e: holds no rows'],
    [
      'a row without text',
      () => ['--documents', scratch.file('t', [{ id: 'a', text: '' }, { id: 'b' }]), '--queries', queries],
      't:2: text is missing',
    ],
    [
      'the same id twice',
      () => ['--documents', scratch.file('w', [DOCUMENTS[0]!, DOCUMENTS[0]!]), '--queries', queries],
      'w:2: the id d1 is there twice',
    ],
    [
      'a query twice',
      () => ['--documents', documents, '--queries', scratch.file('v', [QUERIES[0]!, QUERIES[0]!])],
      'v:2: the id q1 is there twice, first in ',
    ],
    [
      'no number',
      () => ['--documents', documents, '--queries', queries, '--top', 'x'],
      '--top: "x" is no number',
    ],
    ['a wrong flag', () => ['--query', queries], '--query'],
  ])('refuses %s with exit code 2', async (_, args, message) => {
    const { code, out, err } = await runProgram('retrieve', args())
    expect(code).toBe(2)
    expect(out + err).toContain(message)
    expect(err).not.toContain('    at ')
  })
})
