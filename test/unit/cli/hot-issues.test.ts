import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lastLineOf, runProgram, type Scratch, scratchFolder } from '../../support/run-program.ts'

const row = (id: number, user: string, time: string, subject: string, text: string, like = 0) => ({
  id,
  user,
  time,
  subject,
  text,
  like,
  oppose: 0,
})
const MESSAGES = [
  row(
    1,
    'a',
    '2026/3/1 8:00:00',
    '金枫家园楼下饭店油烟扰民',
    '金枫家园楼下饭店的油烟直往家里灌，白天晚上都开不了窗',
    5,
  ),
  row(
    2,
    'b',
    '2026-03-04 21:30',
    '金枫家园饭店油烟呛人',
    '金枫家园3号楼下的饭店油烟太大，呛得开不了窗，没人管',
  ),
  row(3, 'c', '46089.5', '金枫家园油烟问题', '饭店油烟天天往金枫家园的楼里灌，孩子咳嗽，开不了窗'),
  row(4, 'd', '2026/3/2 9:00:00', '人民路路灯不亮', '人民路这一段路灯坏了半个月，晚上黑灯瞎火'),
  row(5, 'e', '2026/3/2 9:00:00', '老年卡怎么办', '请问六十五岁办老年卡要带什么'),
  row(6, 'f', '2026/3/3 9:00:00', '', '请问六十五岁办老年卡要带什么'),
]

let scratch: Scratch
let messages: string
beforeAll(() => {
  scratch = scratchFolder()
  messages = scratch.file('m.jsonl', MESSAGES)
})
afterAll(() => scratch.remove())

interface Topic {
  rank: number
  heat: number
  title: string
  place: string | null
  from: string
  to: string
  ids: string[]
}

describe('hot-issues', () => {
  it('groups what is about the same at the same place, the same words always, hottest first', async () => {
    const ran = await runProgram('hot-issues', ['--messages', messages, '--json'])
    expect(ran.code).toBe(0)
    const { topics } = lastLineOf(ran) as { topics: Topic[] }
    expect(topics.map(({ rank, ids }) => [rank, ids])).toEqual([
      [1, ['1', '2', '3']],
      [2, ['5', '6']],
      [3, ['4']],
    ])
    expect(topics[0]).toMatchObject({ place: '金枫家园', from: '2026-03-01 08:00', to: '2026-03-08 12:00' })
    expect(topics[0]!.title).toContain('油烟')
    expect(topics[0]!.heat).toBeGreaterThan(topics[1]!.heat)
  })

  it('prints the hottest for people', async () => {
    const { out } = await runProgram('hot-issues', ['--messages', messages, '--top', '1'])
    expect(out).toMatch(
      /^1\. .*油烟.*\n {3}热度 [\d.]+ {2}3 人 3 条 5 票 {2}2026-03-01 – 2026-03-08 {2}1 2 3\n$/,
    )
  })

  it('takes a subject that is null and votes that are text', async () => {
    const rows = [{ ...MESSAGES[3], subject: null, like: '7', oppose: null }]
    const ran = await runProgram('hot-issues', ['--messages', scratch.file('n', rows)])
    expect(ran).toMatchObject({ code: 0 })
    expect(ran.out).toContain(' 7 票 ')
  })

  it.each<[unknown, string]>([
    [true, 'is no number'],
    [[7], 'is no number'],
    ['', 'is no number'],
    ['viele', 'is no number'],
    [1.5, 'is no whole number'],
    [-1, 'is below 0'],
    ['-1', 'is below 0'],
    [1e308, 'is above 1000000000'],
  ])('refuses %j votes', async (like, message) => {
    const ran = await runProgram('hot-issues', ['--messages', scratch.file('l', [{ ...MESSAGES[0], like }])])
    expect(ran.code).toBe(2)
    expect(ran.err).toContain('l:1: like ')
    expect(ran.err).toContain(message)
  })

  it.each<[string, () => string[], string]>([
    [
      'an id twice, with both lines',
      () => ['--messages', scratch.file('w', [MESSAGES[0]!, MESSAGES[1]!, MESSAGES[0]!])],
      'w:3: the id 1 is there twice, first in ',
    ],
    [
      'a row that says nothing',
      () => ['--messages', scratch.file('b', [{ ...MESSAGES[0], subject: '', text: ' ' }])],
      'b:1: row has neither subject nor text',
    ],
    ['nothing', () => [], 'Usage: hot-issues'],
    [
      'a time that is none',
      () => ['--messages', scratch.file('t', [{ ...MESSAGES[0], time: '昨天' }])],
      't:1: time "昨天" is no time',
    ],
    [
      'a day that is none',
      () => ['--messages', scratch.file('d', [{ ...MESSAGES[0], time: '2026/2/30' }])],
      'd:1: time',
    ],
    [
      'a missing column',
      () => ['--messages', scratch.file('c', [{ id: 1, time: '2026/2/3', text: '路灯' }])],
      'c:1: user is missing',
    ],
    [
      'GBK',
      () => ['--messages', scratch.file('g', Buffer.from([0xc2, 0xb7, 0xb5, 0xc6]))],
      'g:1: is not UTF-8',
    ],
    ['no JSON', () => ['--messages', scratch.file('j', '{"id":1\n')], 'j:1: is not JSON'],
  ])('refuses %s with exit code 2', async (_, args, message) => {
    const { code, out, err } = await runProgram('hot-issues', args())
    expect(code).toBe(2)
    expect(out + err).toContain(message)
    expect(err).not.toContain('    at ')
  })
})
