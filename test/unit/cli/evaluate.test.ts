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

  it.each<[string, () => string[], string]>([
    ['no test', () => ['--train', train], ''],
    ['train and shipped at once', () => ['--train', train, '--shipped', '--test', test], ''],
    ['an unknown flag', () => ['--tset', test], '--tset'],
    [
      'a missing file',
      () => ['--train', train, '--test', join(folder, 'none')],
      'none: cannot be read (ENOENT)',
    ],
    ['an empty file', () => ['--train', train, '--test', file('empty', '\n')], 'empty: holds no messages'],
    ['no JSON', () => ['--train', train, '--test', file('bad', `${rows(TRAIN)}\n{`)], 'bad:13: is not JSON'],
    ['no label', () => ['--train', train, '--test', file('nolabel', '{"text":"a"}')], 'nolabel:1: label'],
    ['no text', () => ['--train', train, '--test', file('notext', '{"label":"a"}')], 'notext:1: '],
    [
      'GBK',
      () => ['--train', train, '--test', file('gbk', Buffer.from([0xbc, 0xd2, 0xc0, 0xef]))],
      'gbk: is not UTF-8',
    ],
  ])('refuses %s with exit code 2', async (_, args, message) => {
    const { code, out, err } = await run(args())
    expect(code).toBe(2)
    expect(out + err).toContain(message)
    expect(err).not.toContain('    at ')
  })
})
