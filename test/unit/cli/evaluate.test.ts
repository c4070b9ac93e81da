import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const PROGRAM = resolve(import.meta.dirname, '../../../src/cli/evaluate.ts')

let folder: string
const file = (name: string, content: string | Buffer) => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const rows = (all: object[]) => all.map(row => JSON.stringify(row)).join('\n')

const TRAIN = [
  ...['家里停水三天', '自来水发黄', '停水没人修', '水管爆了停水'].map(text => ({ label: '水', text })),
  ...['公交司机甩站', '公交末班车太早', '公交线路取消', '公交车太挤'].map(text => ({ label: '车', text })),
  { label: '水', segmented: '停水 自来水 水管' },
  { label: '车', segmented: '公交 司机 线路' },
  { label: '水', subject: '停水', text: '小区停水半个月' },
  { label: '车', subject: '公交', text: '公交司机骂人' },
]

let train: string
let test: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yihao-evaluate-'))
  train = file('train.jsonl', rows(TRAIN))
  test = file('test.jsonl', `${rows(TRAIN.slice(0, 8))}\n\n`)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the program; with `reads: 0` nobody reads what it prints. */
function run(args: string[], { isRead = true } = {}): Promise<{ code: number; out: string; err: string }> {
  return new Promise(done => {
    const child = spawn(process.execPath, [PROGRAM, ...args])
    let out = ''
    let err = ''
    if (isRead) child.stdout.on('data', data => (out += data))
    else child.stdout.destroy()
    child.stderr.on('data', data => (err += data))
    child.on('close', code => done({ code: code ?? -1, out, err }))
  })
}

async function json(args: string[]) {
  const { out } = await run([...args, '--json'])
  return JSON.parse(out.trim().split('\n').at(-1)!)
}

describe('evaluate', () => {
  it('prints the scores, and as the last line of --json one object', async () => {
    const { code, out } = await run(['--train', train, '--test', test, '--json'])
    expect(code).toBe(0)
    expect(out).toMatch(/^n 8 {2}accuracy 1\.0000 {2}macro-F1 1\.0000/)
    const scores = JSON.parse(out.trim().split('\n').at(-1)!)
    expect(scores).toMatchObject({ n: 8, accuracy: 1, macroF1: 1 })
    for (const name of ['ece', 'coverageAt95', 'trainSeconds', 'msPerMessage'])
      expect(scores[name]).toEqual(expect.any(Number))
    expect(scores.perLabel.map(({ label }: { label: string }) => label).toSorted()).toEqual(
      ['水', '车'].toSorted(),
    )
  })

  it('says how far the baseline is', async () => {
    const { code, out, err } = await run(['--train', train, '--test', test, '--baseline'])
    expect(code).toBe(0)
    expect(err).toContain('baseline: learning from 12 messages')
    expect(out).toMatch(/bayes/iu)
  })

  it('learns from several files', async () => {
    const halves = [file('a.jsonl', rows(TRAIN.slice(0, 6))), file('b.jsonl', rows(TRAIN.slice(6)))]
    const { code, err } = await run(['--train', ...halves, '--test', test])
    expect(code).toBe(0)
    expect(err).toContain(`${TRAIN.length} messages to learn from`)
  })

  it('ends well when nobody reads on', async () => {
    const { code, err } = await run(['--train', train, '--test', test], { isRead: false })
    expect(code).toBe(0)
    expect(err).not.toContain('EPIPE')
  })

  it('leaves out labels that the test does not hold, and tells the figures with them beside', async () => {
    const twoOfThree = file('three.jsonl', rows([...TRAIN, { label: '电', text: '停电三天了没人修' }]))
    const scores = await json(['--train', twoOfThree, '--test', test])
    expect(scores).toMatchObject({ labels: 2, open: { labels: 3, accuracy: expect.any(Number) } })
    const { out } = await run(['--train', twoOfThree, '--test', test])
    expect(out).toContain('among all 3 labels instead of the 2 of the test: accuracy ')
  })

  it('judges the same messages in Traditional characters', async () => {
    const { accuracy, traditional } = await json(['--train', train, '--test', test, '--traditional'])
    expect(traditional.accuracy).toBe(accuracy)
  })

  it('prints a model card: what it learned from, size, version, figures, limits', async () => {
    const { out } = await run(['--train', train, '--test', test])
    const card = out.slice(out.indexOf('model card:'))
    expect(card).toContain(`learned from     ${TRAIN.length} messages with 2 labels: ${train}`)
    for (const name of ['size', 'version', 'measured', 'weakest label', 'limits'])
      expect(card).toMatch(new RegExp(`^  ${name} +\\S`, 'm'))
  })

  it('counts a class under the subject that its content names', async () => {
    const buses = file(
      'buses.jsonl',
      rows([{ label: '城乡建设', text: '102路公交车改线了，能不能恢复原来的线路' }]),
    )
    expect(await json(['--shipped', '--test', buses])).toMatchObject({ open: { accuracy: 1 } })
  }, 60_000)

  it.each<[string, () => string[], string]>([
    ['no test', () => ['--train', train], ''],
    ['train and shipped at once', () => ['--train', train, '--shipped', '--test', test], ''],
    ['an unknown flag', () => ['--tset', test], '--tset'],
    [
      'a missing file',
      () => ['--train', train, '--test', join(folder, 'none')],
      'none: cannot be read (ENOENT)',
    ],
    ['an empty file', () => ['--train', train, '--test', file('empty', '\n')], 'empty: holds no rows'],
    ['no JSON', () => ['--train', train, '--test', file('bad', `${rows(TRAIN)}\n{`)], 'bad:13: is not JSON'],
    ['no label', () => ['--train', train, '--test', file('nolabel', '{"text":"a"}')], 'nolabel:1: label'],
    [
      'an empty text',
      () => ['--train', train, '--test', file('blank', '{"label":"a","text":" "}')],
      'blank:1: row has no words',
    ],
    [
      'one label to learn',
      () => ['--train', file('one', rows(TRAIN.slice(0, 4))), '--test', test],
      'one: every message is labelled "水"; two labels at least are needed',
    ],
    [
      'two messages that share no word',
      () => ['--train', file('two', rows([TRAIN[0]!, TRAIN[4]!])), '--test', test],
      'two: 2 messages are too few to learn from',
    ],
    [
      'no text at all',
      () => ['--train', train, '--test', file('zip', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0]))],
      'zip:1: is not UTF-8 (no text?)',
    ],
    ['no text', () => ['--train', train, '--test', file('notext', '{"label":"a"}')], 'notext:1: '],
    [
      'GBK',
      () => ['--train', train, '--test', file('gbk', Buffer.from([0xbc, 0xd2, 0xc0, 0xef]))],
      'gbk:1: is not UTF-8 (GBK?)',
    ],
    [
      'UTF-16',
      () => ['--train', train, '--test', file('utf16', Buffer.from('\ufeff{"label":"水"}', 'utf16le'))],
      'utf16:1: is not UTF-8 (UTF-16?)',
    ],
    [
      'a row of another encoding further down',
      () => [
        '--train',
        file('mixed', Buffer.concat([Buffer.from('\n\n'), Buffer.from([0xbc, 0xd2])])),
        '--test',
        test,
      ],
      'mixed:3: is not UTF-8',
    ],
    [
      'a line of 10 MB',
      () => ['--train', train, '--test', file('huge', `{"label":"a","text":"${'水'.repeat(3_500_000)}"}`)],
      'huge:1: is longer than 1000000 bytes',
    ],
    ['a folder', () => ['--train', train, '--test', folder], 'cannot be read (EISDIR)'],
    [
      'a label that is no subject',
      () => ['--shipped', '--test', test],
      'test.jsonl:1: label "水" is no top-level subject',
    ],
  ])('refuses %s with exit code 2', async (_, args, message) => {
    const { code, out, err } = await run(args())
    expect(code).toBe(2)
    expect(out + err).toContain(message)
    expect(err).not.toContain('    at ')
    expect(out === '' || out.startsWith('Usage')).toBe(true)
  })
})
