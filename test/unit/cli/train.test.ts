import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { currentModel } from '../../../src/adapters/disk/model-versions.ts'
import { lastLineOf, runProgram, type Scratch, scratchFolder } from '../../support/run-program.ts'

/** Training takes seconds, and the machine may be busy. */
const SLOWLY = 600_000

let scratch: Scratch
beforeAll(() => {
  scratch = scratchFolder()
})
afterAll(() => scratch.remove())

const dataDir = () => join(scratch.path, 'data')
const train = (...args: string[]) => runProgram('train', args, { env: { DATA_DIR: dataDir() } })

/** A city that calls a made-up thing by one subject, and another by another, in many words. */
function history(subject: string, when = ['今早', '昨晚', '三天了']): { label: string; text: string }[] {
  const where = ['东门', '西门', '桥头', '站前', '学校旁', '医院门口', '河边', '村口', '菜市场', '广场']
  const what = [
    '嘟嘟车坏了没人修',
    '嘟嘟车占了道',
    '嘟嘟车半夜叫',
    '嘟嘟车漏油',
    '嘟嘟车没了',
    '嘟嘟车倒了一地',
    '嘟嘟车撞了栏杆',
  ]
  return when.flatMap(time =>
    where.flatMap(place => [
      ...what.map(matter => ({ label: subject, text: `${time}${place}的${matter}` })),
      { label: '环境保护', text: `${time}${place}的哇哇机响个没完` },
    ]),
  )
}

/** Which messages judge: the rule of the command, by their words alone. */
function isHeldOut(text: string): boolean {
  return createHash('sha256').update(text).digest().readUInt32BE(0) % 5 === 0
}

describe('train', () => {
  it('learns a history, publishes it, and refuses one that makes it worse', { timeout: SLOWLY }, async () => {
    const good = scratch.file('good.jsonl', history('交通运输'))
    const ran = await train('--messages', good, '--json')
    expect(ran.code).toBe(0)
    const told = lastLineOf(ran) as {
      messages: number
      before: { accuracy: number }
      after: { accuracy: number }
      published: string
    }
    expect(told.messages).toBe(240)
    expect(told.after.accuracy).toBeGreaterThan(told.before.accuracy)
    expect(ran.out).toContain(`published ${told.published}`)
    expect((await readFile(join(dataDir(), 'models/current'), 'utf8')).trim()).toBe(told.published)
    expect(await currentModel(dataDir())).toMatchObject({ version: told.published })

    // A clerk who calls everything wrongly, but for what judges: the model that was learned before knows better.
    const careless = history('交通运输').map(row =>
      isHeldOut(row.text) ? row : { ...row, label: '教育文体' },
    )
    const held = await train('--messages', scratch.file('worse.csv', csv(careless)))
    expect(held).toMatchObject({ code: 3 })
    expect(held.out).toContain('not published')
    expect((await readdir(join(dataDir(), 'models'))).toSorted()).toEqual([
      `${told.published}.bin`,
      `${told.published}.json`,
      `${told.published}.learned`,
      'current',
    ])
  })

  it('compares a grown history with what the old one teaches', { timeout: SLOWLY }, async () => {
    // The same messages with new ones: what is served has seen most of those held out, which must not count against the new model.
    const grown = history('交通运输', ['今早', '昨晚', '三天了', '上周'])
    const again = await train('--messages', scratch.file('grown.jsonl', grown), '--json')
    expect(again).toMatchObject({ code: 0 })
    expect(again.err).toMatch(/has learned from \d+ of the held-out messages: .* trained anew without them\n/)
    const { before, after } = lastLineOf(again) as Record<'before' | 'after', { accuracy: number }>
    expect(after.accuracy).toBeGreaterThanOrEqual(before.accuracy)

    // What was learned lies there as fingerprints, not as words.
    const version = (await readFile(join(dataDir(), 'models/current'), 'utf8')).trim()
    const prints = await readFile(join(dataDir(), `models/${version}.learned`), 'utf8')
    expect(prints.trim().split('\n')).toHaveLength(grown.length)
    expect(prints).not.toContain('嘟嘟车')
  })

  it.each<[string, () => Promise<string[]> | string[], string]>([
    ['nothing', () => [], 'Usage: train'],
    ['another kind of file', () => ['--messages', scratch.file('m.doc', 'x')], 'm.doc: is no .csv'],
    ['an empty table', () => ['--messages', scratch.file('e.csv', 'label,text\n')], 'e.csv: holds no rows'],
    [
      'a missing column',
      () => ['--messages', scratch.file('c.csv', '分类,内容\n交通运输,公交\n')],
      'c.csv:2: there is no column "label", "text"; there are: 分类, 内容',
    ],
    [
      'a label that is no subject, with the line',
      () => ['--messages', scratch.file('l.csv', 'label,text\n交通运输,公交\n水果,苹果\n水果,梨\n')],
      'l.csv:3: label "水果" is no subject (2 rows)',
    ],
    [
      'the same in GBK from a spreadsheet program',
      () => [
        '--messages',
        scratch.file('g.csv', Buffer.from('b7d6c0e02cc4dac8dd0acbaeb9fb2cc0e60a', 'hex')),
        '--column',
        'label=分类',
        '--column',
        'text=内容',
      ],
      'g.csv:2: label "水果" is no subject (1 rows)',
    ],
    [
      'UTF-16',
      () => ['--messages', scratch.file('u.csv', Buffer.from('label,text\n', 'utf16le'))],
      'u.csv:1: is UTF-16',
    ],
    [
      'semicolons between the columns',
      () => ['--messages', scratch.file('s.csv', 'label;text\n交通运输;"公交"不来\n')],
      's.csv:1: the columns are separated by semicolons',
    ],
    [
      'what is no text at all',
      () => ['--messages', scratch.file('z.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0x61, 0x0a]))],
      'z.csv:1: is no text',
    ],
    [
      'a cell that is a whole book',
      () => ['--messages', scratch.file('h.csv', `label,text\n交通运输,${'公'.repeat(400_000)}\n`)],
      'h.csv:2: is longer than 1000000 bytes',
    ],
    [
      'one label only',
      () => [
        '--messages',
        scratch.file(
          'o.csv',
          `label,text\n${Array.from({ length: 300 }, (_, i) => `城乡建设,路灯${i}`).join('\n')}\n`,
        ),
      ],
      'o.csv: all 300 messages are labelled urban-construction',
    ],
    ['broken quotes', () => ['--messages', scratch.file('q.csv', 'label,text\n交通运输,"公交\n')], 'q.csv:'],
    [
      'a workbook that is none',
      () => ['--messages', scratch.file('w.xlsx', 'PK no')],
      'w.xlsx: is no workbook',
    ],
    [
      'a wrong column',
      () => ['--messages', scratch.file('x.csv', 'a\n1\n'), '--column', 'colour=a'],
      '--column: "colour=a"',
    ],
    [
      'too few',
      () => ['--messages', scratch.file('f.csv', 'label,text\n交通运输,公交\n')],
      '1 messages are too few',
    ],
    [
      'a workbook with too few rows, read all the same',
      async () => {
        const path = join(scratch.path, 'b.xlsx')
        const cell = (value: string) => ({ value, type: String })
        await writeXlsxFile([['分类', '内容'].map(cell), ['交通运输', '公交车不来'].map(cell)]).toFile(path)
        return ['--messages', path, '--column', 'label=分类', '--column', 'text=内容']
      },
      'b.xlsx: 1 messages are too few',
    ],
  ])('refuses %s with exit code 2 and writes nothing', async (_, args, message) => {
    const before = existsSync(dataDir()) ? await readdir(dataDir()) : []
    const { code, out, err } = await train(...(await args()))
    expect(out + err).toContain(message)
    expect(code).toBe(2)
    expect(err).not.toContain('    at ')
    expect(existsSync(dataDir()) ? await readdir(dataDir()) : []).toEqual(before)
  })
})

function csv(rows: { label: string; text: string }[]): string {
  return ['label,text', ...rows.map(({ label, text }) => `${label},${text}`)].join('\n')
}
