import { describe, expect, it } from 'vitest'
import type { ClassifierBank, Look } from '../../../src/language/classifier-bank.ts'
import { noJudgement } from '../../../src/language/judgement.ts'
import type { Token } from '../../../src/language/segment.ts'
import { createMatterSplitter } from '../../../src/language/split-matters.ts'
import { trainBank } from '../../../src/language/train-bank.ts'

/** A judge that knows five words, each of another second-level subject, and is as sure as the test says. */
const SUBJECTS: Record<string, string> = {
  暖气: 'homes/heating',
  停水: 'homes/water',
  公交: 'transport/bus',
  噪音: 'environment/noise',
  工资: 'labour/wages',
}
const bank: ClassifierBank = trainBank([], [], { view: 'topical' })

function splitterOf(sure: number) {
  return createMatterSplitter(bank, {
    leaf: noJudgement,
    shares: look => sharesOf((look as Look & { tokens: Token[] }).tokens, sure),
  })
}

function sharesOf(tokens: readonly Token[], sure: number): Map<string, number> {
  const said = [...new Set(tokens.flatMap(({ text }) => SUBJECTS[text] ?? []))]
  return new Map(said.map(subject => [subject, sure / said.length]))
}

function tokensOf(text: string): Token[] {
  const words = new RegExp(`${Object.keys(SUBJECTS).join('|')}|.`, 'gsu')
  return Array.from(text.matchAll(words), match => ({ text: match[0], start: match.index }))
}

function split(text: string, sure = 1): string[] {
  return splitterOf(sure)(text, tokensOf(text)).map(({ start, end }) => text.slice(start, end))
}

describe('splitting a message into matters', () => {
  it.each([
    ['家里暖气不热,另外公交总不来', ['家里暖气不热,', '另外公交总不来']],
    ['家里暖气不热。楼下噪音吵人', ['家里暖气不热。', '楼下噪音吵人']],
    ['1、家里暖气不热 2、楼下噪音吵人 3、工资没发', ['1、家里暖气不热 ', '2、楼下噪音吵人 ', '3、工资没发']],
    ['1.家里暖气不热;2.家里停水了', ['1.家里暖气不热;', '2.家里停水了']],
    ['家里暖气不热,厨房也停水了', ['家里暖气不热,', '厨房也停水了']],
  ])('%s', (text, parts) => {
    expect(split(text)).toEqual(parts)
  })

  it.each([
    ['about one thing', '家里暖气不热,另外暖气还漏水'],
    ['near subjects that are not announced', '家里暖气不热,厨房停水了'],
    ['a clause that goes on about the same', '家里暖气不热,导致公交都不想坐'],
    ['too short a clause', '家里暖气不热,公交'],
    ['nothing known', '今天天气很好,我们去公园玩'],
    ['one clause', '家里暖气不热公交总不来'],
  ])('stays whole: %s', (_, text) => {
    expect(split(text)).toEqual([text])
  })

  it('is not done where the subjects are not clear', () => {
    expect(split('家里暖气不热。楼下噪音吵人', 0.9)).toHaveLength(1)
    expect(split('家里暖气不热,另外公交总不来', 0.9)).toHaveLength(2)
    expect(split('家里暖气不热,另外公交总不来', 0.5)).toHaveLength(1)
  })

  it('a letter tells one story unless another is announced', () => {
    const story = '这件事情已经说过很多很多回了没有人来看一看。'.repeat(8)
    expect(split(`家里暖气不热。${story}楼下噪音吵人。`)).toHaveLength(1)
    expect(split(`家里暖气不热。${story}另外楼下噪音吵人。`)).toHaveLength(2)
  })

  it('loses no character', () => {
    const text = ' 家里暖气不热,另外公交总不来!!还有工资没有发 '
    expect(split(text).join('')).toBe(text)
  })
})
