import { expect, test } from 'vitest'
import { changesBetween, versionOf } from '../../../src/content/content-check.ts'
import { excerptOf } from '../../../src/content/excerpt.ts'

const TEXT = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'].join('\n')
const shown = (text: string, marked: number) =>
  excerptOf(text, marked).map(({ line, text: words, isMarked }) => `${isMarked ? '>' : ' '}${line} ${words}`)

test.each<[string, number, string[]]>([
  ['in the middle', 5, [' 2 two', ' 3 three', ' 4 four', '>5 five', ' 6 six', ' 7 seven', ' 8 eight']],
  ['at the beginning', 1, ['>1 one', ' 2 two', ' 3 three', ' 4 four']],
  ['at the end', 9, [' 6 six', ' 7 seven', ' 8 eight', '>9 nine']],
])('a problem %s is shown among its neighbours', (_, line, lines) => {
  expect(shown(TEXT, line)).toEqual(lines)
})

test('of a file that is not there nothing is shown, and of a long line its beginning', () => {
  expect(excerptOf('', 1)).toEqual([])
  expect(excerptOf('x'.repeat(1000), 1)[0]!.text).toHaveLength(241)
})

test('what was changed, added and removed is named, and makes another version', () => {
  const before = { 'a.yaml': '1', 'b.yaml': '1', 'c.yaml': '1' }
  const now = { 'a.yaml': '1', 'b.yaml': '2', 'd.yaml': '1' }
  expect(changesBetween(before, now)).toEqual([
    { path: 'b.yaml', how: 'changed' },
    { path: 'c.yaml', how: 'gone' },
    { path: 'd.yaml', how: 'added' },
  ])
  expect(versionOf(before)).not.toBe(versionOf(now))
  expect(versionOf({ x: '1', y: '2' })).toBe(versionOf({ y: '2', x: '1' }))
})
